// The four ways to a token (RFC 6749, 4.1.3, 4.3, 4.4 and 6), for a client that has been authenticated.
import type { AccessContext, Credential } from 'gw/plugin'
import { provisionKeyFault, scopeOf, userIdFault } from './demands.js'
import { FAULTS, Fault } from './fault.js'
import { keyOf, type Grant, type Issued, type RefreshGrant } from './issued.js'
import type { Parameters } from './parameters.js'
import { verifierFault } from './pkce.js'
import { serviceIdOf } from './service-id.js'
import { accessToken, type TokenAnswer } from './token-answer.js'
import type { Use } from './use.js'

/** A request for a token, with all that an answer depends on. */
export interface TokenRequest {
  readonly ctx: AccessContext
  readonly use: Use
  readonly issued: Issued
  readonly parameters: Parameters
  readonly client: Credential
  /** Milliseconds since the epoch. */
  readonly now: number
}

type Outcome = Promise<TokenAnswer | Fault>

/** @param type one that the configuration allows */
export function grantToken(type: string, request: TokenRequest): Outcome {
  switch (type) {
    case 'authorization_code':
      return byCode(request)
    case 'refresh_token':
      return byRefreshToken(request)
    case 'client_credentials':
      return byClientCredentials(request)
    default:
      return byPassword(request)
  }
}

async function byCode(request: TokenRequest): Outcome {
  const { use, issued, parameters, client } = request
  const text = parameters.text('code')
  const grant = text === undefined ? null : await issued.code(text)
  if (text === undefined || grant === null) return FAULTS.code
  const isOurs = grant.use === use.id && isOfService(request, grant)
  if (!isOurs || !isOfClient(grant, client)) return FAULTS.code
  // RFC 6749, 4.1.3: the same that was said at first. Kong: it may be left out.
  const uri = parameters.text('redirect_uri')
  if (uri !== undefined && grant.redirectUri !== null && uri !== grant.redirectUri) {
    return FAULTS.code
  }
  const unproved = verifierFault(parameters, grant.challenge, client, use)
  if (unproved !== null) return unproved
  if (!(await issued.use('code', text))) return FAULTS.code
  return withRefreshToken(request, newGrant(request, grant.userId, grant.scope))
}

async function byClientCredentials(request: TokenRequest): Outcome {
  const { use, issued, parameters } = request
  const hasUser = parameters.value('authenticated_userid') !== undefined
  if (hasUser) {
    const wrong = provisionKeyFault(parameters, use) ?? userIdFault(parameters)
    if (wrong !== null) return wrong
  }
  const scope = scopeOf(parameters, use)
  if (scope instanceof Fault) return scope
  const userId = parameters.text('authenticated_userid') ?? null
  return accessToken(use, issued, newGrant(request, userId, scope))
}

async function byPassword(request: TokenRequest): Outcome {
  const { use, parameters } = request
  const wrong = provisionKeyFault(parameters, use) ?? userIdFault(parameters)
  if (wrong !== null) return wrong
  const scope = scopeOf(parameters, use)
  if (scope instanceof Fault) return scope
  const userId = parameters.text('authenticated_userid') ?? null
  return withRefreshToken(request, newGrant(request, userId, scope))
}

async function byRefreshToken(request: TokenRequest): Outcome {
  const { use, issued, parameters, client } = request
  const text = parameters.text('refresh_token')
  const grant = text === undefined ? null : await issued.refresh(text)
  if (text === undefined || grant === null || !isOfService(request, grant)) {
    return FAULTS.refreshToken
  }
  if (!isOfClient(grant, client)) return FAULTS.client
  if (!isStillAllowed(grant.scope, use)) return FAULTS.scopeMismatch
  const next = newGrant(request, grant.userId, grant.scope)
  if (use.reusesRefreshToken) return renew(request, text, grant, next)
  if (!(await issued.use('refresh', text))) return FAULTS.refreshToken
  await issued.drop(grant.access)
  return withRefreshToken(request, next)
}

/** The refresh token stays, with its end; the access token before this one is gone, also when two renew at once. */
async function renew(
  { use, issued, now }: TokenRequest,
  text: string,
  { endsAt }: RefreshGrant,
  next: Grant,
): Outcome {
  const answer = await accessToken(use, issued, next)
  const access = keyOf('access', answer.access_token)
  const before = await issued.replaceRefresh(text, { ...next, access, endsAt }, now)
  if (before === null) {
    await issued.drop(access)
    return FAULTS.refreshToken
  }
  await issued.drop(before.access)
  return use.tokenSeconds === null ? answer : { ...answer, refresh_token: text }
}

async function withRefreshToken({ use, issued, now }: TokenRequest, grant: Grant): Outcome {
  const answer = await accessToken(use, issued, grant)
  // Kong: a token without an end needs none.
  if (use.tokenSeconds === null) return answer
  const access = keyOf('access', answer.access_token)
  const endsAt = use.refreshMs === 0 ? null : now + use.refreshMs
  const refreshToken = await issued.newRefresh({ ...grant, access, endsAt }, use.refreshMs)
  return { ...answer, refresh_token: refreshToken }
}

function newGrant(
  { ctx, use, client }: TokenRequest,
  userId: string | null,
  scope: string | null,
): Grant {
  return {
    clientId: String(client.client_id),
    consumerId: client.consumer.id,
    serviceId: serviceIdOf(ctx, use),
    userId,
    scope,
  }
}

function isOfService({ ctx, use }: TokenRequest, { serviceId }: Grant): boolean {
  return use.isGlobal || serviceId === serviceIdOf(ctx, use)
}

function isOfClient({ clientId, consumerId }: Grant, client: Credential): boolean {
  return clientId === client.client_id && consumerId === client.consumer.id
}

function isStillAllowed(scope: string | null, { scopes }: Use): boolean {
  return scope === null || scope.split(' ').every((one) => scopes?.has(one) === true)
}
