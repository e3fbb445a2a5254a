// Makes tokens for tests: right ones, and any that nobody would make in good faith.
import { constants, createHmac, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'

/** Base64url of a text, or of a value as JSON. */
export function encoded(part: unknown): string {
  const text = typeof part === 'string' ? part : JSON.stringify(part)
  return Buffer.from(text).toString('base64url')
}

/** @param header text to put in as it stands, or what is to be JSON */
export function hmacToken(
  claims: unknown,
  secret: string | Buffer,
  header: unknown = { alg: 'HS256', typ: 'JWT' },
): string {
  const bits = /"alg":"HS(\d{3})"/.exec(JSON.stringify(header))?.[1] ?? '256'
  const signed = `${encoded(header)}.${encoded(claims)}`
  return `${signed}.${createHmac(`sha${bits}`, secret).update(signed).digest('base64url')}`
}

export function asymmetricToken(
  claims: unknown,
  algorithm: string,
  key: KeyObject,
  header: unknown = { alg: algorithm, typ: 'JWT' },
): string {
  const signed = `${encoded(header)}.${encoded(claims)}`
  const hash = algorithm === 'EdDSA' ? null : `sha${algorithm.slice(2)}`
  const padding = algorithm.startsWith('PS')
    ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
    : {}
  const signature = sign(hash, Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363', ...padding })
  return `${signed}.${signature.toString('base64url')}`
}

export interface TestKeys {
  readonly privateKey: KeyObject
  /** PEM, as it stands in a file. */
  readonly pem: string
}

export function rsaKeys(modulusLength = 2048): TestKeys {
  return keysOf(generateKeyPairSync('rsa', { modulusLength }))
}

export function ecKeys(namedCurve: string): TestKeys {
  return keysOf(generateKeyPairSync('ec', { namedCurve }))
}

export function edKeys(): TestKeys {
  return keysOf(generateKeyPairSync('ed25519'))
}

function keysOf(pair: { readonly privateKey: KeyObject; readonly publicKey: KeyObject }): TestKeys {
  const pem = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString()
  return { privateKey: pair.privateKey, pem }
}
