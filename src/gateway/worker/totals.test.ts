import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { GuardCounts } from '../../upstream/guard-counts.js'
import type { Report } from './board.js'
import { Totals } from './totals.js'

function report(requests: number, guards: GuardCounts): Report {
  return { requests, pending: 0, beat: 0, heapBytes: 0, heapUse: 0, guards }
}

describe('the totals of all workers', () => {
  it('are sums, and forget of one that has ended only what it was at', () => {
    const totals = new Totals()
    const busy = {
      circuitsOpened: 5,
      circuitsOpen: 1,
      circuitRefusals: 7,
      bulkheadRefusals: 2,
      bulkheadWaiting: 3,
    }
    const both = [report(10, busy), report(1, { ...busy, circuitsOpen: 0 })]
    assert.equal(totals.requests(both), 11)
    assert.deepEqual(totals.guards(both), {
      circuitsOpened: 10,
      circuitsOpen: 1,
      circuitRefusals: 14,
      bulkheadRefusals: 4,
      bulkheadWaiting: 6,
    })
    totals.retire(report(10, busy))
    assert.equal(totals.requests([]), 10)
    assert.deepEqual(totals.guards([]), { ...busy, circuitsOpen: 0, bulkheadWaiting: 0 })
  })
})
