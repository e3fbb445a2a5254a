// Finds out who is calling by a token of an OpenID Connect issuer: by its signature, or by asking the issuer.
import {
  definePlugin,
  findBearerToken,
  hideBearerTokens,
  mayHaveBodyToken,
  readBodyToken,
  removeForged,
  type AccessContext,
  type Awaitable,
  type Exit,
} from 'gw/plugin'
import { admit, refuse } from './admit.js'
import { Examiner, type Facts } from './examiner.js'
import { timeRefusal } from './judge.js'
import { Providers, type ProviderEnv } from './provider.js'
import { rules } from './rules.js'
import { schema } from './schema.js'
import { useOf, type Use } from './use.js'

/** A longer token is refused unread: real ones have a tenth of that. */
const MAX_TOKEN_CHARS = 64 * 1024

export default definePlugin({
  name: 'openid-connect',
  version: '3.9.1',
  priority: 1050,
  schema,
  rules,
  scopes: ['global', 'service', 'route'],

  init(given) {
    env = given
  },

  prepare: (config): Use => useOf(config, providers),

  /** Issuers are asked at once, so that the first request need not wait. */
  configure(live) {
    providers.retain(new Set(live.map(({ provider }) => provider)))
    examiner.retain(new Set(live))
    for (const { provider, introspection, takesSigned, verifiesSignature, issuer } of live) {
      const isNeeded = takesSigned || introspection.url === null
      if (isNeeded && provider.current() === null) void provider.refresh()
      if (takesSigned && !verifiesSignature) {
        running().log.warn(
          { issuer },
          'openid-connect: tokens pass whose signature nobody verifies',
        )
      }
    }
  },

  // HOT PATH
  access(ctx, use) {
    removeClaimed(ctx, use)
    if (!use.runOnPreflight && ctx.request.method === 'OPTIONS') return undefined
    // Another plugin has found a credential: one of them is enough when they allow anonymous (Kong: logical OR).
    if (use.anonymous !== undefined && ctx.credential !== null) return undefined
    const token = findBearerToken(ctx.request, use.sources)
    if (use.hide) hideBearerTokens(ctx.upstream, use.sources)
    if (token !== undefined) return authenticate(ctx, use, token)
    if (use.sources.inBody && mayHaveBodyToken(ctx.request)) return authenticateByBody(ctx, use)
    return refuse(ctx, use, NO_TOKEN)
  },
})

const NO_TOKEN = { status: 401, reason: 'no bearer token was sent', isMissing: true } as const
const TOO_LONG = { status: 401, reason: 'the token is too long' } as const

let env: ProviderEnv | null = null

/** For what only happens while requests are served. */
function running(): ProviderEnv {
  if (env === null) throw new TypeError('openid-connect has not been initialised')
  return env
}

const providers = new Providers(running)
const examiner = new Examiner(running)

/** Removes what only this plugin may tell the target, whoever sends it. HOT PATH */
function removeClaimed({ upstream: { headers } }: AccessContext, use: Use): void {
  if (use.claimHeaders !== null) removeForged(headers, use.claimHeaders)
  if (use.groupsClaim !== null) headers.remove('X-Authenticated-Groups')
  if (use.tokenHeader?.isOwn === true) headers.remove(use.tokenHeader.name)
}

async function authenticateByBody(ctx: AccessContext, use: Use): Promise<Exit | undefined> {
  const token = await readBodyToken(ctx, use.hide)
  return token === undefined ? refuse(ctx, use, NO_TOKEN) : authenticate(ctx, use, token)
}

function authenticate(ctx: AccessContext, use: Use, token: string): Awaitable<Exit | undefined> {
  if (token.length > MAX_TOKEN_CHARS) return refuse(ctx, use, TOO_LONG)
  const verdict = examiner.examine(use, token)
  if (!(verdict instanceof Promise)) return settle(ctx, use, token, verdict)
  return verdict.then((found) => settle(ctx, use, token, found))
}

function settle(
  ctx: AccessContext,
  use: Use,
  token: string,
  facts: Facts | null,
): Exit | undefined {
  // Kong's words. The issuer does not answer, so nothing can be said of the token.
  if (facts === null) return ctx.exit(500, { message: 'An unexpected error occurred' })
  const refusal = timeRefusal(facts.times, running().now()) ?? facts.refusal
  return refusal === null ? admit(ctx, use, token, facts) : refuse(ctx, use, refusal)
}
