import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { RedisError, type ConfigOf } from 'gw/plugin'
import { complete } from '../../test/support/plugin-config.js'
import { useScriptedRedis } from '../../test/support/scripted-redis.js'
import { RemoteEntries } from './remote.js'
import type { schema } from './schema.js'
import { spec } from './spec.js'
import type { Entry } from './store.js'

const PREFIX = 'gw:proxy-cache:1:'

type Command = readonly [key: string, args: readonly unknown[]]

let commands: Command[]
/** What Redis answers to the next commands; when it is empty, it does not answer. */
let replies: (unknown[] | RedisError)[]
let waiting: ((reply: unknown[]) => void)[]

beforeEach(() => {
  commands = []
  replies = []
  waiting = []
})

function remote(): RemoteEntries {
  const raw = { strategy: 'redis', redis: { host: 'redis.test' } }
  const { redis } = complete(spec, raw) as ConfigOf<typeof schema>
  const entries = new RemoteEntries(redis)
  useScriptedRedis(entries, ([key = ''], args) => {
    commands.push([key, args])
    const reply = replies.shift()
    if (reply instanceof RedisError) return Promise.reject(reply)
    if (reply !== undefined) return Promise.resolve(reply)
    return new Promise((resolve) => waiting.push(resolve))
  })
  return entries
}

function entry(more: Partial<Entry> = {}): Entry {
  return {
    identity: 'one',
    key: 'k',
    status: 200,
    headers: [],
    body: Buffer.from('body'),
    storedAt: 0,
    ttl: 10,
    staleFrom: 10_000,
    keptUntil: 20_000,
    mayBeStale: true,
    ...more,
  }
}

/** What `set` sends of it. */
async function written(one: Entry, now = 0): Promise<Command> {
  replies = [[1]]
  await remote().set(one, now)
  const [command] = commands.splice(0)
  assert.ok(command)
  return command
}

/** Until all that is settled already has been told on. */
const turns = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))

describe('answers in Redis', () => {
  it('are written under their key for as long as they are kept, and found again', async () => {
    const [key, [bytes, lifetime]] = await written(entry(), 500)
    assert.deepEqual([key, lifetime], [`${PREFIX}k`, 19_500])
    replies = [[bytes]]
    assert.deepEqual(await remote().get('k', 'one', 0), entry())
  })

  it('that are kept for ever have no lifetime', async () => {
    assert.equal((await written(entry({ keptUntil: Infinity })))[1][1], 0)
  })

  it('are none when nothing is there, when it is over, or when it is of another request', async () => {
    const [, [bytes]] = await written(entry())
    replies = [[null], [bytes], [bytes], [Buffer.from('what?')]]
    const entries = remote()
    assert.equal(await entries.get('k', 'one', 0), null)
    assert.equal(await entries.get('k', 'one', 20_000), null)
    assert.equal(await entries.get('k', 'another', 0), null)
    assert.equal(await entries.get('k', 'one', 0), null)
  })

  it('are asked for once by those who come at the same time', async () => {
    const [, [bytes]] = await written(entry())
    const entries = remote()
    const all = ['one', 'one', 'another'].map((identity) => entries.get('k', identity, 0))
    await turns()
    waiting[0]?.([bytes])
    assert.deepEqual(
      (await Promise.all(all)).map((found) => found?.identity ?? null),
      ['one', 'one', null],
    )
    assert.equal(commands.length, 1)
  })

  it('are away when Redis is, and before it is in use', async () => {
    replies = [RedisError.of('refused', 'no')]
    await assert.rejects(remote().get('k', 'one', 0), RedisError)
    const raw = { strategy: 'redis', redis: { host: 'redis.test' } }
    const { redis } = complete(spec, raw) as ConfigOf<typeof schema>
    await assert.rejects(new RemoteEntries(redis).get('k', 'one', 0), RedisError)
  })

  it('are looked up for a thousand at a time, and the next are told at once', async () => {
    const entries = remote()
    const all = Array.from({ length: 1_000 }, (_, i) => entries.get(String(i), 'one', 0))
    await assert.rejects(entries.get('more', 'one', 0), { trouble: 'crowded' })
    await turns()
    for (const tell of waiting) tell([null])
    await Promise.all(all)
    replies = [[null]]
    assert.equal(await entries.get('more', 'one', 0), null)
  })

  it('are not kept while 16 MiB are on their way', async () => {
    const body = Buffer.alloc(1024 * 1024)
    const entries = remote()
    for (let i = 0; i < 20; i++) void entries.set(entry({ body }), 0)
    await turns()
    assert.equal(commands.length, 15)
    for (const tell of waiting.splice(0)) tell([1])
    await turns()
    void entries.set(entry({ body }), 0)
    await turns()
    assert.equal(commands.length, 16)
    waiting[0]?.([1])
    await turns()
  })

  it('are dropped by key, and all of them page by page', async () => {
    replies = [[1], [0], [Buffer.from('17')], [Buffer.from('0')]]
    const entries = remote()
    assert.equal(await entries.delete('k'), true)
    assert.equal(await entries.delete('k'), false)
    await entries.clear()
    assert.deepEqual(commands.slice(2), [
      [PREFIX, ['0']],
      [PREFIX, ['17']],
    ])
  })
})
