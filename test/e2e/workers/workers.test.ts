// Several workers behind one port: what the person on call sees of them.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { startEcho, type RunningEcho } from '../../../src/cli/echo.js'
import { startGateway, type RunningGateway } from '../../support/gateway.js'
import { HttpClient, requestOnce } from '../../support/http-client.js'
import { projectRoot } from '../../support/root.js'
import { sleep, waitFor } from '../../support/wait.js'

/** What a line of the log says. */
interface Line {
  readonly msg: string
  readonly level: string
  readonly worker?: number
  readonly reason?: string
}

let echo: RunningEcho
before(async () => {
  echo = await startEcho({ host: '127.0.0.1', port: 0 })
})
after(() => echo.close())

const route = (name: string, deed?: string): object => ({
  name,
  paths: [`/${name}`],
  ...(deed !== undefined && { plugins: [{ name: 'mortal', config: { deed } }] }),
})

const config = (...more: object[]): object => ({
  _format_version: '3.0',
  services: [
    {
      name: 'echo',
      url: `http://127.0.0.1:${echo.port}`,
      routes: [
        route('plain'),
        route('exit', 'exit'),
        route('hoard', 'hoard'),
        route('block', 'block'),
        route('throw', 'throw-later'),
        ...more,
      ],
    },
  ],
})

function start(workers: number, env: Readonly<Record<string, string>> = {}) {
  return startGateway({
    config: config(),
    env: {
      KONG_NGINX_WORKER_PROCESSES: String(workers),
      KONG_PLUGINS: 'bundled,mortal',
      GW_PLUGIN_PATH: join(projectRoot, 'test/e2e/workers'),
      ...env,
    },
  })
}

function linesOf({ log }: RunningGateway, message: string): Line[] {
  return log
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Line)
    .filter(({ msg }) => msg.includes(message))
}

/** Statuses of requests that come over connections of their own, so that they spread over the workers. */
async function statuses(port: number, path: string, count: number): Promise<number[]> {
  const answers = await Promise.all(
    Array.from({ length: count }, () => requestOnce(port, 'GET', path)),
  )
  return answers.map(({ status }) => status)
}

describe('two workers', () => {
  let gateway: RunningGateway
  before(async () => {
    gateway = await start(2)
  })
  after(() => gateway.stop())

  it('both serve, and their requests are counted together', async () => {
    const before = await totalRequests(gateway)
    assert.deepEqual(new Set(await statuses(gateway.proxyPort, '/plain', 40)), new Set([200]))
    assert.equal((await totalRequests(gateway)) - before, 40)
  })

  it('both get a new configuration, and at once', async () => {
    for (let generation = 1; generation <= 5; generation++) {
      gateway.writeConfig(config(route(`generation-${generation}-`)))
      const reloads = linesOf(gateway, 'configuration reloaded').length
      gateway.child.signal('SIGHUP')
      await waitFor('the reload', () => linesOf(gateway, 'configuration reloaded').length > reloads)
      const found = await statuses(gateway.proxyPort, `/generation-${generation}-`, 20)
      assert.deepEqual(new Set(found), new Set([200]), 'served by all once one reload is reported')
    }
  })

  it('an idle connection of the one outlives the death of the other', async () => {
    const clients = await Promise.all(
      Array.from({ length: 20 }, () => HttpClient.connect(gateway.proxyPort)),
    )
    for (const client of clients) assert.equal((await client.request('GET', '/plain')).status, 200)
    await assert.rejects(requestOnce(gateway.proxyPort, 'GET', '/exit'))
    await waitFor('a successor', () => linesOf(gateway, 'has taken the place').length === 1)
    const alive = await Promise.all(
      clients.map((client) =>
        client.request('GET', '/plain').then(
          ({ status }) => status,
          // Of the worker that has died: closed, not left hanging.
          () => 'closed',
        ),
      ),
    )
    assert.ok(alive.includes(200), 'the other worker has kept its connections')
    assert.ok(alive.includes('closed'), 'the dead one has closed its own')
    for (const client of clients) client.close()
  })

  it('a dead one is replaced within a second, by one with the latest configuration', async () => {
    gateway.writeConfig(config(route('latest')))
    const { length: reloads } = linesOf(gateway, 'configuration reloaded')
    gateway.child.signal('SIGHUP')
    await waitFor('the reload', () => linesOf(gateway, 'configuration reloaded').length > reloads)
    const { length: deaths } = linesOf(gateway, 'has taken the place')
    const total = await totalRequests(gateway)
    const diedAt = performance.now()
    await assert.rejects(requestOnce(gateway.proxyPort, 'GET', '/exit'))
    await waitFor('a successor', () => linesOf(gateway, 'has taken the place').length > deaths)
    assert.ok(performance.now() - diedAt < 1_000, `${performance.now() - diedAt} ms`)
    const [died] = linesOf(gateway, 'a worker has died').slice(-1)
    assert.equal(died?.level, 'error')
    assert.equal(died.reason, 'exit code 7')
    assert.deepEqual(new Set(await statuses(gateway.proxyPort, '/latest', 20)), new Set([200]))
    assert.equal((await totalRequests(gateway)) - total, 21, 'those of the dead one still count')
  })

  it('go on when a plugin lets an error loose', async () => {
    assert.deepEqual(await statuses(gateway.proxyPort, '/throw', 4), [200, 200, 200, 200])
    await waitFor('the log', () => linesOf(gateway, 'uncaught error').length === 4)
    const { length: deaths } = linesOf(gateway, 'a worker has died')
    assert.deepEqual(new Set(await statuses(gateway.proxyPort, '/plain', 8)), new Set([200]))
    assert.equal(linesOf(gateway, 'a worker has died').length, deaths)
  })
})

