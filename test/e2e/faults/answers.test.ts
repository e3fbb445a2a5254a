// What a client is told when its target fails, in the form that it asks for.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startGateway, type RunningGateway } from '../../support/gateway.js'
import { HttpClient, requestOnce } from '../../support/http-client.js'
import { freePort } from '../../support/ports.js'
import {
  startRecordingTarget,
  type RecordingTarget,
  type Reply,
} from '../../support/recording-target.js'
import { waitFor } from '../../support/wait.js'

const REPLIES: Readonly<Record<string, Reply>> = {
  reset: (socket) => socket.resetAndDestroy(),
  close: (socket) => socket.end(),
  garbage: (socket) => socket.write('\x16\x03\x01\x02\x00nonsense\r\n\r\n'),
  'http-2': (socket) => socket.write('HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n'),
  'two-lengths': (socket) =>
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'),
  'endless-head': (socket) =>
    socket.write(`HTTP/1.1 200 OK\r\n${`X-Long: ${'x'.repeat(8000)}\r\n`.repeat(40)}\r\n`),
  silent: () => undefined,
  'half-head': (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-'),
}

describe('a target that fails', () => {
  let target: RecordingTarget
  let gateway: RunningGateway
  before(async () => {
    target = await startRecordingTarget((socket, request) => {
      REPLIES[request.path.slice(1)]?.(socket, request)
    })
    const url = `http://127.0.0.1:${target.port}`
    const settings = { retries: 0, read_timeout: 200 }
    gateway = await startGateway({
      config: {
        _format_version: '3.0',
        services: [
          {
            name: 'refused',
            url: `http://127.0.0.1:${await freePort()}`,
            routes: [{ name: 'refused', paths: ['/refused'] }],
          },
          {
            name: 'nameless',
            url: 'http://no-such-name.invalid',
            routes: [{ name: 'nameless', paths: ['/nameless'] }],
          },
          ...Object.keys(REPLIES).map((name) => ({
            name,
            url: `${url}/${name}`,
            ...settings,
            routes: [{ name, paths: [`/${name}`] }],
          })),
        ],
      },
    })
  })
  after(async () => {
    await gateway.stop()
    await target.close()
  })

  const INVALID = 'An invalid response was received from the upstream server'
  const LATE = 'The upstream server is timing out'
  const expected: readonly (readonly [path: string, status: number, message: string])[] = [
    ['refused', 502, INVALID],
    ['nameless', 503, 'name resolution failed'],
    ['reset', 502, INVALID],
    ['close', 502, INVALID],
    ['garbage', 502, INVALID],
    ['http-2', 502, INVALID],
    ['two-lengths', 502, INVALID],
    ['endless-head', 502, INVALID],
    ['silent', 504, LATE],
    ['half-head', 504, LATE],
  ]
  for (const [path, status, message] of expected) {
    it(`gets the client a ${status} (${path})`, async () => {
      const answer = await requestOnce(gateway.proxyPort, 'GET', `/${path}`, {
        Accept: 'application/json',
      })
      assert.equal(answer.status, status)
      const id = answer.header('x-kong-request-id') ?? ''
      assert.equal(answer.text, `{\n  "message":"${message}",\n  "request_id":"${id}"\n}`)
      assert.equal(answer.header('content-type'), 'application/json; charset=utf-8')
    })
  }

  const forms: readonly (readonly [accept: string, type: string, body: RegExp])[] = [
    [
      'text/plain',
      'text/plain; charset=utf-8',
      /^An invalid response .+\nrequest_id: [0-9a-f]{32}\n$/,
    ],
    ['text/html', 'text/html; charset=utf-8', /<p>An invalid response .+\.<\/p>\s+<p>request_id: /],
    ['application/xml', 'application/xml; charset=utf-8', /<message>An invalid .+<\/message>/],
    ['text/html;q=0.5, application/xml', 'application/xml; charset=utf-8', /^<\?xml /],
    ['image/png', 'application/json; charset=utf-8', /"message":"An invalid/],
  ]
  for (const [accept, type, body] of forms) {
    it(`is told in the form that the client accepts (${accept})`, async () => {
      const answer = await requestOnce(gateway.proxyPort, 'GET', '/refused', { Accept: accept })
      assert.equal(answer.status, 502)
      assert.equal(answer.header('content-type'), type)
      assert.match(answer.text, body)
    })
  }

  it('is told in plain text to a client that accepts nothing in particular', async () => {
    const answer = await requestOnce(gateway.proxyPort, 'GET', '/refused')
    assert.equal(answer.header('content-type'), 'text/plain; charset=utf-8')
  })

  it('is told to HEAD by the status alone', async () => {
    const client = await HttpClient.connect(gateway.proxyPort)
    assert.equal((await client.request('HEAD', '/refused')).status, 502)
    assert.equal((await client.request('GET', '/refused')).status, 502)
    client.close()
  })

  it('names itself and the reason in the log, and not to the client', async () => {
    const before = gateway.log.length
    const answer = await requestOnce(gateway.proxyPort, 'GET', '/refused')
    const id = answer.header('x-kong-request-id') ?? 'no id'
    await waitFor('a line in the log', () => gateway.log.slice(before).includes(id))
    const line = gateway.log.slice(before)
    assert.match(line, /"code":"UPSTREAM_REFUSED"/)
    assert.match(line, /127\.0\.0\.1:\d+/)
    assert.doesNotMatch(answer.text, /127\.0\.0\.1|ECONN/)
  })
})
