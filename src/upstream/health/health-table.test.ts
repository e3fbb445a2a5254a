import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { HealthJob } from '../../../test/support/health-thread.js'
import { inThreads } from '../../../test/support/threads.js'
import { HealthTable, LEASE_SECONDS, type PeerName } from './health-table.js'
import { UNHEALTHY } from './peer-state.js'

const NOW = 1_000_000

const peer = (fields: Partial<PeerName> = {}): PeerName => ({
  upstream: 'pool',
  ip: '10.0.0.1',
  port: 80,
  host: 'a.test',
  ...fields,
})

function slot(table: HealthTable, name: PeerName, now = NOW): number {
  return table.slotOf(table.keyOf(name), now) ?? assert.fail('no room')
}

describe('a table of health', () => {
  it('has one place for an address, and others for what differs in anything', () => {
    const table = HealthTable.create(64)
    const names = [
      peer(),
      peer({ upstream: 'other' }),
      peer({ ip: '10.0.0.2' }),
      peer({ port: 81 }),
      peer({ host: 'b.test' }),
    ]
    const slots = names.map((name) => slot(table, name))
    assert.equal(new Set(slots).size, names.length)
    assert.deepEqual(
      names.map((name) => slot(table, name)),
      slots,
    )
  })

  it('is the same for whoever attaches to it', () => {
    const table = HealthTable.create(64)
    const other = HealthTable.attach(table.buffer)
    const place = slot(other, peer())
    assert.equal(place, slot(table, peer()))
    Atomics.store(table.states, place, UNHEALTHY)
    assert.equal(Atomics.load(other.states, place), UNHEALTHY)
  })

  it('keeps what somebody has asked about within five minutes', () => {
    const table = HealthTable.create(64)
    const place = slot(table, peer())
    Atomics.store(table.states, place, UNHEALTHY)
    table.forgetOld(NOW + LEASE_SECONDS)
    assert.equal(slot(table, peer(), NOW + LEASE_SECONDS), place)
    table.forgetOld(NOW + 2 * LEASE_SECONDS)
    assert.equal(Atomics.load(table.states, place), UNHEALTHY)
  })

  it('forgets the others, and gives their places to whoever comes', () => {
    const table = HealthTable.create(64)
    for (let round = 0; round < 20; round++) {
      const now = NOW + round * (LEASE_SECONDS + 1)
      table.forgetOld(now)
      for (let port = 1; port <= 64; port++) {
        const place = slot(table, peer({ port: 1000 * round + port }), now)
        assert.equal(Atomics.load(table.states, place), 0)
        Atomics.store(table.states, place, UNHEALTHY)
      }
    }
  })

  it('says when there is no room', () => {
    const table = HealthTable.create(64)
    for (let port = 1; port <= 64; port++) slot(table, peer({ port }))
    assert.equal(table.slotOf(table.keyOf(peer({ port: 65 })), NOW), null)
  })

  it('has room for half as many as it has places, wherever their keys fall', () => {
    const table = HealthTable.create(1 << 14)
    const slots = new Set<number>()
    for (let port = 1; port <= 1 << 13; port++) slots.add(slot(table, peer({ port })))
    assert.equal(slots.size, 1 << 13)
  })
})

describe('threads that meet an address at the same time', () => {
  const THREADS = 4
  const ADDRESSES = 500

  async function run(failures: number): Promise<{ down: number; lines: number }[]> {
    const { buffer } = HealthTable.create(2048)
    const limit = THREADS * 10
    const module = new URL('../../../test/support/health-thread.js', import.meta.url)
    const job: HealthJob = { buffer, addresses: ADDRESSES, limit, failures }
    return inThreads(module, THREADS, job)
  }

  it('count together, and lose nothing: the last of them brings it down, and says so once', async () => {
    const results = await run(10)
    assert.deepEqual(
      results.map(({ down }) => down),
      Array.from({ length: THREADS }, () => ADDRESSES),
    )
    assert.equal(
      results.reduce((sum, { lines }) => sum + lines, 0),
      ADDRESSES,
    )
  })

  it('count nothing twice', async () => {
    const results = await run(9)
    assert.ok(results.every(({ down }) => down === 0))
  })
})
