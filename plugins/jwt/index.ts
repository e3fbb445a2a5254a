// Finds out who is calling by a signed token (RFC 7519).
import {
  definePlugin,
  headerValues,
  member,
  removeForged,
  setAnonymousConsumer,
  setClaimHeaders,
  setConsumer,
  sharedValues,
  type AccessContext,
  type Exit,
} from 'gw/plugin'
import { timeFault } from './claims.js'
import { rules } from './rules.js'
import { schema } from './schema.js'
import { findToken, hideTokens, NO_TEXT, NONE, SEVERAL } from './sources.js'
import { useOf, type Use } from './use.js'
import { VerifiedTokens, type VerifiedToken } from './verified-tokens.js'
import { tryToken } from './verify.js'

export default definePlugin({
  name: 'jwt',
  version: '3.9.1',
  priority: 1450,
  schema,
  rules,
  scopes: ['global', 'service', 'route'],

  init(env) {
    now = () => env.now()
  },

  prepare: (config): Use => useOf(config),

  // Nothing of a configuration that is gone is kept; what is still right is verified once more.
  configure() {
    verifiedTokens.clear()
  },

  // HOT PATH
  access(ctx, use) {
    if (use.claimHeaders !== null) removeForged(ctx.upstream.headers, use.claimHeaders)
    if (!use.runOnPreflight && ctx.request.method === 'OPTIONS') return undefined
    // Another plugin has found a credential: one of them is enough when they allow anonymous (Kong: logical OR).
    if (use.anonymous !== undefined && ctx.credential !== null) return undefined
    const found = findToken(ctx.request, use.sources)
    if (use.hide) hideTokens(ctx.upstream, use.sources)
    if (found === NONE) return refuse(ctx, use, { message: 'Unauthorized' }, use.challenge)
    if (found === SEVERAL) return refuse(ctx, use, { message: 'Multiple tokens provided' })
    if (found === NO_TEXT) return refuse(ctx, use, { message: 'Unrecognizable token' })
    return authenticate(ctx, use, found)
  },
})

let now: () => number = Date.now

const verifiedTokens = new VerifiedTokens()

function authenticate(ctx: AccessContext, use: Use, text: string): Exit | undefined {
  const verified = verify(ctx, use, text)
  if (typeof verified === 'string') return refuse(ctx, use, { message: verified })
  const fault = timeFault(verified, use, now())
  if (fault !== null) return refuse(ctx, use, fault)
  const { credential } = verified
  setConsumer(ctx, credential.consumer, credential, String(credential.key))
  if (use.claimHeaders !== null) {
    setClaimHeaders(ctx.upstream.headers, use.claimHeaders, verified.headerValues)
  }
  share(ctx, text)
  return undefined
}

/** What the token is good for, or why it is good for nothing. */
function verify(ctx: AccessContext, use: Use, text: string): VerifiedToken | string {
  const digest = verifiedTokens.digest(text)
  const known = digest === null ? null : verifiedTokens.get(digest, use, ctx.store)
  if (known !== null) return known
  const { step, message, token, credential } = tryToken(text, use, ctx.store)
  if (step !== 'verified' || token === null || credential === null) return message
  const { claims } = token
  const verified = {
    credential,
    exp: member(claims, 'exp'),
    nbf: member(claims, 'nbf'),
    headerValues: use.claimHeaders === null ? [] : headerValues(use.claimHeaders, claims),
  }
  if (digest !== null) verifiedTokens.add(digest, use, verified)
  return verified
}

/** Kong: kong.ctx.shared.authenticated_jwt_token. */
function share(ctx: AccessContext, token: string): void {
  const shared = ctx.get(sharedValues)
  if (shared === undefined) ctx.set(sharedValues, { authenticated_jwt_token: token })
  else shared.authenticated_jwt_token = token
}

function refuse(
  ctx: AccessContext,
  use: Use,
  body: Readonly<Record<string, string>>,
  headers = use.refusal,
): Exit | undefined {
  if (use.anonymous === undefined) return ctx.exit(401, body, headers)
  setAnonymousConsumer(ctx, use.anonymous)
  return undefined
}
