import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { logTo } from '../../../test/support/admin.js'
import { DnsError, NAME_ERROR } from './dns-error.js'
import { FaultLog } from './fault-log.js'
import { Name } from './name.js'
import type { DnsAddress } from './contract.js'
import type { Found, NotFound } from './name-lookup.js'
import type { RecordType } from './settings.js'

const HOUR = 3_600_000
const FAILURE = 'dns server error: 2 server failure'

/** A name, with a resolver that the test plays. */
class Scene {
  now = 10_000
  looks = 0
  last: RecordType | null = null
  outcome: (now: number) => Found | NotFound = () => unknown()
  readonly lines: string[] = []
  readonly name: Name

  constructor({ staleTtlMs = HOUR } = {}) {
    const now = (): number => this.now
    this.name = new Name('www.test', {
      settings: { staleTtlMs, notFoundTtlMs: 30_000, errorTtlMs: 1_000 },
      find: async (_name, last) => {
        this.looks++
        this.last = last
        await nextTurn()
        return this.outcome(this.now)
      },
      faults: new FaultLog(logTo(this.lines), now),
      now,
    })
  }

  answers(ttlMs: number, ...ips: string[]): this {
    const addresses = ips.map(addressOf)
    this.outcome = (now) => ({ type: 'A', asked: 'A', addresses, expiresAt: now + ttlMs })
    return this
  }

  fails(outcome: NotFound): this {
    this.outcome = () => outcome
    return this
  }

  get ips(): string[] | undefined {
    return this.name.answer?.addresses.map(({ ip }) => ip)
  }

  /** Looks at the name, and waits for what that has begun. */
  async look(): Promise<string[] | undefined> {
    Reflect.get(this.name, 'answer')
    await settled()
    return this.ips
  }
}

async function settled(): Promise<void> {
  await nextTurn()
  await nextTurn()
}

function addressOf(ip: string): DnsAddress {
  return { ip, port: 0, weight: 1 }
}

function broken(): NotFound {
  return { error: DnsError.of('www.test', { reason: FAILURE }), isGone: false }
}

function unknown(): NotFound {
  return { error: DnsError.of('www.test', { reason: NAME_ERROR }), isGone: true }
}

describe('the answer for a name', () => {
  it('is null before the first one, and looking at it asks nobody', async () => {
    const scene = new Scene().answers(1000, '10.0.0.1')
    assert.equal(await scene.look(), undefined)
    assert.equal(scene.looks, 0)
  })

  it('serves as long as it lives without another look-up', async () => {
    const scene = new Scene().answers(60_000, '10.0.0.1')
    const answer = await scene.name.resolve()
    scene.now += 59_999
    assert.equal(scene.name.answer, answer)
    assert.equal(await scene.name.resolve(), answer)
    assert.equal(scene.looks, 1)
  })

  it('serves on when it has expired, while one look-up renews it', async () => {
    const scene = new Scene().answers(60_000, '10.0.0.1')
    await scene.name.resolve()
    scene.answers(60_000, '10.0.0.2').now += 60_000
    assert.deepEqual(scene.ips, ['10.0.0.1'])
    assert.deepEqual(scene.ips, ['10.0.0.1'])
    await settled()
    assert.deepEqual(scene.ips, ['10.0.0.2'])
    assert.equal(scene.looks, 2)
  })

  it('is not renewed when nobody looks at it', async () => {
    const scene = new Scene().answers(1_000, '10.0.0.1')
    await scene.name.resolve()
    scene.now += HOUR / 2
    await settled()
    assert.equal(scene.looks, 1)
  })

  it('stays the same object while the addresses do, in whatever order', async () => {
    const scene = new Scene().answers(1_000, '10.0.0.1', '10.0.0.2')
    const answer = await scene.name.resolve()
    scene.answers(1_000, '10.0.0.2', '10.0.0.1').now += 1_000
    await scene.look()
    assert.equal(scene.looks, 2)
    assert.equal(scene.name.answer, answer)
  })

  it('with no lifetime is renewed twice a second at the most', async () => {
    const scene = new Scene({ staleTtlMs: 0 }).answers(0, '10.0.0.1')
    await scene.name.resolve()
    for (let i = 0; i < 49; i++) {
      scene.now += 10
      assert.deepEqual(await scene.look(), ['10.0.0.1'])
    }
    assert.equal(scene.looks, 1)
    scene.now += 10
    await scene.name.resolve()
    assert.equal(scene.looks, 2)
  })

  it('is asked for first by the type that answered last time', async () => {
    const scene = new Scene().answers(1_000, '10.0.0.1')
    await scene.name.resolve()
    assert.equal(scene.last, null)
    scene.now += 1_000
    await scene.look()
    assert.equal(scene.last, 'A')
  })
})

