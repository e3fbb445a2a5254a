// The endpoints for tokens and for authorizations: they answer themselves, below any path that the plugin protects.
import { StoreError, type AccessContext, type Exit } from 'gw/plugin'
import { authenticateClient } from './client.js'
import { httpsFault } from './demands.js'
import { FAULTS, Fault } from './fault.js'
import { grantToken } from './grants.js'
import type { Issued } from './issued.js'
import { readParameters, type Parameters } from './parameters.js'
import type { TokenAnswer } from './token-answer.js'
import { challenge, type Use } from './use.js'

export type Endpoint = 'token' | 'authorization'

/** The endpoint that a path ends with; null for any other path. HOT PATH */
export function endpointOf(path: string): Endpoint | null {
  const end = path.endsWith('/') ? path.length - 1 : path.length
  if (path.endsWith('/oauth2/token', end)) return 'token'
  return path.endsWith('/oauth2/authorize', end) ? 'authorization' : null
}

export const NOT_KEPT = { 'Cache-Control': 'no-store', Pragma: 'no-cache' } as const

export interface Means {
  readonly use: Use
  readonly issued: Issued
  /** Milliseconds since the epoch. */
  readonly now: number
}

export function refuseMethod(ctx: AccessContext, endpoint: Endpoint, { scheme }: Use): Exit {
  const error = 'invalid_method'
  const description = `The HTTP method ${ctx.request.method} is invalid for the ${endpoint} endpoint`
  const headers = challenge(scheme, error, description)
  return ctx.exit(405, { error, error_description: description }, headers)
}

export async function answerToken(ctx: AccessContext, means: Means): Promise<Exit> {
  const parameters = await readParameters(ctx.request)
  const state = parameters.text('state')
  const outcome = await unlessAway(() => tokenFor(ctx, means, parameters))
  return outcome instanceof Fault
    ? refuse(ctx, outcome, state)
    : ctx.exit(200, { ...outcome, state }, NOT_KEPT)
}

async function tokenFor(
  ctx: AccessContext,
  { use, issued, now }: Means,
  parameters: Parameters,
): Promise<TokenAnswer | Fault> {
  const insecure = httpsFault(ctx.request, use)
  if (insecure !== null) return insecure
  const type = parameters.text('grant_type')
  const client = await authenticateClient(ctx, use, parameters)
  if (client instanceof Fault) return client
  if (type === undefined || !use.grants.has(type)) return FAULTS.grantType
  return grantToken(type, { ctx, use, issued, parameters, client, now })
}

export function refuse(ctx: AccessContext, fault: Fault, state: string | undefined): Exit {
  const { error, description, status, headers } = fault
  const body = { error, error_description: description, state }
  return ctx.exit(status, body, { ...NOT_KEPT, ...headers })
}

/** A store that does not answer is nothing that the client has done wrong. */
export async function unlessAway<T>(work: () => Promise<T>): Promise<T | Fault> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof StoreError) return FAULTS.unavailable
    throw error
  }
}
