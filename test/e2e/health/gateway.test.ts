// Health checks of a started gateway: targets that fail and recover, what is told of them, and what outlives what.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { afterEach, describe, it } from 'node:test'
import { createServer as createTlsServer, type TLSSocket } from 'node:tls'
import { ENGINES } from '../../../src/gateway/engine-settings.js'
import { issueCertificate, makeAuthority } from '../../support/certificates.js'
import { makeFolder } from '../../support/folder.js'
import { startGateway, type GatewayOptions, type RunningGateway } from '../../support/gateway.js'
import { requestOnce } from '../../support/http-client.js'
import { freePort, portOf } from '../../support/ports.js'
import { ok, startRecordingTarget, type RecordingTarget } from '../../support/recording-target.js'
import { projectRoot } from '../../support/root.js'
import { waitFor } from '../../support/wait.js'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

/** The whole of a slow start and a slow machine. */
const PATIENCE_MS = 20_000

async function start(
  config: object,
  more: Omit<GatewayOptions, 'config'> = {},
): Promise<RunningGateway> {
  const gateway = await startGateway({ config, ...more })
  ends.push(() => gateway.stop())
  return gateway
}

async function recordingTarget(): Promise<RecordingTarget> {
  const target = await startRecordingTarget()
  ends.push(() => target.close())
  return target
}

/** Answers with the status in the path: `/status/503`; `behaviour.status` anywhere else. */
async function statusTarget(
  behaviour: { status: number },
  port = 0,
): Promise<{ port: number; close(): void }> {
  const server: Server = createServer((request, response) => {
    const asked = /\/status\/(\d+)$/.exec(request.url ?? '')?.[1]
    response.statusCode = Number(asked ?? behaviour.status)
    response.end()
  }).listen(port, '127.0.0.1')
  await once(server, 'listening')
  const close = (): void => {
    server.closeAllConnections()
    server.close()
  }
  ends.push(close)
  return { port: portOf(server), close }
}

interface Pool {
  readonly checks: object
  readonly targets: readonly (string | object)[]
  readonly upstream?: object
  readonly routes?: readonly object[]
}

function pool({ checks, targets, upstream, routes = [] }: Pool): object {
  const listed = targets.map((target) => (typeof target === 'string' ? { target } : target))
  return {
    _format_version: '3.0',
    upstreams: [{ name: 'pool', healthchecks: checks, targets: listed, ...upstream }],
    services: [
      { name: 's', host: 'pool', retries: 0, routes: [{ name: 'r', paths: ['/p'] }, ...routes] },
    ],
  }
}

async function status({ proxyPort }: RunningGateway, path = '/p'): Promise<number> {
  return (await requestOnce(proxyPort, 'GET', path)).status
}

interface Shown {
  readonly data: readonly { readonly target: string; readonly health: string }[]
}

/** By target. */
async function healths(
  { adminPort }: RunningGateway,
  port = adminPort,
): Promise<Readonly<Record<string, string>>> {
  const { text } = await requestOnce(port, 'GET', '/upstreams/pool/health')
  const { data } = JSON.parse(text) as Shown
  return Object.fromEntries(data.map(({ target, health }) => [target, health]))
}

function becomes(gateway: RunningGateway, target: string, health: string): Promise<void> {
  const isSo = async (): Promise<boolean> => (await healths(gateway))[target] === health
  return waitFor(`${target} to be ${health}`, isSo, PATIENCE_MS)
}

interface Line {
  readonly msg: string
  readonly level: string
  readonly upstream?: string
  readonly event?: string
}

/** The lines about changes, once there are so many. */
async function changes(gateway: RunningGateway, count: number): Promise<readonly Line[]> {
  const lines = (): readonly string[] =>
    gateway.log.split('\n').filter((line) => line.includes('health status changed'))
  await waitFor(`${count} changes in the log`, () => lines().length >= count, PATIENCE_MS)
  return lines().map((line) => JSON.parse(line) as Line)
}

function logged(gateway: RunningGateway, words: RegExp): Promise<void> {
  return waitFor(String(words), () => words.test(gateway.log), PATIENCE_MS)
}

const ACTIVE = {
  healthy: { interval: 0.1, successes: 1 },
  unhealthy: { interval: 0.1, http_failures: 1, tcp_failures: 1, timeouts: 1 },
  timeout: 5,
}

