// Two gateways on one Redis under heavy traffic of one client: together they let as many pass as the limit says, no more.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { answersOf, PER_SECOND, pressTwoGateways } from '../../support/pressed.js'
import type { LimitingPlugin } from '../../support/limited.js'

/** In seconds. Long enough not to turn while a test runs, but for once in a while. */
const YEAR = 31_536_000

const advanced = (window_type: string): object => ({
  limit: [500, 400],
  window_size: [YEAR, YEAR - 1],
  window_type,
  disable_penalty: true,
})

const cases: readonly (readonly [plugin: LimitingPlugin, config: object, limit: number])[] = [
  ['rate-limiting', { year: 500, fault_tolerant: false }, 500],
  ['rate-limiting-advanced', advanced('fixed'), 400],
  ['rate-limiting-advanced', advanced('sliding'), 400],
]

describe(`two gateways on one Redis, asked ${PER_SECOND} times a second by one client`, () => {
  for (const [plugin, config, limit] of cases) {
    it(`let ${limit} pass with ${plugin} ${JSON.stringify(config)}`, async () => {
      const outcome = await pressTwoGateways(plugin, config)
      assert.equal(outcome.passed, limit)
      assert.deepEqual(answersOf(outcome), { 200: limit, 429: outcome.samples.length - limit })
      assert.ok(outcome.samples.length > 2 * limit, `${outcome.samples.length} were sent`)
    })
  }
})
