// What this plugin makes of a token, with all that a person needs to know to put it right. It is the same code that
// requests meet; only nothing is remembered.
import { decodeParts, member, type Credential, type Store } from 'gw/plugin'
import { timeFault } from './claims.js'
import { useOf, type JwtConfig } from './use.js'
import { tryToken, type Step } from './verify.js'

export interface Examination {
  /** Where it ended: a step of the verification, or `times`; `accepted` for a token that passes. */
  readonly step: Exclude<Step, 'verified'> | 'times' | 'accepted'
  /** What the client gets in a 401; null for a token that passes. */
  readonly body: Readonly<Record<string, string>> | null
  /** As far as they can be read; undefined for what is no JSON. Nothing of the signature. */
  readonly header: unknown
  readonly claims: unknown
  /** The claim that names the key, and what it says. */
  readonly keyClaim: string
  readonly key: unknown
  /** What the key leads to, whether the token was signed with it or not. */
  readonly credential: Credential | null
  readonly algorithm: string | null
  /** The signature is right if `secret_is_base64` is turned round. */
  readonly isBase64Mistaken: boolean
  readonly times: {
    readonly exp: unknown
    readonly nbf: unknown
    readonly verified: readonly string[]
    readonly maximumExpiration: number
  }
  /** Who a refused request goes on as. */
  readonly anonymous: string | null
}

/**
 * @param config of a use of this plugin, checked and complete
 * @param nowMs the time that the token is held against
 */
export function examineToken(
  text: string,
  config: object,
  store: Store,
  nowMs: number,
): Examination {
  const checked = config as JwtConfig
  const use = useOf(checked)
  const trial = tryToken(text, use, store)
  const { header, claims } = decodeParts(text)
  const members = trial.token?.claims ?? {}
  const times = { exp: member(members, 'exp'), nbf: member(members, 'nbf') }
  const late = trial.step === 'verified' ? timeFault(times, use, nowMs) : null
  const turned = { ...use, isSecretBase64: !use.isSecretBase64 }
  const mayBeMistaken = trial.step === 'signature' || trial.step === 'secret'
  return {
    step: trial.step !== 'verified' ? trial.step : late === null ? 'accepted' : 'times',
    body: trial.step === 'verified' ? late : { message: trial.message },
    header,
    claims,
    keyClaim: use.keyClaim,
    key: trial.key,
    credential: trial.credential,
    algorithm: trial.token?.algorithm ?? null,
    isBase64Mistaken: mayBeMistaken && tryToken(text, turned, store).step === 'verified',
    times: {
      ...times,
      verified: checked.claims_to_verify ?? [],
      maximumExpiration: use.maximumExpiration,
    },
    anonymous: use.anonymous ?? null,
  }
}
