// A JSON Web Token taken apart (RFC 7515, 7.1): syntax alone, nothing in it has been verified.
import { isUtf8 } from 'node:buffer'
import { decodeBase64url } from './base64url.js'
import { isJwsAlgorithm, type JwsAlgorithm } from './jws.js'

/** A JSON object or array; its members are to be looked up as own ones. */
export type Members = Readonly<Record<string, unknown>>

export interface Token {
  readonly header: Members
  readonly claims: Members
  readonly algorithm: JwsAlgorithm
  /** Header and claims as they stand in the token. */
  readonly signed: string
  readonly signature: Buffer
}

/** The token, or what is wrong with it in Kong's words. */
export function decodeToken(text: string): Token | string {
  const { header, claims, signed, rest } = decodeParts(text)
  if (header === undefined || claims === undefined) return 'Bad token; invalid JSON'
  const algorithm = isObject(header) ? member(header, 'alg') : undefined
  if (!isObject(header) || !isJwsAlgorithm(algorithm)) return 'Bad token; invalid alg'
  if (!isObject(claims)) return 'Bad token; invalid claims'
  // Kong: whatever follows the second dot, so a fourth part makes it wrong.
  const signature = decodeBase64url(rest)
  if (signature === null) return 'Bad token; invalid signature'
  return { header, claims, algorithm, signed, signature }
}

interface Parts {
  /** What the JSON says; undefined for what is none. */
  readonly header: unknown
  readonly claims: unknown
  readonly signed: string
  /** What follows the second dot. */
  readonly rest: string
}

/** All that can be read of it, whether it is a token or not. */
export function decodeParts(text: string): Parts {
  const first = text.indexOf('.')
  const second = text.indexOf('.', first + 1)
  if (first < 0 || second < 0) return { header: undefined, claims: undefined, signed: '', rest: '' }
  return {
    header: decodeJson(text.slice(0, first)),
    claims: decodeJson(text.slice(first + 1, second)),
    signed: text.slice(0, second),
    rest: text.slice(second + 1),
  }
}

/** A member of the object itself, never one that every object has, such as `constructor`. */
export function member(object: Members, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined
}

/** Undefined for what is no JSON. Of a name that comes twice the last one counts (RFC 7515, 4), as in Kong. */
function decodeJson(text: string): unknown {
  const bytes = decodeBase64url(text)
  // Bytes that are no UTF-8 would all become the same character, and two names one.
  if (bytes === null || !isUtf8(bytes)) return undefined
  try {
    return JSON.parse(bytes.toString())
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null
}
