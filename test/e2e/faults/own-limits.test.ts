// A silent target holds all file descriptors that the gateway may have: what others are told, and that they are back at
// once when it is over.
import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'node:test'
import { ENGINES } from '../../../src/gateway/engine-settings.js'
import { startGateway, type RunningGateway } from '../../support/gateway.js'
import { HttpClient } from '../../support/http-client.js'
import { ok, startRecordingTarget, type RecordingTarget } from '../../support/recording-target.js'
import { gwCommand } from '../../support/root.js'
import { waitFor } from '../../support/wait.js'

/** So many file descriptors: enough to read all modules at the start. */
const LIMIT = 400
const LIMITED = ['sh', '-c', `ulimit -n ${LIMIT}; exec "$@"`, 'sh', process.execPath, gwCommand]
/** Each holds two. */
const REQUESTS = 260
/** As many as open a circuit, and more. */
const ASKED = 25

const once = { tcp_failures: 1, timeouts: 1, http_failures: 1 }
const active = {
  healthy: { interval: 0.1 },
  unhealthy: { ...once, http_statuses: [500, 503] },
  timeout: 10,
}
const passive = { unhealthy: { ...once, http_statuses: [500, 502, 503] } }

describe('a gateway without a file descriptor left', () => {
  let silent: RecordingTarget
  let good: RecordingTarget
  let gateway: RunningGateway
  before(async () => {
    silent = await startRecordingTarget(() => undefined)
    good = await startRecordingTarget((socket, request) => {
      if (request.startLine.endsWith('HTTP/1.0')) socket.end('HTTP/1.0 200 OK\r\n\r\n')
      else ok(socket, request)
    })
  })
  after(async () => {
    await silent.close()
    await good.close()
  })
  afterEach(() => gateway.stop())

  const config = (): object => ({
    _format_version: '3.0',
    upstreams: [
      {
        name: 'pool',
        targets: [{ target: `127.0.0.1:${good.port}` }],
        healthchecks: { active, passive },
      },
    ],
    services: [
      { name: 'silent', port: silent.port, host: '127.0.0.1', routes: [{ paths: ['/silent'] }] },
      { name: 'plain', port: good.port, host: '127.0.0.1', routes: [{ paths: ['/plain'] }] },
      { name: 'pool', host: 'pool', routes: [{ paths: ['/pool'] }] },
    ],
  })

  for (const engine of ENGINES) {
    it(`blames no target for that (${engine})`, async () => {
      gateway = await startGateway({
        config: config(),
        command: [...LIMITED, 'start'],
        env: { GW_ENGINE: engine },
      })
      const client = await HttpClient.connect(gateway.proxyPort)
      const waiting: HttpClient[] = []
      for (let i = 0; i < REQUESTS; i++) {
        const one = await HttpClient.connect(gateway.proxyPort)
        one.send('GET /silent HTTP/1.1\r\nHost: a\r\n\r\n')
        waiting.push(one)
      }
      await waitFor('no file descriptor to be left', () => gateway.log.includes('EMFILE'), 20_000)
      const told = new Map<number, string>()
      for (const path of ['/plain', '/pool']) {
        for (let i = 0; i < ASKED; i++) {
          const { status, text } = await client.request('GET', path)
          told.set(status, text)
        }
      }
      assert.match(told.get(500) ?? '', /An unexpected error occurred/)
      // A probe may have left one behind.
      told.delete(500)
      told.delete(200)
      assert.deepEqual([...told], [])
      for (const one of waiting) one.close()
      for (const path of ['/plain', '/pool']) {
        const isBack = async (): Promise<boolean> =>
          (await client.request('GET', path)).status === 200
        await waitFor(`${path} to answer`, isBack)
      }
      assert.doesNotMatch(gateway.log, /circuit|health status/)
      client.close()
    })
  }
})
