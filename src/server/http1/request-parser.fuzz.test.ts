// Our parser of requests beside Node's (llhttp, strict), on requests that are valid and on ones that have been mangled.
// The long run is test/fuzz/requests.ts, which has the same inputs.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { checkInput, isOursAlone } from '../../../test/fuzz/check-input.js'
import { compare } from '../../../test/fuzz/compare-requests.js'
import { LOOSER, OTHERWISE, STRICTER } from '../../../test/fuzz/known-differences.js'
import { inputAt, SMALL_LIMITS } from '../../../test/fuzz/request-inputs.js'
import { readRequestsWithLlhttp } from '../../../test/support/llhttp.js'

const SEED = 20_251_120
const INPUTS = 30_000

const isNewer = Number(process.versions.node.split('.', 1)[0]) > 20

describe('the parser of requests beside llhttp', () => {
  it('takes nothing that llhttp refuses or reads otherwise, wherever the reads are cut', () => {
    let taken = 0
    for (let index = 0; index < INPUTS; index++) {
      const input = inputAt(SEED, index)
      const { failure, reading } = checkInput(input)
      if (failure !== '') assert.fail(`input ${index}, ${JSON.stringify(input)}: ${failure}`)
      if (reading.requests.some(({ end }) => end >= 0)) taken++
    }
    assert.ok(taken > INPUTS / 3, `only ${taken} inputs have a request that is taken`)
  })

  for (const { name, reason, example } of LOOSER) {
    it(`takes another ${name} than llhttp does: ${reason}`, () => {
      const { error } = readRequestsWithLlhttp(Buffer.from(example, 'latin1'))
      assert.notEqual(error, '')
      const comparison = compare(example, [], SMALL_LIMITS)
      assert.equal(comparison.failure, '')
      assert.equal(comparison.reading.fault, null)
      assert.deepEqual(comparison.met, [name])
    })
  }

  for (const { name, reason, example, newerAgrees } of Object.values(OTHERWISE)) {
    it(`reads ${name} in its own way: ${reason}`, () => {
      const comparison = compare(example, [], SMALL_LIMITS)
      assert.equal(comparison.failure, '')
      assert.equal(comparison.reading.fault, null)
      assert.deepEqual(comparison.met, isNewer && newerAgrees ? [] : [name])
    })
  }

  for (const { fault, words, reason, example, newerAgrees } of STRICTER) {
    it(`is stricter with ${fault} (${String(words)}): ${reason}`, () => {
      const comparison = compare(example, [], SMALL_LIMITS)
      assert.equal(comparison.failure, '')
      assert.equal(comparison.reading.fault, fault)
      assert.match(comparison.reading.reason, words)
      assert.equal(isOursAlone(comparison), !(isNewer && newerAgrees === true))
    })
  }
})
