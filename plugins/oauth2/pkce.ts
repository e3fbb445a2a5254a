// Proof that who exchanges a code is who asked for it (RFC 7636). Only S256 is taken: plain proves nothing to who can listen.
import { hash } from 'node:crypto'
import { equalSecrets, type Credential } from 'gw/plugin'
import { FAULTS, Fault } from './fault.js'
import type { Parameters } from './parameters.js'
import type { Use } from './use.js'

/** What the client has to prove later; null when it need not. */
export function challengeOf(
  parameters: Parameters,
  client: Credential,
  use: Use,
): string | null | Fault {
  const challenge = parameters.value('code_challenge')
  const method = parameters.value('code_challenge_method')
  if (challenge === undefined) {
    if (method !== undefined) {
      return request('code_challenge is required when code_method is present')
    }
    return needsPkce(client, use)
      ? request(`code_challenge is required for ${String(client.client_type)} clients`)
      : null
  }
  if (method !== 'S256') return request('code_challenge_method is not supported, must be S256')
  // RFC 7636, 4.2: what S256 makes has 43 characters. Another text could never be proved.
  if (typeof challenge !== 'string' || !/^[A-Za-z0-9_-]{43}=?$/.test(challenge)) {
    return request('code_challenge must be 43 characters of base64url')
  }
  return challenge.slice(0, 43)
}

/** @param challenge of the code */
export function verifierFault(
  parameters: Parameters,
  challenge: string | null,
  client: Credential,
  use: Use,
): Fault | null {
  const verifier = parameters.value('code_verifier')
  // RFC 9700, 2.1.1: a challenge that was taken out on the way must not go unnoticed.
  if (challenge === null) {
    return verifier === undefined && !needsPkce(client, use) ? null : FAULTS.unproved
  }
  if (verifier === undefined) {
    return request('code_verifier is required for PKCE authorization requests')
  }
  if (typeof verifier !== 'string') return request('code_verifier is not a string')
  if (verifier.length < 43 || verifier.length > 128) {
    return request('code_verifier must be between 43 and 128 characters')
  }
  const proof = hash('sha256', verifier, 'base64url')
  return equalSecrets(Buffer.from(proof), Buffer.from(challenge)) ? null : FAULTS.unproved
}

function needsPkce(client: Credential, { pkce }: Use): boolean {
  return pkce === 'strict' || (pkce === 'lax' && client.client_type === 'public')
}

function request(description: string): Fault {
  return new Fault('invalid_request', description)
}
