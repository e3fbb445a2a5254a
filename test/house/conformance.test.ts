// The list of passing cases is one that can be trusted.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { listCases, readPassing } from '../conformance/cases.js'

describe('passing.txt', () => {
  it('is sorted and names each case once', () => {
    const listed = readPassing()
    assert.deepEqual(listed, [...new Set(listed)].toSorted())
  })

  it('names cases that there are', () => {
    const names = new Set(listCases().map(({ name }) => name))
    assert.deepEqual(
      readPassing().filter((name) => !names.has(name)),
      [],
    )
  })
})
