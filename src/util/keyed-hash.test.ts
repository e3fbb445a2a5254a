import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { KeyedHash, type Digest } from './keyed-hash.js'

// Key and answers of Chaskey's reference code: the message of n bytes is 0, 1, 2, ... n - 1.
const KEY = digest(0x833d3433, 0x009f389f, 0x2398e64f, 0x417acf39)
const VECTORS: readonly (readonly [bytes: number, expected: Digest])[] = [
  [0, digest(0x792e8fe5, 0x75ce87aa, 0x2d1450b5, 0x1191970b)],
  [2, digest(0x55df8922, 0x2c7ff577, 0x73809ef4, 0x4e5084c0)],
  [4, digest(0x30b2d171, 0xe38532fb, 0x16707c16, 0x73ed45f0)],
  [8, digest(0x09330f69, 0x62b5dce0, 0xa4fba462, 0xf20d3c12)],
  [14, digest(0xbf668497, 0x275217a1, 0x40c17ad4, 0x2ed877c0)],
  [16, digest(0x79271ca9, 0xd66a1c71, 0x81ca474e, 0x49831cad)],
  [18, digest(0x0c45d380, 0x2fd09996, 0x31f42f3b, 0x8f7fd0bf)],
]

function digest(w0: number, w1: number, w2: number, w3: number): Digest {
  return { w0: w0 | 0, w1: w1 | 0, w2: w2 | 0, w3: w3 | 0 }
}

/** The bytes 0, 1, 2, ... as text: two in a character, the lower first. */
function counting(bytes: number): string {
  const message = Buffer.from(Array.from({ length: bytes }, (_, i) => i))
  return message.toString('utf16le')
}

describe('KeyedHash', () => {
  for (const [bytes, expected] of VECTORS) {
    it(`gives for ${bytes} bytes what the reference code gives`, () => {
      assert.deepEqual(new KeyedHash(KEY).digest(counting(bytes)), expected)
    })
  }

  it('tells apart texts of any length that begin alike or end in zeros', () => {
    const hash = new KeyedHash(KEY)
    const texts = Array.from({ length: 40 }, (_, i) => 'a'.repeat(i))
    texts.push(...Array.from({ length: 40 }, (_, i) => `a${'\0'.repeat(i + 1)}`))
    const digests = new Set(texts.map((text) => JSON.stringify(hash.digest(text))))
    assert.equal(digests.size, texts.length)
  })

  it('gives another answer under another key', () => {
    const other = new KeyedHash({ ...KEY, w3: KEY.w3 ^ 1 })
    assert.notDeepEqual(other.digest('10.0.0.1'), new KeyedHash(KEY).digest('10.0.0.1'))
  })
})