describe('active checks', () => {
  it('take out a target that refuses, and take it back when it listens', async () => {
    const port = await freePort()
    const target = `127.0.0.1:${port}`
    const gateway = await start(pool({ checks: { active: ACTIVE }, targets: [target] }))
    await becomes(gateway, target, 'UNHEALTHY')
    const refused = await requestOnce(gateway.proxyPort, 'GET', '/p')
    assert.equal(refused.status, 503)
    assert.match(refused.text, /failure to get a peer from the ring-balancer/)
    await statusTarget({ status: 200 }, port)
    await becomes(gateway, target, 'HEALTHY')
    assert.equal(await status(gateway), 200)
    const [down, up] = await changes(gateway, 2)
    assert.equal(`${down?.level} ${down?.msg}`, 'warn health status changed to UNHEALTHY')
    assert.equal(down?.event, 'tcp')
    assert.equal(up?.msg, 'health status changed to HEALTHY')
  })

  it('take out a target that hangs', async () => {
    const [hanging, answering] = [await recordingTarget(), await statusTarget({ status: 200 })]
    hanging.answer(() => undefined)
    const targets = [`127.0.0.1:${hanging.port}`, `127.0.0.1:${answering.port}`]
    const active = { ...ACTIVE, timeout: 0.2 }
    const gateway = await start(pool({ checks: { active }, targets }))
    await becomes(gateway, targets[0] ?? '', 'UNHEALTHY')
    for (let i = 0; i < 6; i++) assert.equal(await status(gateway), 200)
    assert.equal((await changes(gateway, 1))[0]?.event, 'timeout')
    hanging.answer((socket) => socket.end('HTTP/1.0 200 OK\r\n\r\n'))
    await becomes(gateway, targets[0] ?? '', 'HEALTHY')
  })

  it('follow a target that flaps, with one line in the log for each change', async () => {
    const behaviour = { status: 200 }
    const target = `127.0.0.1:${(await statusTarget(behaviour)).port}`
    const gateway = await start(pool({ checks: { active: ACTIVE }, targets: [target] }))
    for (let round = 1; round <= 3; round++) {
      behaviour.status = 503
      await becomes(gateway, target, 'UNHEALTHY')
      behaviour.status = 200
      await becomes(gateway, target, 'HEALTHY')
    }
    const lines = await changes(gateway, 6)
    assert.deepEqual(
      lines.map(({ msg }) => msg.split(' ').at(-1)),
      ['UNHEALTHY', 'HEALTHY', 'UNHEALTHY', 'HEALTHY', 'UNHEALTHY', 'HEALTHY'],
    )
  })

  it('ask as Kong does, and every address of a name', async () => {
    const target = await recordingTarget()
    target.answer((socket) => socket.end('HTTP/1.0 200 OK\r\n\r\n'))
    const active = { ...ACTIVE, http_path: '/up', headers: { 'X-Probe': ['1', '2'] } }
    const gateway = await start(pool({ checks: { active }, targets: [`localhost:${target.port}`] }))
    await waitFor('probes', () => target.requests.length >= 2, PATIENCE_MS)
    for (const { startLine, headers } of target.requests) {
      assert.equal(startLine, 'GET /up HTTP/1.0')
      assert.deepEqual(headers, [
        ['X-Probe', '1'],
        ['X-Probe', '2'],
        ['Host', 'localhost'],
      ])
    }
    await becomes(gateway, `localhost:${target.port}`, 'HEALTHY')
  })

  it('by https verify the target, and show who asks', async () => {
    const root = makeAuthority('root')
    const target = issueCertificate(root, { names: 'DNS:sni.test' })
    const shown: string[] = []
    const options = { ...target, ca: root.cert, requestCert: true, rejectUnauthorized: false }
    const server = createTlsServer(options, (socket: TLSSocket) => {
      socket.on('error', () => socket.destroy())
      const { subject } = socket.getPeerCertificate() as { subject?: { CN?: string } }
      shown.push(subject?.CN ?? 'nobody')
      socket.once('data', () => socket.end('HTTP/1.0 200 OK\r\n\r\n'))
    }).listen(0, '127.0.0.1')
    server.on('tlsClientError', () => undefined)
    await once(server, 'listening')
    ends.push(() => server.close())
    const folder = makeFolder()
    ends.push(() => folder.remove())
    const address = `127.0.0.1:${portOf(server)}`
    const active = { ...ACTIVE, type: 'https' }
    const id = '5b6f2d6e-8f2c-4a52-9d9e-3a3f9c3c9b32'
    const upstreams = [
      { name: 'other', healthchecks: { active }, targets: [{ target: address }] },
      {
        name: 'pool',
        client_certificate: { id },
        healthchecks: { active: { ...active, https_sni: 'sni.test' } },
        targets: [{ target: address }],
      },
    ]
    const certificates = [{ id, ...issueCertificate(root, { name: 'gateway' }) }]
    const gateway = await start(
      { _format_version: '3.0', upstreams, certificates },
      { env: { NODE_EXTRA_CA_CERTS: folder.write('root.pem', root.cert) } },
    )
    // The certificate is for another name.
    const [line] = await changes(gateway, 1)
    assert.deepEqual([line?.upstream, line?.event], ['other', 'tcp'])
    await waitFor('probes', () => shown.length >= 2, PATIENCE_MS)
    await becomes(gateway, address, 'HEALTHY')
    assert.ok(shown.includes('gateway'))
  })

  it('by https trust whom KONG_LUA_SSL_TRUSTED_CERTIFICATE names, as far as the depth allows', async () => {
    const root = makeAuthority('root')
    const first = makeAuthority('first', root)
    const second = makeAuthority('second', first)
    const chain = [second, first]
    const ports: number[] = []
    for (const pair of [
      issueCertificate(first, { names: 'IP:127.0.0.1', chain: [first] }),
      issueCertificate(second, { names: 'IP:127.0.0.1', chain }),
    ]) {
      const server = createTlsServer(pair, (socket: TLSSocket) => {
        socket.on('error', () => socket.destroy())
        socket.once('data', () => socket.end('HTTP/1.0 200 OK\r\n\r\n'))
      }).listen(0, '127.0.0.1')
      server.on('tlsClientError', () => undefined)
      await once(server, 'listening')
      ends.push(() => server.close())
      ports.push(portOf(server))
    }
    const targets = ports.map((port) => `127.0.0.1:${port}`)
    const active = {
      ...ACTIVE,
      type: 'https',
      healthy: { interval: 0.1, successes: 1 },
      unhealthy: { interval: 0.1, tcp_failures: 1 },
    }
    const config = pool({ checks: { active }, targets })
    const folder = makeFolder()
    ends.push(() => folder.remove())
    const file = folder.write('root.pem', root.cert)
    const env = { KONG_LUA_SSL_TRUSTED_CERTIFICATE: `system,${file}` }
    const gateway = await start(config, { env })
    // One authority may stand between, by default.
    await becomes(gateway, targets[1] ?? '', 'UNHEALTHY')
    assert.equal((await healths(gateway))[targets[0] ?? ''], 'HEALTHY')
    const lax = await start(config, { env: { ...env, KONG_LUA_SSL_VERIFY_DEPTH: '2' } })
    const strict = await start(config)
    for (const target of targets) await becomes(strict, target, 'UNHEALTHY')
    assert.deepEqual(Object.values(await healths(lax)), ['HEALTHY', 'HEALTHY'])
  })

  it('of type tcp are content with a connection', async () => {
    const target = await recordingTarget()
    const closed = await freePort()
    const targets = [`127.0.0.1:${target.port}`, `127.0.0.1:${closed}`]
    const gateway = await start(pool({ checks: { active: { ...ACTIVE, type: 'tcp' } }, targets }))
    await becomes(gateway, `127.0.0.1:${closed}`, 'UNHEALTHY')
    await waitFor('probes', () => target.connections >= 2, PATIENCE_MS)
    assert.equal((await healths(gateway))[`127.0.0.1:${target.port}`], 'HEALTHY')
    assert.deepEqual(target.requests, [])
  })

  it('leave alone what has the weight 0', async () => {
    const target = await recordingTarget()
    const resting = await recordingTarget()
    const targets = [`127.0.0.1:${target.port}`, { target: `127.0.0.1:${resting.port}`, weight: 0 }]
    const gateway = await start(pool({ checks: { active: ACTIVE }, targets }))
    await waitFor('probes', () => target.requests.length >= 5, PATIENCE_MS)
    assert.equal(resting.connections, 0)
    assert.equal((await healths(gateway))[`127.0.0.1:${resting.port}`], 'HEALTHCHECKS_OFF')
  })

  it('of a kind that nobody can send are told of, and nothing is checked', async () => {
    const target = `127.0.0.1:${await freePort()}`
    const active = { ...ACTIVE, type: 'grpc' }
    const gateway = await start(pool({ checks: { active }, targets: [target] }))
    await logged(gateway, /"level":"error".*upstream 'pool' has no health checks/)
    assert.deepEqual(await healths(gateway), { [target]: 'HEALTHCHECKS_OFF' })
    assert.equal(await status(gateway), 502)
  })

  it('begin, go on and end with the configuration', async () => {
    const [kept, left] = [await recordingTarget(), await recordingTarget()]
    for (const target of [kept, left]) target.answer((socket) => socket.end('HTTP/1.0 200\r\n\r\n'))
    const both = [kept, left].map(({ port }) => `127.0.0.1:${port}`)
    const checks = { active: ACTIVE }
    const gateway = await start(pool({ checks: {}, targets: both }))
    const reload = async (config: object): Promise<void> => {
      const before = reloads(gateway)
      gateway.writeConfig(config)
      gateway.child.signal('SIGHUP')
      await waitFor('the reload', () => reloads(gateway) > before, PATIENCE_MS)
    }
    assert.deepEqual([kept.connections, left.connections], [0, 0])
    await reload(pool({ checks, targets: both }))
    await waitFor('both', () => kept.connections > 1 && left.connections > 1, PATIENCE_MS)
    await reload(pool({ checks, targets: both.slice(0, 1) }))
    const seen = [kept.connections, left.connections] as const
    await waitFor('more probes', () => kept.connections > seen[0] + 5, PATIENCE_MS)
    // One may have been on its way.
    assert.ok(left.connections <= seen[1] + 1)
    await reload(pool({ checks: {}, targets: both }))
    const last = kept.connections
    // As long as several probes would take.
    await reload(pool({ checks: {}, targets: both.slice(0, 1) }))
    assert.ok(kept.connections <= last + 1)
  })
})

