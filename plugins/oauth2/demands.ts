// What both endpoints ask of a request: HTTPS, the key of the application that asks for consent, a user, scopes.
import { equalSecrets, type ClientRequest } from 'gw/plugin'
import { FAULTS, Fault } from './fault.js'
import type { Parameters } from './parameters.js'
import type { Use } from './use.js'

/** Null for a request that came by HTTPS, as far as can be known. */
export function httpsFault(request: ClientRequest, use: Use): Fault | null {
  if (request.scheme === 'https') return null
  if (use.trustsForwardedProto && request.isPeerTrusted) {
    const said = request.headers.getAll('x-forwarded-proto')
    if (said.length > 1)
      return new Fault('access_denied', 'Only one X-Forwarded-Proto header allowed')
    if (said[0]?.toLowerCase() === 'https') return null
  }
  return new Fault('access_denied', 'You must use HTTPS')
}

export function provisionKeyFault(parameters: Parameters, { provisionKey }: Use): Fault | null {
  const given = parameters.text('provision_key')
  // Kong draws one by chance where there is none, and nobody knows it here.
  if (given === undefined || provisionKey === null) return FAULTS.provisionKey
  return equalSecrets(Buffer.from(given), Buffer.from(provisionKey)) ? null : FAULTS.provisionKey
}

const CONTROL = /[\0-\x1f\x7f]/

/** The user that consent comes from. */
export function userIdFault(parameters: Parameters): Fault | null {
  const userId = parameters.text('authenticated_userid')
  if (userId === undefined || userId.trim() === '') return FAULTS.noUserId
  // It goes to the target in a header.
  return CONTROL.test(userId) ? FAULTS.badUserId : null
}

/** The scopes that a client asks for, separated by single spaces; null for none. */
export function scopeOf(parameters: Parameters, use: Use): string | null | Fault {
  const asked = parameters.value('scope')
  if (use.scopes === null || asked === undefined) {
    return use.needsScope ? FAULTS.noScope : null
  }
  if (typeof asked !== 'string') return new Fault('invalid_scope', 'scope must be a string')
  const scopes = asked.split(/\s+/).filter((scope) => scope !== '')
  for (const scope of scopes) {
    if (!use.scopes.has(scope)) return new Fault('invalid_scope', `"${scope}" is an invalid scope`)
  }
  if (scopes.length > 0) return scopes.join(' ')
  return use.needsScope ? FAULTS.noScope : null
}