describe('who waits for a name', () => {
  it('shares the look-up with all others', async () => {
    const scene = new Scene().answers(1_000, '10.0.0.1')
    const answers = await Promise.all(Array.from({ length: 100 }, () => scene.name.resolve()))
    assert.equal(scene.looks, 1)
    assert.equal(new Set(answers).size, 1)
  })

  it('is told of a name that does not exist at once, until it may be looked up again', async () => {
    const scene = new Scene()
    await assert.rejects(scene.name.resolve(), { code: 'UPSTREAM_NAME' })
    scene.now += 29_999
    await assert.rejects(scene.name.resolve(), { code: 'UPSTREAM_NAME' })
    assert.equal(scene.looks, 1)
    scene.answers(1_000, '10.0.0.1').now += 1
    assert.equal((await scene.name.resolve()).addresses[0]?.ip, '10.0.0.1')
  })

  it('waits for another look-up a second after any other failure', async () => {
    const scene = new Scene().fails(broken())
    await assert.rejects(scene.name.resolve(), { code: 'UPSTREAM_RESOLVE' })
    await assert.rejects(scene.name.resolve(), { code: 'UPSTREAM_RESOLVE' })
    assert.equal(scene.looks, 1)
    scene.answers(1_000, '10.0.0.1').now += 1_000
    await scene.name.resolve()
    assert.equal(scene.looks, 2)
  })

  it('is told when something unforeseen goes wrong, and may try again', async () => {
    const scene = new Scene()
    scene.outcome = () => {
      throw new TypeError('unforeseen')
    }
    await assert.rejects(scene.name.resolve(), TypeError)
    await assert.rejects(scene.name.resolve(), TypeError)
    assert.equal(scene.looks, 2)
  })
})

describe('an expired answer', () => {
  it('stands in while no resolver can tell, and is asked about once a second', async () => {
    const scene = new Scene().answers(60_000, '10.0.0.1')
    const answer = await scene.name.resolve()
    scene.fails(broken()).now += 60_000
    for (let i = 0; i < 20; i++) {
      assert.deepEqual(await scene.look(), ['10.0.0.1'])
      scene.now += 100
    }
    assert.equal(scene.looks, 3)
    assert.equal(await scene.name.resolve(), answer)
  })

  it('does so no longer than it may', async () => {
    const scene = new Scene({ staleTtlMs: 5_000 }).answers(60_000, '10.0.0.1')
    await scene.name.resolve()
    scene.fails(broken()).now += 64_999
    assert.deepEqual(await scene.look(), ['10.0.0.1'])
    scene.now += 1_001
    assert.equal(scene.name.answer, null)
    await assert.rejects(scene.name.resolve(), { code: 'UPSTREAM_RESOLVE' })
  })

  it('ends at once when the name is said not to exist any more', async () => {
    const scene = new Scene().answers(60_000, '10.0.0.1')
    await scene.name.resolve()
    scene.fails(unknown()).now += 60_000
    assert.equal(await scene.look(), undefined)
    await assert.rejects(scene.name.resolve(), { code: 'UPSTREAM_NAME' })
  })
})

describe('the log', () => {
  it('says once that a name does not resolve, with the reason, and once that it does again', async () => {
    const scene = new Scene().fails(broken())
    for (let i = 0; i < 3; i++) {
      await assert.rejects(scene.name.resolve())
      scene.now += 1_000
    }
    assert.deepEqual(scene.lines, [
      `{"name":"www.test","reason":"www.test could not be resolved (${FAILURE})"} a name does not resolve`,
    ])
    scene.answers(1_000, '10.0.0.1')
    for (let i = 0; i < 3; i++) {
      await scene.name.resolve()
      scene.now += 1_000
    }
    assert.deepEqual(scene.lines.slice(1), [
      `{"name":"www.test","before":"${FAILURE}"} a name resolves again`,
    ])
  })

  it('is not filled by many names: some lines a minute, and how many were left out', () => {
    const lines: string[] = []
    let now = 0
    const faults = new FaultLog(logTo(lines), () => now)
    const { error } = broken()
    for (let i = 0; i < 1000; i++) faults.failed(`${i}.test`, { error, before: null })
    assert.equal(lines.length, 30)
    now += 60_000
    faults.failed('late.test', { error, before: null })
    assert.match(lines[30] ?? '', /"lines":970/)
    assert.match(lines[31] ?? '', /late\.test/)
  })
})
