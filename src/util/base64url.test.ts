import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { decodeBase64url } from './base64url.js'

describe('decodeBase64url', () => {
  it('reads what is written with and without padding', () => {
    for (const [text, bytes] of [
      ['', ''],
      ['Zg', 'f'],
      ['Zg==', 'f'],
      ['Zm8', 'fo'],
      ['Zm8=', 'fo'],
      ['Zm9v', 'foo'],
    ] as const) {
      assert.equal(decodeBase64url(text)?.toString(), bytes, text)
    }
    assert.deepEqual(decodeBase64url('-_8'), Buffer.from([0xfb, 0xff]))
  })

  it('refuses every other way to write the same', () => {
    // Left-over bits, the other alphabet, white space, padding in the middle or too much of it, half a byte.
    for (const text of [
      'Zh',
      'Zm9',
      '+/8',
      'Zm 8',
      'Zm8\n',
      'Z=g',
      'Zg=',
      'Zg===',
      '====',
      '=',
      'Z',
      'Zm9vZ',
      'Zé',
    ]) {
      assert.equal(decodeBase64url(text), null, text)
    }
  })
})
