// What becomes of a request once its token has been judged: it goes on as somebody, or it is refused.
import {
  authenticatedGroups,
  setAnonymousConsumer,
  setClaimHeaders,
  setConsumer,
  type AccessContext,
  type Consumer,
  type Exit,
} from 'gw/plugin'
import type { Facts } from './examiner.js'
import type { Refusal } from './judge.js'
import type { TokenHeader, Use } from './use.js'

const NO_CONSUMER = { status: 403, reason: 'consumer was not found' } as const

// HOT PATH
export function admit(
  ctx: AccessContext,
  use: Use,
  token: string,
  { consumerName, credentialId, identifier, groups, groupsHeader, headerValues }: Facts,
): Exit | undefined {
  const { claim, by, isOptional } = use.consumer
  let consumer: Consumer | null = null
  if (claim !== null) {
    consumer = consumerName === null ? null : findConsumer(ctx, by, consumerName)
    if (consumer === null && !isOptional) return refuse(ctx, use, NO_CONSUMER)
  }
  const id = credentialId ?? consumer?.id ?? null
  setConsumer(ctx, consumer, id === null ? null : { id, consumer }, identifier)
  const { headers } = ctx.upstream
  if (use.claimHeaders !== null) setClaimHeaders(headers, use.claimHeaders, headerValues)
  if (groups !== null) ctx.set(authenticatedGroups, groups)
  if (groupsHeader !== null) headers.set('X-Authenticated-Groups', groupsHeader)
  if (use.tokenHeader !== null) setToken(ctx, use.tokenHeader, token)
  return undefined
}

function findConsumer(
  { store }: AccessContext,
  by: Use['consumer']['by'],
  name: string,
): Consumer | null {
  for (const field of by) {
    const consumer = store.consumerBy(field, name)
    if (consumer !== undefined) return consumer
  }
  return null
}

function setToken({ upstream: { headers } }: AccessContext, to: TokenHeader, token: string): void {
  // Mostly it stands there already. A second line would be one that nobody has looked at.
  const lines = headers.getAll(to.name)
  if (lines.length === 1 && lines[0]?.endsWith(token) === true) return
  headers.set(to.name, `${to.prefix}${token}`)
}

/** Answers, or lets the request go on as the anonymous consumer. */
export function refuse(
  ctx: AccessContext,
  { anonymous, answers, issuer }: Use,
  { status, reason, isMissing = false }: Refusal & { readonly isMissing?: boolean },
): Exit | undefined {
  ctx.log.info({ issuer, reason }, 'openid-connect: a request has no token that suffices')
  if (anonymous !== undefined) {
    setAnonymousConsumer(ctx, anonymous)
    return undefined
  }
  const short = status === 401 ? answers.unauthorized : answers.forbidden
  const message = answers.showsReasons ? `${short} (${reason})` : short
  const headers = isMissing
    ? answers.challenge
    : status === 401
      ? answers.invalidToken
      : answers.insufficient
  return ctx.exit(status, { message }, headers)
}
