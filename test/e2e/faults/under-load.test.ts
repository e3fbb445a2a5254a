// `make faults` in short.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { deaths } from '../../soak/deaths.js'
import { neighbours, STATES, type State } from '../../soak/neighbours.js'

/** What the other service is told: with a breaker, refusals behind the first failures. */
const STATUSES: Readonly<Record<State, readonly number[]>> = {
  healthy: [200],
  refusing: [502, 503],
  silent: [503, 504],
  slow: [200],
}
/** Half of the time that requests to a silent or slow target take. */
const UNDISTURBED_MS = 500
/** Ten times as long as a probe may take to come. */
const BACK_MS = 5_000

describe('a service under load', () => {
  it('answers as before while the target of another one is dead, silent or slow', async () => {
    const options = { rounds: 1, perSecond: 200, workers: 1, guards: ['breaker'] } as const
    const { slices } = await neighbours(options)
    assert.deepEqual(
      slices.map(({ state }) => state),
      STATES,
    )
    for (const { state, well, failed, statuses } of slices) {
      assert.equal(failed, 0, state)
      assert.ok(well.p50 < UNDISTURBED_MS, `${state}: ${well.p50} ms`)
      assert.ok(statuses.length > 0)
      const unexpected = statuses.filter((status) => !STATUSES[state].includes(status))
      assert.deepEqual(unexpected, [], state)
    }
  })

  it('loses no more than was under way when one of its targets dies, and uses it when it is back', async () => {
    const rounds = [
      { checks: 'both', retries: 0 },
      { checks: 'both', retries: 2 },
    ] as const
    const [without, withRetries] = (await deaths({ perSecond: 200, workers: 2, rounds })).deaths
    assert.ok(without !== undefined && withRetries !== undefined)
    assert.equal(without.unexcused, 0)
    assert.ok(without.failed < without.sent / 10)
    assert.equal(withRetries.failed, 0)
    for (const { returnMs } of [without, withRetries]) assert.ok(returnMs < BACK_MS)
  })
})
