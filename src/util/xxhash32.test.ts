import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { xxhash32 } from './xxhash32.js'

/** Of the reference implementation (tests/sanity_test.c): the bytes that its generator makes, by length and seed. */
const VECTORS: readonly (readonly [length: number, seed: number, hash: number])[] = [
  [0, 0, 0x02cc5d05],
  [0, 0x9e3779b1, 0x36b78ae7],
  [1, 0, 0xcf65b03e],
  [1, 0x9e3779b1, 0xb4545aa4],
  [14, 0, 0x1208e7e2],
  [14, 0x9e3779b1, 0x6af1d1fe],
  [222, 0, 0x5bd11dbd],
  [222, 0x9e3779b1, 0x58803c5f],
]

function sanityBytes(length: number): Buffer {
  const bytes = Buffer.alloc(length)
  let state = 2654435761n
  for (let i = 0; i < length; i++) {
    bytes[i] = Number(state >> 56n)
    state = BigInt.asUintN(64, state * 11400714785074694797n)
  }
  return bytes
}

describe('xxhash32', () => {
  for (const [length, seed, hash] of VECTORS) {
    it(`of ${length} bytes with seed ${seed} is that of the reference`, () => {
      assert.equal(xxhash32(sanityBytes(length), seed), hash)
    })
  }

  it('of text is that of its bytes in UTF-8', () => {
    assert.equal(xxhash32('abc'), 0x32d153ff)
    assert.equal(xxhash32('Nobody inspects the spammish repetition'), 0xe2293b2f)
    assert.equal(xxhash32('ä'), xxhash32(Buffer.from([0xc3, 0xa4])))
  })
})
