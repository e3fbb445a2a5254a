import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { silentLog } from '../../../test/support/plugin-env.js'
import { guardCounts } from '../../upstream/guard-counts.js'
import { Board, Place } from './board.js'
import { Watchdog, type Watched } from './watchdog.js'

const guards = guardCounts(() => 0)
const report = { pending: 0, beat: 0, heapBytes: 1, heapUse: 0, guards }

describe('the watchdog', () => {
  let board: Board
  let place: Place
  let member: Watched
  let calls: string[]
  let watchdog: Watchdog<Watched>
  beforeEach(() => {
    board = new Board(2)
    place = new Place(board.buffer, 1)
    member = { place: 1, serves: true, leaves: false, hangs: false, fullLooks: 0 }
    calls = []
    watchdog = new Watchdog({
      members: [member],
      board,
      counters: { evictions: 0, capacity: 16 },
      log: { ...silentLog, notice: () => calls.push('notice') },
      onHang: () => calls.push('hang'),
      onFull: () => calls.push('full'),
    })
  })

  /** Looks every second from one time to another; the worker beats until `lastBeat`. */
  function watch(from: number, to: number, lastBeat: number, heapUse = 0.1): void {
    for (let now = from; now <= to; now += 1_000) {
      if (now <= lastBeat) place.report({ ...report, beat: now, heapUse })
      watchdog.look(now)
    }
  }

  it('says once that a worker hangs, and once that it reacts again', () => {
    watch(1_000, 30_000, 5_000)
    assert.deepEqual(calls, ['hang'])
    assert.equal(member.hangs, true)
    watch(31_000, 33_000, 33_000)
    assert.deepEqual(calls, ['hang', 'notice'])
    assert.equal(member.hangs, false)
  })

  it('leaves a worker alone that is late by less', () => {
    watch(1_000, 14_000, 5_000)
    assert.deepEqual(calls, [])
  })

  it('does not blame a worker for time in which nobody ran', () => {
    watch(1_000, 5_000, 5_000)
    watchdog.look(60_000)
    assert.deepEqual(calls, [])
  })

  it('leaves those alone that do not serve yet or are on their way out', () => {
    member.serves = false
    watch(1_000, 30_000, 1_000)
    member.serves = true
    member.leaves = true
    watch(31_000, 60_000, 1_000)
    assert.deepEqual(calls, [])
  })

  it('has a worker replaced, once, whose memory is full at two looks in a row', () => {
    watch(1_000, 1_000, 1_000, 0.95)
    watch(2_000, 2_000, 2_000, 0.5)
    assert.deepEqual(calls, [])
    watch(3_000, 9_000, 9_000, 0.95)
    assert.deepEqual(calls, ['full'])
  })
})

describe('a table of counters that is full', () => {
  it('is told of, and again a minute later if it goes on', () => {
    const warnings: unknown[] = []
    const counters = { evictions: 0, capacity: 16 }
    const watchdog = new Watchdog({
      members: [],
      board: new Board(1),
      counters,
      log: { ...silentLog, warn: (fields: unknown) => warnings.push(fields) },
      onHang: () => assert.fail(),
      onFull: () => assert.fail(),
    })
    for (let now = 1_000; now <= 130_000; now += 1_000) {
      if (now >= 5_000 && now <= 70_000) counters.evictions += 2
      watchdog.look(now)
    }
    assert.deepEqual(warnings, [
      { evictions: 2, slots: 16 },
      { evictions: 120, slots: 16 },
      { evictions: 10, slots: 16 },
    ])
  })
})

describe('the board', () => {
  it('shows what each worker has written in its place', () => {
    const board = new Board(2)
    const [first, second] = [new Place(board.buffer, 0), new Place(board.buffer, 1)]
    first.countRequest()
    second.countRequest()
    second.countRequest()
    const written = {
      pending: 3,
      beat: 7,
      heapBytes: 9,
      heapUse: 0.5,
      guards: guardCounts((name) => name.length),
    }
    second.report(written)
    const blank = { requests: 0, pending: 0, beat: 0, heapBytes: 0, heapUse: 0, guards }
    assert.deepEqual(board.read(0), { ...blank, requests: 1 })
    assert.deepEqual(board.read(1), { ...written, requests: 2 })
    board.clear(1)
    assert.deepEqual(board.read(1), blank)
  })
})
