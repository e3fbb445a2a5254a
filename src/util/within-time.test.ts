import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { withinTime } from './within-time.js'

describe('work within a time', () => {
  it('is done', () => {
    let sum = 0
    assert.equal(
      withinTime(10_000, () => (sum = 1 + 1)),
      true,
    )
    assert.equal(sum, 2)
  })

  it('is cut off inside a regular expression that would take for ever, and what it did stays', () => {
    const done: string[] = []
    const isDone = withinTime(50, () => {
      done.push('before')
      done.push(String(/^(a+)+$/.test(`${'a'.repeat(60)}!`)))
    })
    assert.equal(isDone, false)
    assert.deepEqual(done, ['before'])
  })

  it('throws what the work throws', () => {
    const fault = new TypeError('mine')
    assert.throws(
      () =>
        withinTime(10_000, () => {
          throw fault
        }),
      fault,
    )
  })
})
