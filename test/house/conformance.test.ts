// The lists of passing cases are ones that can be trusted.
import assert from 'node:assert/strict'
import { basename } from 'node:path'
import { describe, it } from 'node:test'
import { casesOf, ENGINES, passingListFile, readPassing } from '../conformance/cases.js'

for (const engine of ENGINES) {
  describe(basename(passingListFile(engine)), () => {
    const listed = readPassing(engine)
    const cases = casesOf(engine).map(({ name }) => name)

    it('names some cases, sorted and each once', () => {
      assert.ok(listed.length > 0)
      assert.deepEqual(listed, [...new Set(listed)].toSorted())
    })

    it('names cases that there are', () => {
      const names = new Set(cases)
      assert.deepEqual(
        listed.filter((name) => !names.has(name)),
        [],
      )
    })
  })
}

describe('passing-http1.txt', () => {
  it('names every case that passes on uws, the engine that can do less', () => {
    const strict = new Set(readPassing('http1'))
    const askable = new Set(casesOf('http1').map(({ name }) => name))
    assert.deepEqual(
      readPassing('uws').filter((name) => askable.has(name) && !strict.has(name)),
      [],
    )
  })
})
