import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { closest } from './closest.js'

describe('closest', () => {
  const cases: readonly (readonly [word: string, found: string | undefined])[] = [
    ['key_nams', 'key_names'],
    ['retrys', 'retries'],
    ['servicse', 'services'],
    ['HOST', 'host'],
    ['completely_else', undefined],
    ['ab', undefined],
  ]
  for (const [word, found] of cases) {
    it(`finds ${String(found)} for ${word}`, () => {
      assert.equal(closest(word, ['host', 'key_names', 'retries', 'services', 'zz']), found)
    })
  }
})
