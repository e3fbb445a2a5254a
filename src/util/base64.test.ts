import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { decodeBase64 } from './base64.js'

describe('decodeBase64', () => {
  const cases: readonly (readonly [text: string, bytes: string | null])[] = [
    ['', ''],
    ['YQ==', 'a'],
    ['YQ', 'a'],
    ['YWI=', 'ab'],
    ['YWJj', 'abc'],
    ['YQ== and more', 'a'],
    ['/+8=', '\xff\xef'],
    ['Y', null],
    ['YWJjZ', null],
    ['YW Jj', null],
    ['YWJj\n', null],
    ['_-8=', null],
    ['YWJ\u0161', null],
    ['#', null],
  ]
  for (const [text, bytes] of cases) {
    it(`${bytes === null ? 'refuses' : 'reads'} ${JSON.stringify(text)}`, () => {
      assert.equal(decodeBase64(text)?.toString('latin1') ?? null, bytes)
    })
  }
})
