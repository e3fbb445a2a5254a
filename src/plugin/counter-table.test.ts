import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, it } from 'node:test'
import { Worker } from 'node:worker_threads'
import type { Counting } from '../../test/support/counting-thread.js'
import { Random } from '../../test/support/random.js'
import { inThreads } from '../../test/support/threads.js'
import { CounterTable } from './counter-table.js'

const NOW = Date.UTC(2026, 5, 15, 12)
const END = NOW + 60_000

/** Counts once, below a limit out of reach. Returns what the count was before. */
function add(table: CounterTable, scope: string, identifier: string, end = END, now = NOW): number {
  return table.addBelow(table.scope(scope), table.identify(identifier), end, Infinity, now)
}

function read(table: CounterTable, scope: string, identifier: string, end = END): number {
  return table.read(table.scope(scope), table.identify(identifier), end)
}

function takeBack(table: CounterTable, scope: string, identifier: string, end = END): void {
  table.takeBack(table.scope(scope), table.identify(identifier), end)
}

describe('CounterTable', () => {
  it('counts each identifier of each scope and window for itself', () => {
    const table = CounterTable.create({ maxEntries: 100 })
    assert.equal(add(table, 'a', 'x'), 0)
    assert.equal(add(table, 'a', 'x'), 1)
    assert.equal(add(table, 'a', 'y'), 0)
    assert.equal(add(table, 'b', 'x'), 0)
    assert.equal(add(table, 'a', 'x', END + 60_000), 0)
    assert.equal(read(table, 'a', 'x'), 2)
    assert.equal(read(table, 'a', 'z'), 0)
    assert.equal(table.entries(NOW), 4)
  })

  it('does not take a scope for an identifier', () => {
    const table = CounterTable.create({ maxEntries: 100 })
    add(table, 'a', 'a')
    assert.equal(read(table, 'b', 'b'), 0)
  })

  it('adds nothing at the limit, which may be a fraction', () => {
    const table = CounterTable.create({ maxEntries: 100 })
    const [scope, client] = [table.scope('a'), table.identify('x')]
    const counts = Array.from({ length: 4 }, () => table.addBelow(scope, client, END, 1.1, NOW))
    assert.deepEqual(counts, [0, 1, 2, 2])
  })

  it('raises a fill level from between a floor and a ceiling, unless it is above a limit', () => {
    const table = CounterTable.create({ maxEntries: 100 })
    const [scope, client] = [table.scope('a'), table.identify('x')]
    const raise = (floor: number, ceiling: number, limit: number): number =>
      table.raise(scope, client, END, { floor, ceiling, limit, amount: 10 }, NOW)
    assert.equal(raise(100, 200, 150), 100)
    assert.equal(raise(50, 200, 150), 110)
    assert.equal(raise(50, 200, 100), 120)
    assert.equal(read(table, 'a', 'x'), 120)
    assert.equal(raise(0, 70, 80), 70)
    assert.equal(read(table, 'a', 'x'), 80)
    assert.equal(raise(2 ** 32 - 12, 2 ** 32 - 2, 2 ** 32 - 1), 2 ** 32 - 12)
    assert.equal(read(table, 'a', 'x'), 2 ** 32 - 2)
  })

  it('adds an amount while the count is below the limit, even beyond it, and takes it back', () => {
    const table = CounterTable.create({ maxEntries: 100 })
    const [scope, client] = [table.scope('a'), table.identify('x')]
    const counts = [2, 5, 1].map((amount) => table.addBelow(scope, client, END, 3, NOW, amount))
    assert.deepEqual(counts, [0, 2, 7])
    table.takeBack(scope, client, END, 5)
    assert.equal(read(table, 'a', 'x'), 2)
    table.takeBack(scope, client, END, 5)
    assert.equal(read(table, 'a', 'x'), 0)
    table.addBelow(scope, client, END, Infinity, NOW, 2 ** 31)
    table.addBelow(scope, client, END, Infinity, NOW, 2 ** 31)
    assert.equal(read(table, 'a', 'x'), 2 ** 32 - 1)
  })

  it('forgets a window when it is over, and uses its place again', () => {
    const table = CounterTable.create({ maxEntries: 1 })
    for (let window = 0; window < 100; window++) {
      const end = END + window * 60_000
      for (let i = 0; i < table.capacity; i++) add(table, 'a', `id ${i}`, end, end - 60_000)
      assert.equal(table.entries(end - 1), table.capacity)
      assert.equal(table.entries(end), 0)
    }
    assert.equal(table.evictions, 0)
  })

  it('gives up the counter that has counted least when there is no room, and says so', () => {
    const table = CounterTable.create({ maxEntries: 1 })
    for (let i = 0; i < table.capacity; i++) {
      for (let times = 0; times < (i === 7 ? 1 : 2 + i); times++) add(table, 'a', `id ${i}`)
    }
    assert.equal(table.evictions, 0)
    add(table, 'a', 'one more')
    assert.equal(table.evictions, 1)
    assert.equal(read(table, 'a', 'id 7'), 0)
    assert.equal(read(table, 'a', 'one more'), 1)
    for (let i = 0; i < table.capacity; i++) {
      if (i !== 7) assert.equal(read(table, 'a', `id ${i}`), 2 + i)
    }
  })

  it('takes counters of nothing for room', () => {
    const table = CounterTable.create({ maxEntries: 1 })
    for (let i = 0; i < table.capacity; i++) add(table, 'a', `id ${i}`)
    takeBack(table, 'a', 'id 3')
    add(table, 'a', 'one more')
    assert.equal(table.evictions, 0)
  })

  it('keeps what comes often in a flood of identifiers that come once', () => {
    const table = CounterTable.create({ maxEntries: 100 })
    for (let i = 0; i < 20; i++) add(table, 'a', `often ${i % 2}`)
    for (let i = 0; i < 10_000; i++) add(table, 'a', `once ${i}`)
    assert.equal(table.entries(NOW), table.capacity)
    assert.ok(table.evictions > 10_000 - 1 - table.capacity)
    assert.deepEqual([read(table, 'a', 'often 0'), read(table, 'a', 'often 1')], [10, 10])
  })

  it('holds as many as it is made for', () => {
    const table = CounterTable.create({ maxEntries: 20_000 })
    for (let i = 0; i < 20_000; i++) add(table, 'a', `id ${i}`)
    assert.equal(table.entries(NOW), 20_000)
    assert.equal(table.evictions, 0)
  })

  it('has 16 MB for 250,000 counters unless told otherwise', () => {
    const { buffer, capacity } = CounterTable.create()
    assert.equal(capacity, 1 << 19)
    assert.equal(buffer.byteLength, 64 + (1 << 24))
  })

  for (const maxEntries of [0, -1, NaN, Infinity, 1e9]) {
    it(`refuses to be made for ${maxEntries} counters`, () => {
      assert.throws(() => CounterTable.create({ maxEntries }), {
        name: 'RangeError',
        message: 'maxEntries must be from 1 to 33554432',
      })
    })
  }

  it('hashes under a key of its own, which threads of one table share', () => {
    const [one, two] = [
      CounterTable.create({ maxEntries: 1 }),
      CounterTable.create({ maxEntries: 1 }),
    ]
    assert.notDeepEqual(one.identify('x'), two.identify('x'))
    assert.notDeepEqual(one.identify('x'), one.scope('x'))
    const attached = CounterTable.attach(one.buffer)
    assert.deepEqual(attached.identify('x'), one.identify('x'))
    add(one, 'a', 'x')
    assert.equal(add(attached, 'a', 'x'), 1)
  })

  it('counts as a Map does, whatever comes in whatever order', () => {
    for (let run = 0; run < 20; run++) {
      const random = new Random(9, run)
      const table = CounterTable.create({ maxEntries: 400 })
      const model = new Map<string, number>()
      for (let step = 0; step < 3000; step++) {
        // A minute passes in each third of the steps; three windows in all, and nobody counts in one that is over.
        const now = NOW + Math.floor(step / 1000) * 60_000
        const end = now + 60_000 * (1 + random.below(2))
        const [scope, client] = [random.pick(['a', 'b']), random.text('abc', 0, 3)]
        const name = `${scope} ${client} ${end}`
        const count = model.get(name) ?? 0
        assert.equal(read(table, scope, client, end), count)
        if (random.percent(20)) {
          takeBack(table, scope, client, end)
          model.set(name, Math.max(0, count - 1))
        } else {
          const limit = random.below(12)
          const [scopeHash, clientHash] = [table.scope(scope), table.identify(client)]
          assert.equal(table.addBelow(scopeHash, clientHash, end, limit, now), count)
          if (count < limit) model.set(name, count + 1)
        }
      }
      assert.equal(table.evictions, 0)
    }
  })
})

