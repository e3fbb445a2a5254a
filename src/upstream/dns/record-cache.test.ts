import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseHosts } from './hosts-file.js'
import { HOSTS_TTL_MS, RecordCache } from './record-cache.js'
import type { DnsRecord, Question, Reply } from './message.js'

/** A cache before a resolver that the test plays. */
class Scene {
  now = 1_000
  readonly asked: string[] = []
  readonly cache: RecordCache
  reply: (question: Question) => Partial<Reply> = () => ({})

  constructor({ hosts = '', validTtlMs = null as number | null, cacheSize = 100 } = {}) {
    const settings = { validTtlMs, notFoundTtlMs: 30_000, errorTtlMs: 1_000, cacheSize }
    this.cache = new RecordCache(settings, {
      hosts: parseHosts(hosts),
      now: () => this.now,
      ask: (question) => {
        this.asked.push(`${question.type} ${question.name}`)
        const reply = { rcode: 0, isTruncated: false, records: [], ...this.reply(question) }
        return Promise.resolve(reply)
      },
    })
  }

  async ips(name: string): Promise<string[]> {
    const { records } = await this.cache.get({ name, type: 'A' })
    return records.flatMap((record) => (record.type === 'A' ? [record.ip] : []))
  }
}

function address(name: string, ip: string, ttlMs = 60_000): DnsRecord {
  return { name, type: 'A', ip, ttlMs }
}

function alias(name: string, target: string, ttlMs = 60_000): DnsRecord {
  return { name, type: 'CNAME', target, ttlMs }
}

describe('records', () => {
  it('are asked for once while they live', async () => {
    const scene = new Scene()
    scene.reply = ({ name }) => ({ records: [address(name, '10.0.0.1', 5_000)] })
    await scene.ips('a.test')
    scene.now += 4_999
    await scene.ips('a.test')
    assert.equal(scene.asked.length, 1)
    scene.now += 1
    await scene.ips('a.test')
    assert.equal(scene.asked.length, 2)
  })

  it('live as long as the setting says instead of as long as they say', async () => {
    const scene = new Scene({ validTtlMs: 100 })
    scene.reply = ({ name }) => ({ records: [address(name, '10.0.0.1')] })
    const { expiresAt } = await scene.cache.get({ name: 'a.test', type: 'A' })
    assert.equal(expiresAt, scene.now + 100)
  })

  it('that are not there are known for a while, and failures for a shorter one', async () => {
    const scene = new Scene()
    for (const [rcode, ttlMs] of [
      [0, 30_000],
      [3, 30_000],
      [2, 1_000],
    ] as const) {
      scene.reply = () => ({ rcode })
      const set = await scene.cache.get({ name: `code-${rcode}.test`, type: 'A' })
      assert.deepEqual(set, { rcode, records: [], expiresAt: scene.now + ttlMs })
    }
  })

  it('of one name and type are asked for once by all who want them at the same time', async () => {
    const scene = new Scene()
    scene.reply = ({ name }) => ({ records: [address(name, '10.0.0.1', 0)] })
    await Promise.all(Array.from({ length: 50 }, () => scene.ips('a.test')))
    assert.deepEqual(scene.asked, ['A a.test'])
  })

  it('are kept for so many names and no more', async () => {
    const scene = new Scene({ cacheSize: 10 })
    scene.reply = ({ name }) => ({ records: [address(name, '10.0.0.1')] })
    for (let i = 0; i < 1000; i++) await scene.ips(`${i}.test`)
    assert.equal(scene.cache.size, 10)
    await scene.ips('999.test')
    assert.equal(scene.asked.length, 1000)
  })

  it('of the hosts file live on, whatever the setting says', async () => {
    const scene = new Scene({ hosts: '10.1.1.1 a.test', validTtlMs: 100 })
    const set = await scene.cache.get({ name: 'a.test', type: 'A' })
    assert.equal(set.expiresAt, scene.now + HOSTS_TTL_MS)
    assert.deepEqual(scene.asked, [])
  })
})

describe('an alias', () => {
  it('is followed in the answer, to what belongs to it alone', async () => {
    const scene = new Scene()
    scene.reply = () => ({
      records: [
        address('evil.test', '10.6.6.6'),
        alias('a.test', 'b.test'),
        alias('b.test', 'c.test'),
        address('c.test', '10.0.0.1'),
      ],
    })
    assert.deepEqual(await scene.ips('a.test'), ['10.0.0.1'])
  })

  it('that the resolver has not followed is asked about', async () => {
    const scene = new Scene()
    scene.reply = ({ name }) =>
      name === 'a.test'
        ? { records: [alias('a.test', 'b.test', 3_000)] }
        : { records: [address('b.test', '10.0.0.1')] }
    const set = await scene.cache.get({ name: 'a.test', type: 'A' })
    assert.equal(set.expiresAt, scene.now + 3_000)
    assert.deepEqual(scene.asked, ['A a.test', 'A b.test'])
  })

  it('without an end is given up after a bounded number of questions', async () => {
    const scene = new Scene()
    let count = 0
    scene.reply = ({ name }) => ({ records: [alias(name, `${++count}.test`)] })
    assert.deepEqual(await scene.ips('a.test'), [])
    assert.ok(scene.asked.length < 20, `${scene.asked.length} questions`)
  })

  it('that leads back to the name is none', async () => {
    const scene = new Scene()
    scene.reply = ({ name }) => ({ records: [alias(name, name)] })
    assert.deepEqual(await scene.ips('a.test'), [])
  })

  it('to what cannot be asked for leads to nothing', async () => {
    const scene = new Scene()
    scene.reply = ({ name }) => ({ records: [alias(name, 'not a name')] })
    assert.equal((await scene.cache.get({ name: 'a.test', type: 'A' })).rcode, 3)
    assert.equal(scene.asked.length, 1)
  })
})