function reloads({ log }: RunningGateway): number {
  return log.split('configuration reloaded').length
}

const PASSIVE = { passive: { unhealthy: { http_failures: 1, http_statuses: [503] } } }

for (const engine of ENGINES) {
  describe(`passive checks on ${engine}`, () => {
    it('take out a target for an answer, and it stays out over a reload', async () => {
      const [bad, good] = [await statusTarget({ status: 503 }), await statusTarget({ status: 200 })]
      const target = `127.0.0.1:${bad.port}`
      const config = (more: readonly string[] = []): object =>
        pool({ checks: PASSIVE, targets: [target, ...more] })
      const gateway = await start(config(), { env: { GW_ENGINE: engine } })
      assert.equal(await status(gateway), 503)
      // An answer counts once it is over, which its client may see first.
      await becomes(gateway, target, 'UNHEALTHY')
      gateway.writeConfig(config([`127.0.0.1:${good.port}`]))
      gateway.child.signal('SIGHUP')
      await waitFor('the other target', async () => (await status(gateway)) === 200, PATIENCE_MS)
      assert.deepEqual(await healths(gateway), {
        [target]: 'UNHEALTHY',
        [`127.0.0.1:${good.port}`]: 'HEALTHY',
      })
      for (let i = 0; i < 6; i++) assert.equal(await status(gateway), 200)
      assert.equal((await changes(gateway, 1)).length, 1)
    })

    it('close an upstream that has no more than its threshold left', async () => {
      const [one, two] = [await statusTarget({ status: 503 }), await statusTarget({ status: 200 })]
      const targets = [one, two].map(({ port }) => `127.0.0.1:${port}`)
      const gateway = await start(pool({ checks: { ...PASSIVE, threshold: 50 }, targets }), {
        env: { GW_ENGINE: engine },
      })
      await waitFor('the bad target', async () => (await status(gateway)) === 503, PATIENCE_MS)
      await becomes(gateway, targets[0] ?? '', 'UNHEALTHY')
      for (let i = 0; i < 4; i++) {
        const { text } = await requestOnce(gateway.proxyPort, 'GET', '/p')
        assert.match(text, /failure to get a peer from the ring-balancer/)
      }
      const path = '/upstreams/pool/health?balancer_health=1'
      const { text } = await requestOnce(gateway.adminPort, 'GET', path)
      const { data } = JSON.parse(text) as { data: Readonly<Record<string, unknown>> }
      assert.deepEqual([data.health, data.balancer_health], ['UNHEALTHY', 'UNHEALTHY'])
    })
  })
}

