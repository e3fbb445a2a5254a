import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it, mock } from 'node:test'
import type { LogFunction } from '../../log/logger.js'
import { Bulkhead, type BulkheadCounts, type Entry, type Waiting } from './bulkhead.js'

let now = 0
let logged: object[] = []
let bulkhead: Bulkhead
let counts: BulkheadCounts

const warn: LogFunction = (fields: object | string, message = '') =>
  void logged.push({ ...(typeof fields === 'object' ? fields : {}), message })

function make(maxConnections: number, maxQueued: number, queueTimeoutMs = 1000): void {
  const policy = { maxConnections, maxQueued, queueTimeoutMs }
  counts = { refused: 0, waiting: 0 }
  bulkhead = new Bulkhead(policy, { service: 'orders' }, { log: { warn }, counts, now: () => now })
}

/** One request; keeps what it is told. */
class Request implements Waiting {
  state: Entry | 'late' | 'gone' = 'refused'

  constructor() {
    this.state = bulkhead.enter(this)
  }

  onPlace(): void {
    this.state = 'entered'
  }

  onNoPlace(): void {
    this.state = 'late'
  }

  leave(): void {
    this.state = 'gone'
    bulkhead.leave(this)
  }
}

const requests = (count: number): Request[] => Array.from({ length: count }, () => new Request())
const states = (list: readonly Request[]): string => list.map(({ state }) => state).join(' ')

function wait(ms: number): void {
  now += ms
  mock.timers.tick(ms)
}

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout'] })
  now = 1000
  logged = []
})
afterEach(() => mock.timers.reset())

describe('a bulkhead', () => {
  it('lets so many in, so many wait, and refuses the rest', () => {
    make(2, 2)
    assert.equal(states(requests(5)), 'entered entered queued queued refused')
  })

  it('gives a place that is free to who has waited longest', () => {
    make(1, 3)
    const list = requests(4)
    list[0]?.leave()
    assert.equal(states(list), 'gone entered queued queued')
    list[1]?.leave()
    assert.equal(states(list), 'gone gone entered queued')
  })

  it('forgets who leaves the queue', () => {
    make(1, 2)
    const list = requests(3)
    list[1]?.leave()
    list.push(new Request())
    assert.equal(states(list), 'entered gone queued queued')
    list[0]?.leave()
    list[2]?.leave()
    list[3]?.leave()
    assert.equal(states(requests(2)), 'entered queued')
  })

  it('lets nobody wait longer than allowed', () => {
    make(1, 3, 100)
    const list = requests(2)
    wait(60)
    list.push(new Request())
    wait(39)
    assert.equal(states(list), 'entered queued queued')
    wait(1)
    assert.equal(states(list), 'entered late queued')
    wait(60)
    assert.equal(states(list), 'entered late late')
    list[0]?.leave()
    assert.equal(states(requests(1)), 'entered')
  })

  it('waits anew for each, when the queue has been empty in between', () => {
    make(1, 1, 100)
    const list = requests(2)
    wait(50)
    list[1]?.leave()
    list.push(new Request())
    wait(99)
    assert.equal(states(list), 'entered gone queued')
    wait(1)
    assert.equal(states(list), 'entered gone late')
  })

  it('counts who waits, and all whom it has refused', () => {
    make(1, 2, 100)
    const list = requests(5)
    assert.deepEqual(counts, { refused: 2, waiting: 2 })
    list[1]?.leave()
    assert.deepEqual(counts, { refused: 2, waiting: 1 })
    wait(100)
    assert.deepEqual(counts, { refused: 3, waiting: 0 })
    list.push(new Request())
    list[0]?.leave()
    assert.deepEqual(counts, { refused: 3, waiting: 0 })
  })

  it('takes a long queue of requests that end at once', () => {
    make(1, 50_000)
    const first = new Request()
    let ended = 0
    for (let i = 0; i < 50_000; i++) {
      const request: Waiting = {
        onPlace: () => {
          ended++
          bulkhead.leave(request)
        },
        onNoPlace: () => assert.fail(),
      }
      assert.equal(bulkhead.enter(request), 'queued')
    }
    first.leave()
    assert.equal(ended, 50_000)
    assert.equal(states(requests(1)), 'entered')
  })

  it('says at most every ten seconds how many it refuses', () => {
    make(1, 0)
    requests(4)
    wait(9_999)
    requests(1)
    wait(1)
    requests(1)
    const fields = { service: 'orders', max_connections: 1 }
    const message = 'bulkhead full: requests are refused'
    assert.deepEqual(logged, [
      { ...fields, refused: 1, message },
      { ...fields, refused: 4, message },
    ])
  })
})
