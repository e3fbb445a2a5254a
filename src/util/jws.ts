// Signatures of JSON Web Tokens: RFC 7518 (HS, RS, PS and ES) and RFC 8037 (EdDSA), with Node's own cryptography, which
// answers at once. What is signed and by whom is left to others.
import { constants, createHmac, createSecretKey, timingSafeEqual, verify } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { readPublicKey } from './pem.js'

interface Hmac {
  readonly kind: 'HS'
  readonly hash: string
}

interface Rsa {
  readonly kind: 'RS' | 'PS'
  readonly hash: string
}

interface Ecdsa {
  readonly kind: 'ES'
  readonly hash: string
  /** As OpenSSL calls it, and as the standards do. */
  readonly curve: string
  readonly curveName: string
  /** Of r and s together. */
  readonly signatureBytes: number
}

interface EdDsa {
  readonly kind: 'EdDSA'
}

const ALGORITHMS = {
  HS256: { kind: 'HS', hash: 'sha256' },
  HS384: { kind: 'HS', hash: 'sha384' },
  HS512: { kind: 'HS', hash: 'sha512' },
  RS256: { kind: 'RS', hash: 'sha256' },
  RS384: { kind: 'RS', hash: 'sha384' },
  RS512: { kind: 'RS', hash: 'sha512' },
  PS256: { kind: 'PS', hash: 'sha256' },
  PS384: { kind: 'PS', hash: 'sha384' },
  PS512: { kind: 'PS', hash: 'sha512' },
  ES256: {
    kind: 'ES',
    hash: 'sha256',
    curve: 'prime256v1',
    curveName: 'P-256',
    signatureBytes: 64,
  },
  ES384: { kind: 'ES', hash: 'sha384', curve: 'secp384r1', curveName: 'P-384', signatureBytes: 96 },
  ES512: {
    kind: 'ES',
    hash: 'sha512',
    curve: 'secp521r1',
    curveName: 'P-521',
    signatureBytes: 132,
  },
  EdDSA: { kind: 'EdDSA' },
} as const satisfies Readonly<Record<string, Hmac | Rsa | Ecdsa | EdDsa>>

export type JwsAlgorithm = keyof typeof ALGORITHMS

/** RFC 7518, 3.3 and 3.5. */
const MIN_RSA_BITS = 2048

/** `none` is none. */
export function isJwsAlgorithm(name: unknown): name is JwsAlgorithm {
  return typeof name === 'string' && Object.hasOwn(ALGORITHMS, name)
}

/** Whether both sides have the same key. */
export function isSymmetric(algorithm: JwsAlgorithm): boolean {
  return ALGORITHMS[algorithm].kind === 'HS'
}

/** Those whose signatures may be verified with that public key: none of them with a secret. */
export function algorithmsOf(key: KeyObject): readonly JwsAlgorithm[] {
  return Object.keys(ALGORITHMS)
    .filter(isJwsAlgorithm)
    .filter((name) => publicKeyFault(name, key) === null)
}

/** Why signatures of that algorithm must not, or cannot, be verified with that public key; null when they can. */
export function publicKeyFault(algorithm: JwsAlgorithm, key: KeyObject): string | null {
  const { asymmetricKeyType: type = 'secret', asymmetricKeyDetails: details = {} } = key
  const wanted = ALGORITHMS[algorithm]
  switch (wanted.kind) {
    case 'HS':
      return `${algorithm} has a secret, not a public key`
    case 'RS':
    case 'PS': {
      if (type !== 'rsa' && !(type === 'rsa-pss' && wanted.kind === 'PS')) {
        return `${algorithm} needs an RSA key, not one of type ${type}`
      }
      const bits = details.modulusLength ?? 0
      return bits >= MIN_RSA_BITS
        ? null
        : `the RSA key has ${bits} bits; ${MIN_RSA_BITS} are the least that is safe`
    }
    case 'ES':
      return type === 'ec' && details.namedCurve === wanted.curve
        ? null
        : `${algorithm} needs a key on the curve ${wanted.curveName}, not ${details.namedCurve ?? `one of type ${type}`}`
    case 'EdDSA':
      return type === 'ed25519' || type === 'ed448'
        ? null
        : `EdDSA needs an Ed25519 or Ed448 key, not one of type ${type}`
  }
}

/** The key in that PEM text; null for none that fits the algorithm. */
export function importPublicKey(algorithm: JwsAlgorithm, pem: unknown): KeyObject | null {
  const key = readPublicKey(pem)
  return key !== undefined && publicKeyFault(algorithm, key) === null ? key : null
}

/** Null for an empty secret, which everybody knows. */
export function importSecret(bytes: Buffer): KeyObject | null {
  return bytes.length === 0 ? null : createSecretKey(bytes)
}

/**
 * Whether the signature is that of the text.
 * @param key one that was imported for the algorithm
 * @param signed header and claims as they stand in the token: ASCII
 */
export function verifyJws(
  algorithm: JwsAlgorithm,
  key: KeyObject,
  signed: string,
  signature: Buffer,
): boolean {
  const wanted = ALGORITHMS[algorithm]
  if (wanted.kind === 'HS') {
    const own = createHmac(wanted.hash, key).update(signed, 'latin1').digest()
    return own.length === signature.length && timingSafeEqual(own, signature)
  }
  const bytes = Buffer.from(signed, 'latin1')
  switch (wanted.kind) {
    case 'RS':
      return verify(wanted.hash, bytes, key, signature)
    case 'PS': {
      const padding = constants.RSA_PKCS1_PSS_PADDING
      // RFC 7518, 3.5: the salt is as long as the hash.
      const saltLength = constants.RSA_PSS_SALTLEN_DIGEST
      return verify(wanted.hash, bytes, { key, padding, saltLength }, signature)
    }
    case 'ES':
      if (signature.length !== wanted.signatureBytes) return false
      return verify(wanted.hash, bytes, { key, dsaEncoding: 'ieee-p1363' }, signature)
    case 'EdDSA':
      return verify(null, bytes, key, signature)
  }
}
