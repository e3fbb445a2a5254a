// A Redis that wants to know who comes, and one behind TLS.
import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'node:test'
import { makeAuthority, issueCertificate } from '../../support/certificates.js'
import { makeFolder, type Folder } from '../../support/folder.js'
import type { RunningGateway } from '../../support/gateway.js'
import { ask, askOften, countIn, startLimited } from '../../support/limited.js'
import { freePort } from '../../support/ports.js'
import { startRecordingTarget, type RecordingTarget } from '../../support/recording-target.js'
import { command, startRedis, type RunningRedis } from '../../support/redis.js'
import { waitFor } from '../../support/wait.js'

let target: RecordingTarget
let folder: Folder
let gateway: RunningGateway
let servers: RunningRedis[] = []

before(async () => {
  target = await startRecordingTarget()
  folder = makeFolder()
})
after(async () => {
  folder.remove()
  await target.close()
})
afterEach(async () => {
  await gateway.stop()
  await Promise.all(servers.map((server) => server.stop()))
  servers = []
})

async function serve(args: readonly string[] = [], port?: number): Promise<RunningRedis> {
  const server = await startRedis(args, port)
  servers.push(server)
  return server
}

async function start(redis: object, env = {}): Promise<void> {
  gateway = await startLimited({ target, config: { year: 2, fault_tolerant: false, redis }, env })
}

describe('rate-limiting in a Redis with users', () => {
  const user = (...rights: string[]): string[] => [
    ...['--user', 'limits', 'on', '>secret', '~ratelimit:*'],
    ...rights,
  ]
  const settings = (port: number) => ({
    host: '127.0.0.1',
    port,
    username: 'limits',
    password: 'secret',
  })

  it('counts with the rights that Kong needs', async () => {
    const { port } = await serve(user('+auth', '+eval', '+incr', '+expire'))
    await start(settings(port))
    assert.deepEqual(await askOften(gateway, 3), [200, 200, 429])
  })

  it('answers as configured when the user may not count, and tells the log once', async () => {
    const { port } = await serve(user('+ping'))
    await start(settings(port))
    assert.deepEqual(await askOften(gateway, 3), [500, 500, 500])
    assert.equal(countIn(gateway, 'Redis does not serve'), 1)
    assert.equal(countIn(gateway, 'secret'), 0)
    await command(port, 'ACL', 'SETUSER', 'limits', '+evalsha', '+eval', '+incr', '+expire')
    await waitFor('the right to count', async () => (await ask(gateway)).status === 200)
  })
})

describe('rate-limiting in a Redis with TLS', () => {
  async function serveTls(): Promise<{ redis: object; caFile: string }> {
    const authority = makeAuthority('redis authority')
    const { key, cert } = issueCertificate(authority, { names: 'DNS:redis.test' })
    const caFile = folder.write('ca.pem', authority.cert)
    const files = [
      ...['--tls-cert-file', folder.write('redis.pem', cert)],
      ...['--tls-key-file', folder.write('redis.key', key)],
      ...['--tls-ca-cert-file', caFile, '--tls-auth-clients', 'no'],
    ]
    const tlsPort = await freePort()
    await serve(['--tls-port', String(tlsPort), ...files])
    return { redis: { host: '127.0.0.1', port: tlsPort, ssl: true }, caFile }
  }

  it('counts, and does not ask who it is', async () => {
    const { redis } = await serveTls()
    await start(redis)
    assert.deepEqual(await askOften(gateway, 3), [200, 200, 429])
  })

  for (const setting of ['KONG_LUA_SSL_TRUSTED_CERTIFICATE', 'NODE_EXTRA_CA_CERTS']) {
    it(`verifies the certificate with ssl_verify, against ${setting}`, async () => {
      const { redis, caFile } = await serveTls()
      const verified = { ...redis, ssl_verify: true, server_name: 'redis.test' }
      await start(verified, { [setting]: caFile })
      assert.deepEqual(await askOften(gateway, 3), [200, 200, 429])
    })
  }

  for (const [title, settings, isTrusted] of [
    ['an unknown authority', { server_name: 'redis.test' }, false],
    ['another name', { server_name: 'other.test' }, true],
  ] as const) {
    it(`refuses ${title} with ssl_verify`, async () => {
      const { redis, caFile } = await serveTls()
      const env = isTrusted ? { KONG_LUA_SSL_TRUSTED_CERTIFICATE: caFile } : {}
      await start({ ...redis, ...settings, ssl_verify: true }, env)
      assert.deepEqual(await askOften(gateway, 2), [500, 500])
    })
  }
})
