// A plugin that goes wrong costs the request that it ran for, and no other.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, beforeEach, describe, it } from 'node:test'
import { startGateway, type RunningGateway } from '../../support/gateway.js'
import { HttpClient, requestOnce } from '../../support/http-client.js'
import { ok, startRecordingTarget, type RecordingTarget } from '../../support/recording-target.js'
import { projectRoot } from '../../support/root.js'
import { waitFor } from '../../support/wait.js'
import { WAYS } from './trouble.js'

type Way = (typeof WAYS)[number]
const pathOf = (way: Way): string => `/${way.replaceAll(' ', '-')}`

describe('a plugin that', () => {
  let target: RecordingTarget
  let gateway: RunningGateway
  before(async () => {
    target = await startRecordingTarget()
    gateway = await startGateway({
      env: {
        KONG_PLUGINS: 'bundled,trouble',
        GW_PLUGIN_PATH: join(projectRoot, 'test/e2e/plugins'),
      },
      config: {
        _format_version: '3.0',
        services: [
          {
            name: 'target',
            url: `http://127.0.0.1:${target.port}`,
            routes: [
              { name: 'fine', paths: ['/fine'] },
              ...WAYS.map((way) => ({
                name: way.replaceAll(' ', '-'),
                paths: [pathOf(way)],
                plugins: [{ name: 'trouble', config: { way } }],
              })),
            ],
          },
        ],
      },
    })
  })
  after(async () => {
    await gateway.stop()
    await target.close()
  })
  beforeEach(() => target.answer(ok))

  const goesOn = async (): Promise<void> => {
    assert.equal((await requestOnce(gateway.proxyPort, 'GET', '/fine')).status, 200)
    await waitFor('no request to be pending', async () => (await pending()) === 0)
  }
  const pending = async (): Promise<number> => {
    const { text } = await requestOnce(gateway.statusPort, 'GET', '/status')
    return (JSON.parse(text) as { server: { requests_pending: number } }).server.requests_pending
  }

  const refused: readonly Way[] = [
    'throws in access',
    'throws text in access',
    'rejects in access',
    'throws in header_filter',
    'throws in body_filter',
    'sets a request header with a line break',
    'sets a response header with a line break',
    'exits with a status that is none',
    'exits with a number for a body',
    'returns true',
    'returns null',
    'returns an exit of its own making',
    'resolves to text',
    'returns a thenable that throws',
    'returns text from body_filter',
    'returns a promise from body_filter',
    'sets a path with a line break',
    'sets a path with a space',
    'sets a path without a slash',
    'sets a method with a space',
    'sets a host with a line break',
    'sets a query with a line break',
    'sets a body that is text',
    'sends the body through text',
  ]
  for (const way of refused) {
    it(`${way} gets the client a 500 without the reason, and the log a line with it`, async () => {
      const before = gateway.log.length
      const answer = await requestOnce(gateway.proxyPort, 'GET', pathOf(way))
      assert.equal(answer.status, 500)
      const { message } = JSON.parse(answer.text) as { message: string }
      assert.equal(message, 'An unexpected error occurred')
      const line = /"level":"error".*"detail":"plugin trouble/
      await waitFor('a line in the log', () => line.test(gateway.log.slice(before)))
      await goesOn()
    })
  }

  it('sets what cannot be sent gets nothing of it to the target', () => {
    for (const { headers, path } of target.requests) {
      assert.ok(!headers.some(([name]) => name.toLowerCase() === 'x-injected'))
      assert.doesNotMatch(path, /injected/)
    }
  })

  it('exits with a header with a line break loses that header alone', async () => {
    const answer = await requestOnce(
      gateway.proxyPort,
      'GET',
      pathOf('exits with a header with a line break'),
    )
    assert.equal(answer.status, 500)
    assert.equal(answer.text, '{"message":"trouble"}')
    assert.equal(answer.header('x-a'), undefined)
    assert.equal(answer.header('x-injected'), undefined)
    assert.equal(answer.header('x-b'), 'b')
  })

  for (const way of ['throws in log', 'throws from a timer', 'lets a promise reject'] as const) {
    it(`${way} harms no request and is logged`, async () => {
      const before = gateway.log.length
      assert.equal((await requestOnce(gateway.proxyPort, 'GET', pathOf(way))).status, 200)
      await waitFor('a line in the log', () => gateway.log.slice(before).includes('trouble'))
      await goesOn()
    })
  }

  it('throws once the head has left cuts the connection', async () => {
    target.answer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfirst')
      setTimeout(() => socket.write('later'), 50)
    })
    const client = await HttpClient.connect(gateway.proxyPort)
    const asked = client.request('GET', pathOf('throws late in body_filter'))
    await assert.rejects(asked, /closed without a whole answer after "HTTP\/1\.1 200 OK/)
    assert.ok(await client.closed())
    await goesOn()
  })

  const cut: readonly Way[] = [
    'sends the body through a stream that throws',
    'sends the body through a stream that fails',
    'sends the body through a stream that closes',
    'sends the body through a stream that gives objects',
  ]
  for (const way of cut) {
    it(`${way} cuts the connection, and the log has a line with the reason`, async () => {
      const before = gateway.log.length
      await assert.rejects(requestOnce(gateway.proxyPort, 'GET', pathOf(way)), /without a whole/)
      const line = /"level":"error".*"detail":"plugin trouble/
      await waitFor('a line in the log', () => line.test(gateway.log.slice(before)))
      await goesOn()
    })
  }

  it('never answers is let go when the client leaves', async () => {
    const client = await HttpClient.connect(gateway.proxyPort)
    client.send(`GET ${pathOf('never answers in access')} HTTP/1.1\r\nHost: a\r\n\r\n`)
    await waitFor('the request', async () => (await pending()) === 1)
    client.close()
    await goesOn()
  })
})
