// The store as its workers find it: several lines to one host.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MessageChannel } from 'node:worker_threads'
import { MAX_VALUE_CHARS, StoreError } from '../../plugin/shared-store.js'
import { silentLog } from '../../../test/support/plugin-env.js'
import { StoreGuest } from './store-guest.js'
import { StoreHost } from './store-host.js'
import { StoreVersions, type StoreQuestion } from './store-messages.js'

function workers(count: number, host = new StoreHost(silentLog)) {
  const clock = { now: 0 }
  const versions = new StoreVersions(host.versions.buffer)
  const guests = Array.from(
    { length: count },
    () => new StoreGuest(host.connect(), versions, () => clock.now),
  )
  return { clock, guests: guests as [StoreGuest, StoreGuest] }
}

describe('the store that workers share', () => {
  it('gives one worker what another has put', async () => {
    const [one, two] = workers(2).guests
    assert.equal(await one.put('a', 'x', 0), null)
    assert.equal(await two.get('a'), 'x')
    assert.equal(await two.put('a', 'y', 0), 'x')
    assert.equal(await one.get('a'), 'y')
  })

  it('tells a worker again what it has read, without asking', async () => {
    const [one, two] = workers(2).guests
    await one.put('a', 'x', 0)
    await two.get('a')
    assert.equal(two.get('a'), 'x')
  })

  it('tells no worker what is taken, replaced or over', async () => {
    const { clock, guests } = workers(2)
    const [one, two] = guests
    await one.put('a', 'x', 0)
    await two.get('a')
    assert.equal(await one.take('a'), 'x')
    assert.equal(await two.get('a'), null)
    await one.put('a', 'x', 60_000)
    await two.get('a')
    await one.put('a', 'y', 60_000)
    assert.equal(await two.get('a'), 'y')
    assert.equal(two.get('a'), 'y')
    clock.now = 60_000
    assert.notEqual(two.get('a'), 'y')
  })

  it('lets one of many take a value', async () => {
    const { guests } = workers(4)
    await guests[0].put('a', 'x', 0)
    const taken = await Promise.all(
      Array.from({ length: 40 }, (_, i) => guests[i % 4 === 0 ? 0 : 1].take('a')),
    )
    assert.deepEqual(
      taken.filter((value) => value !== null),
      ['x'],
    )
  })

  it('remembers nothing of a value that goes while it is fetched', async () => {
    const host = new StoreHost(silentLog)
    const versions = new StoreVersions(host.versions.buffer)
    const { port1: near, port2: far } = new MessageChannel()
    const guest = new StoreGuest(near, versions, () => 0)
    let asked = 0
    far.on('message', ({ id }: StoreQuestion) => {
      if (++asked === 1) versions.advance('a')
      far.postMessage({ id, value: 'x', timeLeft: Infinity })
    })
    await guest.get('a')
    await guest.get('a')
    assert.equal(asked, 2)
    assert.equal(guest.get('a'), 'x')
    far.close()
  })

  it('refuses a value that is too long', async () => {
    const [one] = workers(1).guests
    await assert.rejects(one.put('a', 'x'.repeat(MAX_VALUE_CHARS + 1), 0), StoreError)
    assert.equal(await one.put('a', 'x'.repeat(MAX_VALUE_CHARS), 0), null)
  })

  it('refuses a question behind 10,000 that have no answer yet', async () => {
    const { port1: near, port2: far } = new MessageChannel()
    const guest = new StoreGuest(near, new StoreVersions(), () => 0)
    const waiting = Array.from({ length: 10_000 }, (_, i) => guest.take(String(i)))
    await assert.rejects(guest.take('one more'), StoreError)
    far.on('message', ({ id }: StoreQuestion) => far.postMessage({ id, value: null, timeLeft: 0 }))
    await Promise.all(waiting)
    assert.equal(await guest.take('one more'), null)
    far.close()
  })

  it('warns once when it is full, and not each time', async () => {
    const warnings: unknown[] = []
    const log = { ...silentLog, warn: (about: unknown) => warnings.push(about) }
    const host = new StoreHost(log, { maxEntries: 1, maxChars: 1000 })
    const [one] = workers(1, host).guests
    for (const key of ['a', 'b', 'c', 'd']) await one.put(key, 'x', 0)
    assert.deepEqual(warnings, [{ entries: 1, givenUp: 1 }])
  })
})
