// What a plugin's log phase hears of the tries of a request.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { TryEntry } from '../../../src/plugin/contract.js'
import { startGateway, type RunningGateway } from '../../support/gateway.js'
import { requestOnce } from '../../support/http-client.js'
import { freePort } from '../../support/ports.js'
import { startRecordingTarget, type RecordingTarget } from '../../support/recording-target.js'
import { projectRoot } from '../../support/root.js'
import { waitFor } from '../../support/wait.js'

interface Told {
  readonly path: string
  readonly startedAt: number
  readonly tries: readonly TryEntry[]
}

describe('the log entry of a request', () => {
  let target: RecordingTarget
  let dead: number
  let gateway: RunningGateway
  before(async () => {
    target = await startRecordingTarget()
    dead = await freePort()
    target.answer((socket, { path }) => {
      const status = path.startsWith('/bad') ? 503 : 200
      socket.write(`HTTP/1.1 ${status} x\r\nContent-Length: 0\r\n\r\n`)
    })
    gateway = await startGateway({
      config: {
        _format_version: '3.0',
        plugins: [{ name: 'teller' }],
        upstreams: [
          {
            name: 'pool',
            targets: [
              // Nearly always asked first.
              { target: `127.0.0.1:${dead}`, weight: 65_535 },
              { target: `localhost:${target.port}`, weight: 1 },
            ],
          },
        ],
        services: [
          service('plain', { port: target.port }),
          service('dead', { port: dead }),
          service('pool', { host: 'pool' }),
          service('bad', {
            port: target.port,
            path: '/bad',
            plugins: [{ name: 'retry', config: { attempts: 1, statuses: [503] } }],
          }),
        ],
        routes: [{ name: 'none', paths: ['/none'] }],
      },
      env: {
        KONG_PLUGINS: 'bundled,teller',
        GW_PLUGIN_PATH: join(projectRoot, 'test/e2e/balancing/plugins'),
      },
    })
  })
  after(async () => {
    await gateway.stop()
    await target.close()
  })

  const service = (name: string, fields: object): object => ({
    ...{ name, host: '127.0.0.1', retries: 1, routes: [{ name, paths: [`/${name}`] }] },
    ...fields,
  })

  async function told(path: string): Promise<Told> {
    await requestOnce(gateway.proxyPort, 'GET', path)
    let line: Told | undefined
    await waitFor('the line', () => {
      const lines = gateway.log.split('\n').filter((one) => one.includes('"msg":"told"'))
      line = lines.map((one) => JSON.parse(one) as Told).find((one) => one.path === path)
      return line !== undefined
    })
    return line ?? assert.fail()
  }

  /** Port, state and code of each; the times are looked at here. */
  function outlineOf({ startedAt, tries }: Told): unknown[] {
    let at = startedAt
    return tries.map((one) => {
      assert.ok(one.startedAt >= at && one.startedAt < Date.now() + 1, `${one.startedAt}`)
      assert.ok(one.latency >= 0 && one.latency < 10_000)
      assert.equal(one.ip, '127.0.0.1')
      at = one.startedAt
      return [one.port, one.state, one.code]
    })
  }

  it('has the one try of a service with an address', async () => {
    assert.deepEqual(outlineOf(await told('/plain')), [[target.port, null, null]])
  })

  it('has all tries that fail, the last one included', async () => {
    assert.deepEqual(outlineOf(await told('/dead')), [
      [dead, 'failed', 502],
      [dead, 'failed', 502],
    ])
  })

  it('has the targets that were asked in turn', async () => {
    assert.deepEqual(outlineOf(await told('/pool')), [
      [dead, 'failed', 502],
      [target.port, null, null],
    ])
  })

  it('has answers that were not good enough for the plugin retry', async () => {
    assert.deepEqual(outlineOf(await told('/bad')), [
      [target.port, 'next', 503],
      [target.port, null, null],
    ])
  })

  it('has none when no target was called', async () => {
    assert.deepEqual((await told('/none')).tries, [])
  })
})
