// The authorization endpoint (RFC 6749, 3.1): the application that has asked a user for consent gets the URI to send him to.
import type { AccessContext, Credential, Exit } from 'gw/plugin'
import { findClient, redirectUris } from './client.js'
import { httpsFault, provisionKeyFault, scopeOf, userIdFault } from './demands.js'
import { NOT_KEPT, refuse, unlessAway, type Means } from './endpoints.js'
import { FAULTS, Fault } from './fault.js'
import { readParameters, type Parameters } from './parameters.js'
import { challengeOf } from './pkce.js'
import { withFragment, withQuery } from './redirect-uri.js'
import { serviceIdOf } from './service-id.js'
import { accessToken } from './token-answer.js'
import type { Use } from './use.js'

export async function answerAuthorization(ctx: AccessContext, means: Means): Promise<Exit> {
  const { use } = means
  const parameters = await readParameters(ctx.request)
  const state = parameters.text('state')
  const early =
    httpsFault(ctx.request, use) ?? provisionKeyFault(parameters, use) ?? userIdFault(parameters)
  if (early !== null) return refuse(ctx, early, state)
  const client = findClient(ctx, parameters.text('client_id'))
  const place = client === undefined ? null : placeOf(client, parameters)
  if (client === undefined || place === null) return refuse(ctx, FAULTS.client, state)
  const asked = askedFor(parameters, use, client, place)
  const outcome =
    asked instanceof Fault
      ? asked
      : await unlessAway(() => redirect(ctx, means, parameters, { client, place, asked }))
  if (!(outcome instanceof Fault)) return ctx.exit(200, { redirect_uri: outcome }, NOT_KEPT)
  const { error, description, status } = outcome
  const uri = withQuery(place.uri, { error, error_description: description, state })
  return ctx.exit(status, { redirect_uri: uri }, NOT_KEPT)
}

interface Place {
  readonly uri: string
  /** Whether it is what the request has asked for; a client that asks for another one is sent to its first. */
  readonly isRight: boolean
}

/** Null for a client that has none. */
function placeOf(client: Credential, parameters: Parameters): Place | null {
  const uris = redirectUris(client)
  const first = uris?.[0]
  if (uris === null || first === undefined) return null
  const wanted = parameters.value('redirect_uri')
  if (wanted === undefined) return { uri: first, isRight: true }
  const uri = uris.find((one) => one === wanted)
  return uri === undefined ? { uri: first, isRight: false } : { uri, isRight: true }
}

interface Asked {
  readonly isImplicit: boolean
  readonly scope: string | null
  readonly challenge: string | null
}

/** Of several faults the last one counts, as in Kong. */
function askedFor(
  parameters: Parameters,
  use: Use,
  client: Credential,
  { isRight }: Place,
): Asked | Fault {
  const type = parameters.text('response_type')
  const isKnown = type !== undefined && use.responseTypes.has(type)
  const challenge = isKnown && type === 'code' ? challengeOf(parameters, client, use) : null
  if (challenge instanceof Fault) return challenge
  if (!isRight) return FAULTS.redirectUri
  const scope = scopeOf(parameters, use)
  if (scope instanceof Fault) return scope
  return isKnown ? { isImplicit: type === 'token', scope, challenge } : FAULTS.responseType
}

interface Consent {
  readonly client: Credential
  readonly place: Place
  readonly asked: Asked
}

async function redirect(
  ctx: AccessContext,
  { use, issued }: Means,
  parameters: Parameters,
  { client, place, asked }: Consent,
): Promise<string> {
  const state = parameters.text('state')
  const { isImplicit, scope, challenge } = asked
  const grant = {
    clientId: String(client.client_id),
    consumerId: client.consumer.id,
    serviceId: serviceIdOf(ctx, use),
    userId: parameters.text('authenticated_userid') ?? null,
    scope,
  }
  if (isImplicit) {
    const token = await accessToken(use, issued, grant)
    return withFragment(place.uri, { ...token, state })
  }
  const redirectUri = parameters.text('redirect_uri') ?? null
  const code = await issued.newCode({ ...grant, challenge, redirectUri, use: use.id })
  return withQuery(place.uri, { code, state })
}
