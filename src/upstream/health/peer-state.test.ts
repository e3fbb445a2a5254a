import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  countOf,
  HEALTHY,
  isHealthy,
  stateAfter,
  stateName,
  UNHEALTHY,
  type HealthEvent,
} from './peer-state.js'

/** One letter for each event, and its limit. */
const EVENTS: Readonly<Record<string, HealthEvent>> = {
  s: 'success',
  h: 'http',
  c: 'tcp',
  t: 'timeout',
}

/** `h2 h2 s1`: two bad statuses with limit 2, then a success with limit 1. */
function play(steps: string, from = HEALTHY): number {
  return steps
    .split(' ')
    .filter(Boolean)
    .reduce((state, step) => {
      const event = EVENTS[step.charAt(0)] ?? assert.fail(step)
      return stateAfter(state, event, Number(step.slice(1)))
    }, from)
}

interface Row {
  readonly title: string
  readonly steps: string
  readonly is: ReturnType<typeof stateName>
  /** Success, http, tcp, timeout. */
  readonly counts: readonly [number, number, number, number]
}

const FROM_HEALTHY: readonly Row[] = [
  { title: 'trusts who is new', steps: '', is: 'healthy', counts: [0, 0, 0, 0] },
  { title: 'counts no success while healthy', steps: 's2', is: 'healthy', counts: [0, 0, 0, 0] },
  { title: 'doubts after a failure', steps: 'h2', is: 'mostly_healthy', counts: [0, 1, 0, 0] },
  { title: 'falls at the limit', steps: 'h2 h2', is: 'unhealthy', counts: [0, 2, 0, 0] },
  { title: 'falls at once with limit 1', steps: 'c1', is: 'unhealthy', counts: [0, 0, 1, 0] },
  { title: 'falls for timeouts', steps: 't1', is: 'unhealthy', counts: [0, 0, 0, 1] },
  { title: 'ignores what has no limit', steps: 'h0 c0 t0 s0', is: 'healthy', counts: [0, 0, 0, 0] },
  {
    title: 'does not add up kinds of failures',
    steps: 'h2 c2 t2',
    is: 'mostly_healthy',
    counts: [0, 1, 1, 1],
  },
  {
    title: 'forgets failures with a success, and is sure again at the limit',
    steps: 'h2 c2 s1',
    is: 'healthy',
    counts: [1, 0, 0, 0],
  },
  {
    title: 'stays in doubt while successes are too few',
    steps: 'h2 s2',
    is: 'mostly_healthy',
    counts: [1, 0, 0, 0],
  },
  {
    title: 'begins anew with a failure after a success',
    steps: 'h3 h3 s3 h3',
    is: 'mostly_healthy',
    counts: [0, 1, 0, 0],
  },
  {
    title: 'never forgets failures when successes do not count',
    steps: 'h3 s0 s0 h3 s0 h3',
    is: 'unhealthy',
    counts: [0, 3, 0, 0],
  },
  {
    title: 'holds one count against the limits of both checks',
    steps: 'h9 h9 h3',
    is: 'unhealthy',
    counts: [0, 3, 0, 0],
  },
  {
    title: 'counts as far as a limit may be',
    steps: 'h255 '.repeat(255),
    is: 'unhealthy',
    counts: [0, 255, 0, 0],
  },
  {
    title: 'is in doubt one short of the highest limit',
    steps: 't255 '.repeat(254),
    is: 'mostly_healthy',
    counts: [0, 0, 0, 254],
  },
]

const FROM_UNHEALTHY: readonly Row[] = [
  { title: 'counts no failure', steps: 'h1 c1 t1', is: 'unhealthy', counts: [0, 0, 0, 0] },
  {
    title: 'stays when successes do not count',
    steps: 's0',
    is: 'unhealthy',
    counts: [0, 0, 0, 0],
  },
  { title: 'hopes after a success', steps: 's2', is: 'mostly_unhealthy', counts: [1, 0, 0, 0] },
  { title: 'recovers at the limit', steps: 's2 s2', is: 'healthy', counts: [2, 0, 0, 0] },
  {
    title: 'gives up hope with a failure at its limit',
    steps: 's3 s3 h1',
    is: 'unhealthy',
    counts: [0, 1, 0, 0],
  },
  {
    title: 'begins to count successes anew after a failure',
    steps: 's3 s3 h5 s3 s3',
    is: 'mostly_unhealthy',
    counts: [2, 0, 0, 0],
  },
]

function check(rows: readonly Row[], from: number): void {
  for (const { title, steps, is, counts } of rows) {
    it(title, () => {
      const state = play(steps, from)
      assert.equal(stateName(state), is)
      assert.equal(isHealthy(state), is.endsWith('healthy') && !is.endsWith('unhealthy'))
      const found = Object.values(EVENTS).map((event) => countOf(state, event))
      assert.deepEqual(found, counts)
    })
  }
}

describe('an address that is healthy', () => check(FROM_HEALTHY, HEALTHY))

describe('an address that is unhealthy', () => check(FROM_UNHEALTHY, UNHEALTHY))

/** The same in the words of the specification, with nothing packed. */
class Model {
  state: ReturnType<typeof stateName> = 'healthy'
  counts = { success: 0, http: 0, tcp: 0, timeout: 0 }

  step(event: HealthEvent, limit: number): void {
    const verdict = event === 'success' ? 'healthy' : 'unhealthy'
    if (limit === 0 || this.state === verdict) return
    const count = this.counts[event] + 1
    const { counts } = this
    this.counts =
      event === 'success'
        ? { success: count, http: 0, tcp: 0, timeout: 0 }
        : { ...counts, success: 0, [event]: count }
    if (count >= limit) this.state = verdict
    else if (this.state === 'healthy') this.state = 'mostly_healthy'
    else if (this.state === 'unhealthy') this.state = 'mostly_unhealthy'
  }
}

describe('the packed state', () => {
  it('goes where four states and four counters go, whatever happens', () => {
    const event = fc.constantFrom(...Object.values(EVENTS))
    const step = fc.record({ event, limit: fc.constantFrom(0, 1, 2, 3, 255) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const model = new Model()
        let state = HEALTHY
        for (const { event: kind, limit } of steps) {
          model.step(kind, limit)
          state = stateAfter(state, kind, limit)
          assert.equal(stateName(state), model.state)
          for (const each of Object.values(EVENTS)) {
            assert.equal(countOf(state, each), model.counts[each])
          }
        }
      }),
      { seed: 3 },
    )
  })
})
