// From the text of a token to the credential that it was signed with, step by step, each with Kong's words for its failure.
import {
  decodeToken,
  importPublicKey,
  importSecret,
  isSymmetric,
  member,
  verifyJws,
  type Credential,
  type JwsAlgorithm,
  type Store,
  type Token,
} from 'gw/plugin'

type VerificationKey = ReturnType<typeof importSecret>

/** The parts of a use of the plugin that count here. */
export interface VerificationRules {
  readonly keyClaim: string
  readonly isSecretBase64: boolean
}

/** The steps, in order; the last one is no failure. */
export type Step =
  'token' | 'key' | 'credential' | 'algorithm' | 'secret' | 'signature' | 'verified'

/** How far a token came. Who reads `credential` must look at `step`: it was found, and perhaps not matched. */
export interface Trial {
  readonly step: Step
  /** For the client; empty for `verified`. */
  readonly message: string
  readonly token: Token | null
  /** What the token names as the key of its credential. */
  readonly key: unknown
  readonly credential: Credential | null
}

export function tryToken(text: string, rules: VerificationRules, store: Store): Trial {
  const token = decodeToken(text)
  const known = { token: null, key: undefined, credential: null }
  if (typeof token === 'string') return { ...known, step: 'token', message: token }
  const { keyClaim } = rules
  const key = keyOf(token, keyClaim)
  const found = { token, key, credential: null }
  if (key === undefined) {
    return { ...found, step: 'key', message: `No mandatory '${keyClaim}' in claims` }
  }
  // Kong answers 500 to a number and to null.
  if (typeof key !== 'string' || key === '') {
    return { ...found, step: 'key', message: `Invalid '${keyClaim}' in claims` }
  }
  const credential = store.credential('jwt_secrets', key)
  if (credential === undefined) {
    const message = `No credentials found for given '${keyClaim}'`
    return { ...found, step: 'credential', message }
  }
  return { ...found, credential, ...tryCredential(token, credential, rules) }
}

function keyOf({ claims, header }: Token, name: string): unknown {
  const claim = member(claims, name)
  // Kong: false counts as missing.
  return claim === undefined || claim === false ? member(header, name) : claim
}

function tryCredential(
  { algorithm, signed, signature }: Token,
  credential: Credential,
  { isSecretBase64 }: VerificationRules,
): Pick<Trial, 'step' | 'message'> {
  // The file says how its key is used, never the token: else a public key could be taken for a secret.
  if (algorithm !== credential.algorithm) {
    return { step: 'algorithm', message: 'Invalid algorithm' }
  }
  const key = keyFor(credential, algorithm, isSecretBase64)
  if (key === null) return { step: 'secret', message: 'Invalid key/secret' }
  return verifyJws(algorithm, key, signed, signature)
    ? { step: 'verified', message: '' }
    : { step: 'signature', message: 'Invalid signature' }
}

/** By credential, for as long as it is in use; those of secrets that are base64 apart. */
const keys = new WeakMap<Credential, VerificationKey>()
const keysFromBase64 = new WeakMap<Credential, VerificationKey>()

/** Imported at the first token: most credentials of a large file have none for a long time. */
function keyFor(
  credential: Credential,
  algorithm: JwsAlgorithm,
  isSecretBase64: boolean,
): VerificationKey {
  const known = isSecretBase64 ? keysFromBase64 : keys
  let key = known.get(credential)
  if (key === undefined) {
    key = isSymmetric(algorithm)
      ? secretKey(credential.secret, isSecretBase64)
      : importPublicKey(algorithm, credential.rsa_public_key)
    known.set(credential, key)
  }
  return key
}

// Kong takes both alphabets, and minds neither missing padding nor left-over bits.
const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/

function secretKey(secret: unknown, isBase64: boolean): VerificationKey {
  if (typeof secret !== 'string') return null
  if (!isBase64) return importSecret(Buffer.from(secret))
  return BASE64.test(secret) ? importSecret(Buffer.from(secret, 'base64')) : null
}
