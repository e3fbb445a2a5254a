import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { equalSecrets } from './equal-secrets.js'

describe('equalSecrets', () => {
  const cases: readonly (readonly [a: string, b: string, isEqual: boolean])[] = [
    ['', '', true],
    ['secret', 'secret', true],
    ['secret', 'secreT', false],
    ['secret', 'secrets', false],
    ['', 's', false],
  ]
  for (const [a, b, isEqual] of cases) {
    it(`tells that '${a}' and '${b}' are ${isEqual ? 'the same' : 'not the same'}`, () => {
      assert.equal(equalSecrets(Buffer.from(a), Buffer.from(b)), isEqual)
    })
  }
})
