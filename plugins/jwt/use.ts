// A use of the plugin as requests need it.
import { claimHeadersOf, type ClaimHeaders, type ConfigOf } from 'gw/plugin'
import type { TimeRules } from './claims.js'
import type { schema } from './schema.js'
import { sourcesOf, type Sources } from './sources.js'
import type { VerificationRules } from './verify.js'

export type JwtConfig = ConfigOf<typeof schema>

export interface Use extends VerificationRules, TimeRules {
  readonly sources: Sources
  readonly hide: boolean
  readonly claimHeaders: ClaimHeaders | null
  readonly anonymous: string | undefined
  readonly runOnPreflight: boolean
  /** Headers of the answer to a request without a token, and to one with a bad one. */
  readonly challenge: Readonly<Record<string, string>>
  readonly refusal: Readonly<Record<string, string>>
}

export function useOf(config: JwtConfig): Use {
  const { realm, claims_to_verify: claims = [] } = config
  const challenge = realm === undefined ? 'Bearer' : `Bearer realm="${realm}"`
  return {
    sources: sourcesOf(config),
    keyClaim: config.key_claim_name,
    isSecretBase64: config.secret_is_base64,
    verifyExp: claims.includes('exp'),
    verifyNbf: claims.includes('nbf'),
    maximumExpiration: config.maximum_expiration,
    hide: config.hide_credentials ?? false,
    claimHeaders: claimHeadersOf(config.claims_to_headers),
    anonymous: config.anonymous,
    runOnPreflight: config.run_on_preflight,
    challenge: { 'WWW-Authenticate': challenge },
    // Kong: no comma between the two.
    refusal: { 'WWW-Authenticate': `${challenge} error="invalid_token"` },
  }
}
