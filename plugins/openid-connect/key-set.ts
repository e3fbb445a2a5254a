// The public keys of an issuer (RFC 7517), each with the algorithms that it may be used for, and the search among them. What
// a token says of its key, such as jku, jwk or x5u, is not looked at, but for the name.
import { createPublicKey, type KeyObject } from 'node:crypto'
import {
  algorithmsOf,
  isSymmetric,
  member,
  verifyJws,
  type JwsAlgorithm,
  type Members,
  type Token,
} from 'gw/plugin'

/** More keys than any issuer has: a set is walked when a token names none. */
const MAX_KEYS = 100
/** How many keys a token may be tried with. */
const MAX_TRIES = 8

export interface VerificationKey {
  readonly id: string | null
  readonly key: KeyObject
  readonly algorithms: ReadonlySet<JwsAlgorithm>
  /** What tells it from others, to see whether anything has changed. */
  readonly text: string
}

/** What is public of each kind: a set that holds private keys gives away no more than it did. */
const PUBLIC_MEMBERS = ['kty', 'crv', 'n', 'e', 'x', 'y'] as const

/** The keys that can verify signatures; those of other kinds and for other ends are passed over. Null for no key set. */
export function readKeys(document: Members): readonly VerificationKey[] | null {
  const list = member(document, 'keys')
  if (!Array.isArray(list)) return null
  return list.slice(0, MAX_KEYS).flatMap((jwk: unknown) => readKey(jwk) ?? [])
}

function readKey(jwk: unknown): VerificationKey | null {
  if (typeof jwk !== 'object' || jwk === null) return null
  const members = jwk as Members
  const use = member(members, 'use')
  if (use !== undefined && use !== 'sig') return null
  const operations = member(members, 'key_ops')
  if (Array.isArray(operations) && !operations.includes('verify')) return null
  const key = importKey(members)
  if (key === null) return null
  const wanted = member(members, 'alg')
  const fitting = algorithmsOf(key).filter((name) => wanted === undefined || name === wanted)
  if (fitting.length === 0) return null
  const name = member(members, 'kid')
  const id = typeof name === 'string' ? name : null
  const spki = key.export({ type: 'spki', format: 'der' }).toString('base64')
  return { id, key, algorithms: new Set(fitting), text: JSON.stringify([id, fitting, spki]) }
}

function importKey(jwk: Members): KeyObject | null {
  const key = Object.fromEntries(PUBLIC_MEMBERS.map((name) => [name, member(jwk, name)]))
  try {
    return createPublicKey({ key, format: 'jwk' })
  } catch {
    return null
  }
}

/** `key`: no key of that name is there, or none that has signed a token which names none. Others may help. */
export type Verification = 'verified' | 'key' | 'algorithm' | 'signature'

export class KeySet {
  readonly #all: readonly VerificationKey[]
  readonly #byId = new Map<string, VerificationKey[]>()
  /** The same for the same keys. */
  readonly text: string

  constructor(keys: readonly VerificationKey[]) {
    this.#all = keys
    this.text = keys.map(({ text }) => text).join('\n')
    for (const key of keys) {
      if (key.id === null) continue
      const known = this.#byId.get(key.id)
      if (known === undefined) this.#byId.set(key.id, [key])
      else known.push(key)
    }
  }

  verify({ header, algorithm, signed, signature }: Token): Verification {
    // Asking the issuer would not help: no key of its set is a secret.
    if (isSymmetric(algorithm)) return 'algorithm'
    const id = member(header, 'kid')
    const named = typeof id === 'string' ? this.#byId.get(id) : id === undefined ? this.#all : []
    if (named === undefined) return 'key'
    // The key says which algorithms it is for, never the token alone: else a public key could be taken for a secret.
    const fitting = named.filter(({ algorithms }) => algorithms.has(algorithm))
    if (fitting.length === 0) return id === undefined ? 'key' : 'algorithm'
    const isRight = fitting
      .slice(0, MAX_TRIES)
      .some(({ key }) => verifyJws(algorithm, key, signed, signature))
    if (isRight) return 'verified'
    return id === undefined ? 'key' : 'signature'
  }
}