describe('a limit on two workers', () => {
  const limited = (limits: object): object =>
    config({
      ...route('limited'),
      plugins: [{ name: 'rate-limiting', config: { policy: 'local', ...limits } }],
    })

  it('lets exactly as many through as it says, over 64 connections at once', async () => {
    const gateway = await start(2)
    try {
      gateway.writeConfig(limited({ hour: 100, year: 100 }))
      gateway.child.signal('SIGHUP')
      await waitFor('the reload', () => linesOf(gateway, 'configuration reloaded').length === 1)
      const counts = new Map<number, number>()
      await Promise.all(
        Array.from({ length: 64 }, async () => {
          const client = await HttpClient.connect(gateway.proxyPort)
          for (let i = 0; i < 10; i++) {
            const { status } = await client.request('GET', '/limited')
            counts.set(status, (counts.get(status) ?? 0) + 1)
          }
          client.close()
        }),
      )
      assert.deepEqual([...counts].sort(), [
        [200, 100],
        [429, 540],
      ])
    } finally {
      await gateway.stop()
    }
  })

  it('outlives a worker that dies', async () => {
    const gateway = await start(2)
    try {
      gateway.writeConfig(limited({ year: 3 }))
      gateway.child.signal('SIGHUP')
      await waitFor('the reload', () => linesOf(gateway, 'configuration reloaded').length === 1)
      for (let i = 0; i < 3; i++) {
        assert.deepEqual(await statuses(gateway.proxyPort, '/limited', 1), [200])
        await assert.rejects(requestOnce(gateway.proxyPort, 'GET', '/exit'))
        await waitFor('a successor', () => linesOf(gateway, 'has taken the place').length === i + 1)
      }
      assert.deepEqual(await statuses(gateway.proxyPort, '/limited', 4), [429, 429, 429, 429])
    } finally {
      await gateway.stop()
    }
  })
})