describe('health', () => {
  const env = {
    KONG_NGINX_WORKER_PROCESSES: '2',
    KONG_PLUGINS: 'bundled,mortal',
    GW_PLUGIN_PATH: join(projectRoot, 'test/e2e/workers'),
  }
  const deed = (name: string): object => ({
    name,
    paths: [`/${name}`],
    plugins: [{ name: 'mortal', config: { deed: name } }],
  })

  /** So many that every worker has some. */
  const statuses = (gateway: RunningGateway): Promise<readonly number[]> =>
    Promise.all(Array.from({ length: 40 }, () => status(gateway)))

  it('is the same in all workers, and outlives them', async () => {
    const target = `127.0.0.1:${(await statusTarget({ status: 200 })).port}`
    const config = pool({ checks: PASSIVE, targets: [target], routes: [deed('exit')] })
    const gateway = await start(config, { env })
    assert.deepEqual(new Set(await statuses(gateway)), new Set([200]))
    // One worker has seen it.
    assert.equal(await status(gateway, '/p/status/503'), 503)
    await becomes(gateway, target, 'UNHEALTHY')
    assert.deepEqual(new Set(await statuses(gateway)), new Set([503]))
    assert.equal((await changes(gateway, 1)).length, 1)
    requestOnce(gateway.proxyPort, 'GET', '/exit').catch(() => undefined)
    await waitFor('a successor', () => gateway.log.includes('has taken the place'), PATIENCE_MS)
    assert.deepEqual(new Set(await statuses(gateway)), new Set([503]))
    const path = `/upstreams/pool/targets/${target}/healthy`
    assert.equal((await requestOnce(gateway.adminPort, 'PUT', path)).status, 204)
    assert.deepEqual(new Set(await statuses(gateway)), new Set([200]))
  })

  it('is probed while a worker is stuck', async () => {
    const target = await recordingTarget()
    const config = pool({
      checks: { active: ACTIVE },
      targets: [`127.0.0.1:${target.port}`],
      routes: [deed('block')],
    })
    const gateway = await start(config, {
      env: { ...env, GW_ENGINE: 'http1', KONG_NGINX_WORKER_PROCESSES: '1' },
    })
    requestOnce(gateway.proxyPort, 'GET', '/block').catch(() => undefined)
    await waitFor('the report', () => gateway.log.includes('does not react'), PATIENCE_MS)
    target.answer((socket) => socket.end('HTTP/1.0 503\r\n\r\n'))
    await becomes(gateway, `127.0.0.1:${target.port}`, 'UNHEALTHY')
    target.answer(ok)
    await becomes(gateway, `127.0.0.1:${target.port}`, 'HEALTHY')
  })

  it('is read on the status listener, and switched on that of the Admin API alone', async () => {
    const target = `127.0.0.1:${(await statusTarget({ status: 200 })).port}`
    const gateway = await start(pool({ checks: PASSIVE, targets: [target] }))
    assert.deepEqual(await healths(gateway, gateway.statusPort), { [target]: 'HEALTHY' })
    const below = '/upstreams/pool/targets'
    for (const path of [below, `${below}/all`, `${below}/${target}`]) {
      const [here, there] = [gateway.statusPort, gateway.adminPort].map((port) =>
        requestOnce(port, 'GET', path),
      )
      assert.equal((await here)?.text, (await there)?.text)
      assert.equal((await here)?.status, 200)
    }
    const put = (port: number, path: string) => requestOnce(port, 'PUT', `${below}/${path}`)
    assert.equal((await put(gateway.statusPort, `${target}/unhealthy`)).status, 404)
    assert.equal((await put(gateway.adminPort, `${target}/${target}/unhealthy`)).status, 204)
    assert.deepEqual(await healths(gateway, gateway.statusPort), { [target]: 'UNHEALTHY' })
    assert.equal(await status(gateway), 503)
    assert.equal((await put(gateway.adminPort, `${target}/127.0.0.1:1/healthy`)).status, 204)
    assert.deepEqual(await healths(gateway), { [target]: 'UNHEALTHY' })
    await logged(gateway, /the health of an address was set that is not there/)
  })
})