describe('CounterTable in several threads', () => {
  const THREADS = 4
  const thread = new URL('../../test/support/counting-thread.js', import.meta.url)

  /** How many steps passed in all threads together. */
  async function count(counting: Counting): Promise<number> {
    const passed = await inThreads<number>(thread, THREADS, counting)
    return passed.reduce((sum, one) => sum + one)
  }

  it('lets exactly the limit through', async () => {
    const { buffer } = CounterTable.create({ maxEntries: 1000 })
    const job = { buffer, windows: [END], identifiers: 20, rounds: 4000, limit: 10_000 }
    assert.equal(await count(job), 20 * 10_000)
  })

  it('gives an identifier one counter, however many threads see it first at once', async () => {
    const table = CounterTable.create({ maxEntries: 50_000 })
    const job = { buffer: table.buffer, windows: [END], identifiers: 50_000, rounds: 1, limit: 1 }
    assert.equal(await count(job), 50_000)
    assert.equal(table.entries(NOW), 50_000)
  })

  it('uses places again while others count', async () => {
    const windows = Array.from({ length: 300 }, (_, i) => END + i * 1000)
    const table = CounterTable.create({ maxEntries: 100 })
    const job = { buffer: table.buffer, windows, identifiers: 100, rounds: 2, limit: 3 }
    assert.equal(await count(job), 300 * 100 * 3)
    assert.equal(table.evictions, 0)
  })

  it('takes back as often as it is asked', async () => {
    const table = CounterTable.create({ maxEntries: 100 })
    const job = { buffer: table.buffer, windows: [END], identifiers: 3, rounds: 20_000 }
    const passed = await count({ ...job, limit: 1e9, takeBackEvery: 3 })
    const counts = [0, 1, 2].map((i) => read(table, 'test', `client ${i}`))
    assert.equal(
      counts.reduce((sum, one) => sum + one),
      passed,
    )
  })

  it('lets no more pass than it gives up counters, with far too little room', async () => {
    const table = CounterTable.create({ maxEntries: 1 })
    const job = { buffer: table.buffer, windows: [END], identifiers: 40, rounds: 2000, limit: 1 }
    const passed = await count(job)
    assert.ok(passed >= 40)
    assert.ok(passed <= 40 + table.evictions, `${passed} passed, ${table.evictions} given up`)
  })

  it('keeps its counts, and goes on counting, when a thread dies', async () => {
    const table = CounterTable.create({ maxEntries: 100 })
    const meeting = new SharedArrayBuffer(8)
    const job = { buffer: table.buffer, windows: [END], identifiers: 50, limit: 1e9 }
    const worker = new Worker(thread, { workerData: { ...job, rounds: 1e9, threads: 1, meeting } })
    await once(worker, 'online')
    while (read(table, 'test', 'client 49') === 0) await new Promise(setImmediate)
    await worker.terminate()
    for (let i = 0; i < 50; i++) {
      const before = read(table, 'test', `client ${i}`)
      assert.ok(before > 0)
      assert.equal(add(table, 'test', `client ${i}`), before)
    }
  })
})