describe('a worker', () => {
  it('that is the only one is replaced as well', async () => {
    const gateway = await start(1)
    try {
      await assert.rejects(requestOnce(gateway.proxyPort, 'GET', '/exit'))
      await waitFor('a successor', () => linesOf(gateway, 'has taken the place').length === 1)
      assert.equal((await requestOnce(gateway.proxyPort, 'GET', '/plain')).status, 200)
      gateway.child.signal('SIGTERM')
      assert.deepEqual(await gateway.child.ended, { code: 0, signal: null })
    } finally {
      await gateway.stop()
    }
  })

  it('whose memory fills up is replaced before it dies, and loses no request', async () => {
    const gateway = await start(2, { NODE_OPTIONS: '--max-old-space-size=120' })
    try {
      // One connection, and so one worker.
      const client = await HttpClient.connect(gateway.proxyPort)
      while (linesOf(gateway, 'running out of memory').length === 0) {
        assert.equal((await client.request('GET', '/hoard')).status, 200)
        await sleep(100)
      }
      while (linesOf(gateway, 'has taken the place').length === 0) {
        assert.equal((await requestOnce(gateway.proxyPort, 'GET', '/plain')).status, 200)
      }
      // The old one is on its way out by now.
      for (let i = 0; i < 200; i++) {
        assert.equal((await requestOnce(gateway.proxyPort, 'GET', '/plain')).status, 200)
      }
      client.close()
      assert.equal(linesOf(gateway, 'running out of memory').length, 1)
      assert.equal(linesOf(gateway, 'a worker has died').length, 0)
    } finally {
      await gateway.stop()
    }
  })

  it('that hangs is reported, and does not keep the gateway from ending', async () => {
    const gateway = await start(1)
    try {
      requestOnce(gateway.proxyPort, 'GET', '/block').catch(() => undefined)
      await waitFor('the report', () => linesOf(gateway, 'does not react').length === 1, 20_000)
      const answer = await requestOnce(gateway.statusPort, 'GET', '/status/ready')
      assert.equal(answer.status, 503)
      // Nobody waits for it, and a reload that it cannot take is none.
      gateway.writeConfig(config(route('new')))
      gateway.child.signal('SIGHUP')
      await waitFor('the refusal', () => gateway.log.includes('worker 0 does not react'))
      gateway.child.signal('SIGTERM')
      assert.deepEqual(await gateway.child.ended, { code: null, signal: 'SIGKILL' })
      assert.equal(linesOf(gateway, 'does not react and cannot end').length, 1)
    } finally {
      await gateway.stop()
    }
  })
})

describe('two workers of http1', () => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const canShare = major > 22 || (major === 22 && minor >= 12)

  it(`are ${canShare ? 'two' : 'one, and the log says why'} on this version of Node.js`, async () => {
    const gateway = await start(2, { GW_ENGINE: 'http1' })
    try {
      const { text } = await requestOnce(gateway.statusPort, 'GET', '/status')
      const { memory } = JSON.parse(text) as { memory: { workers_lua_vms: unknown[] } }
      assert.equal(memory.workers_lua_vms.length, canShare ? 2 : 1)
      assert.equal(linesOf(gateway, 'one worker serves').length, canShare ? 0 : 1)
      assert.deepEqual(new Set(await statuses(gateway.proxyPort, '/plain', 40)), new Set([200]))
      await assert.rejects(requestOnce(gateway.proxyPort, 'GET', '/exit'))
      await waitFor('a successor', () => linesOf(gateway, 'has taken the place').length === 1)
      assert.deepEqual(new Set(await statuses(gateway.proxyPort, '/plain', 40)), new Set([200]))
    } finally {
      await gateway.stop()
    }
  })

  it('that hang are replaced', async () => {
    const gateway = await start(2, { GW_ENGINE: 'http1' })
    try {
      requestOnce(gateway.proxyPort, 'GET', '/block').catch(() => undefined)
      await waitFor(
        'a successor',
        () => linesOf(gateway, 'has taken the place').length === 1,
        20_000,
      )
      assert.equal(linesOf(gateway, 'does not react').length, 1)
      assert.deepEqual(new Set(await statuses(gateway.proxyPort, '/plain', 10)), new Set([200]))
    } finally {
      await gateway.stop()
    }
  })
})

async function totalRequests({ statusPort }: RunningGateway): Promise<number> {
  const { text } = await requestOnce(statusPort, 'GET', '/status')
  return (JSON.parse(text) as { server: { total_requests: number } }).server.total_requests
}
