// API keys as hashes, for files that others may read: `sha256:` and 64 hexadecimal digits.
//
// One round without salt, so that a credential is found by its hash at once, among any number of them. Slow and salted
// hashes are there for passwords, which can be guessed; what keeps a hashed key safe is that there are too many keys to
// try. That holds for random ones alone: see weakness().
import { hash } from 'node:crypto'

const PREFIX = 'sha256:'
const HASHED = /^sha256:[0-9a-f]{64}$/i

/** 24 hexadecimal digits are 96 bits: at 10^12 tries a second, all of them take more than 10^9 years. */
export const MIN_KEY_CHARS = 24
/** Fewer are no random text: of those with 24 hexadecimal digits, less than one in a million has no more than 6. */
const MIN_DIFFERENT_CHARS = 7

/** HOT PATH: once per request that shows a key. */
export function hashKey(key: string): string {
  return PREFIX + hash('sha256', key, 'hex')
}

/** What a file has for a key, in the form it is kept in; undefined when it is meant to be a hash and is none. */
export function asHashedKey(text: string): string | undefined {
  if (HASHED.test(text)) return text.toLowerCase()
  return text.startsWith(PREFIX) ? undefined : hashKey(text)
}

/** Why a key could be found from its hash by trying, or null. What looks random may still be none: `qwertyuiop...`. */
export function weakness(key: string): string | null {
  if (key.length < MIN_KEY_CHARS) return `shorter than ${MIN_KEY_CHARS} characters`
  const different = new Set(key).size
  return different < MIN_DIFFERENT_CHARS ? `made of ${different} different characters alone` : null
}
