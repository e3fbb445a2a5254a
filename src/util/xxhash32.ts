// xxHash with 32 bits (github.com/Cyan4973/xxHash, doc/xxhash_spec.md): quick and even, and no protection against anyone.

const PRIME_1 = 0x9e3779b1
const PRIME_2 = 0x85ebca77
const PRIME_3 = 0xc2b2ae3d
const PRIME_4 = 0x27d4eb2f
const PRIME_5 = 0x165667b1

/** Room for the bytes of most texts, each of whose characters takes three at most. */
const scratch = Buffer.allocUnsafeSlow(1024)

/** @returns an unsigned number of 32 bits; text is hashed as UTF-8 */
export function xxhash32(data: string | Buffer, seed = 0): number {
  if (typeof data !== 'string') return hashOf(data, data.length, seed)
  if (data.length * 3 <= scratch.length) return hashOf(scratch, scratch.write(data), seed)
  const bytes = Buffer.from(data)
  return hashOf(bytes, bytes.length, seed)
}

function hashOf(bytes: Buffer, length: number, seed: number): number {
  let at = 0
  let hash = (seed + PRIME_5) | 0
  if (length >= 16) {
    let a = (seed + PRIME_1 + PRIME_2) | 0
    let b = (seed + PRIME_2) | 0
    let c = seed | 0
    let d = (seed - PRIME_1) | 0
    for (; at <= length - 16; at += 16) {
      a = round(a, wordAt(bytes, at))
      b = round(b, wordAt(bytes, at + 4))
      c = round(c, wordAt(bytes, at + 8))
      d = round(d, wordAt(bytes, at + 12))
    }
    hash = (rotate(a, 1) + rotate(b, 7) + rotate(c, 12) + rotate(d, 18)) | 0
  }
  hash = (hash + length) | 0
  for (; at <= length - 4; at += 4) {
    hash = Math.imul(rotate(hash + Math.imul(wordAt(bytes, at), PRIME_3), 17), PRIME_4)
  }
  for (; at < length; at++) {
    hash = Math.imul(rotate(hash + Math.imul(bytes[at] ?? 0, PRIME_5), 11), PRIME_1)
  }
  return mixed(hash)
}

function round(lane: number, input: number): number {
  return Math.imul(rotate(lane + Math.imul(input, PRIME_2), 13), PRIME_1)
}

/** Little-endian; half the cost of readInt32LE, which checks its arguments. */
function wordAt(bytes: Buffer, at: number): number {
  return (
    (bytes[at] ?? 0) |
    ((bytes[at + 1] ?? 0) << 8) |
    ((bytes[at + 2] ?? 0) << 16) |
    ((bytes[at + 3] ?? 0) << 24)
  )
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits))
}

function mixed(hash: number): number {
  hash = Math.imul(hash ^ (hash >>> 15), PRIME_2)
  hash = Math.imul(hash ^ (hash >>> 13), PRIME_3)
  return (hash ^ (hash >>> 16)) >>> 0
}
