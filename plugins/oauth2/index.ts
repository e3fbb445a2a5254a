// Finds out who is calling by an access token (RFC 6750), and gives out such tokens (RFC 6749).
import { definePlugin, isSettled, type AccessContext, type Awaitable, type Exit } from 'gw/plugin'
import { answerAuthorization } from './authorize.js'
import { authenticate } from './authenticate.js'
import { answerToken, endpointOf, refuseMethod, type Endpoint, type Means } from './endpoints.js'
import { spec } from './spec.js'
import { Stores } from './stores.js'
import { useOf, type Use } from './use.js'

export default definePlugin({
  ...spec,
  version: '3.9.1',
  priority: 1400,

  init(env) {
    now = () => env.now()
    stores = new Stores(env)
  },

  prepare: useOf,

  configure(live) {
    stores?.serve(live)
  },

  close() {
    stores?.close()
  },

  // HOT PATH
  access(ctx, use) {
    if (isSettled(ctx, use.refusal)) return undefined
    const endpoint = endpointOf(ctx.request.path)
    const means = meansOf(use)
    return endpoint === null ? authenticate(ctx, means) : answer(ctx, means, endpoint)
  },
})

let now: () => number = Date.now
let stores: Stores | null = null

function meansOf(use: Use): Means {
  if (stores === null) throw new TypeError('init comes before the first request')
  return { use, issued: stores.of(use), now: now() }
}

function answer(ctx: AccessContext, means: Means, endpoint: Endpoint): Awaitable<Exit> {
  if (ctx.request.method !== 'POST') return refuseMethod(ctx, endpoint, means.use)
  return endpoint === 'token' ? answerToken(ctx, means) : answerAuthorization(ctx, means)
}
