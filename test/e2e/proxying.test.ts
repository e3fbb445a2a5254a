// What reaches the target and what comes back, byte by byte.
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { oneRoute, startGateway, type RunningGateway } from '../support/gateway.js'
import { header } from '../support/message-reader.js'
import { freePort } from '../support/ports.js'
import { HttpClient, requestOnce } from '../support/http-client.js'
import {
  ok,
  okBody,
  startRecordingTarget,
  type RecordedRequest,
  type RecordingTarget,
} from '../support/recording-target.js'

describe('proxying', () => {
  let target: RecordingTarget
  let gateway: RunningGateway
  before(async () => {
    target = await startRecordingTarget()
    const refused = await freePort()
    gateway = await startGateway({
      config: {
        _format_version: '3.0',
        services: [
          {
            name: 'target',
            url: `http://127.0.0.1:${target.port}`,
            routes: [
              { name: 'stripped', paths: ['/api'] },
              { name: 'whole', paths: ['/whole'], strip_path: false },
            ],
          },
          {
            name: 'dead',
            url: `http://127.0.0.1:${refused}`,
            retries: 0,
            routes: [{ name: 'dead', paths: ['/dead'] }],
          },
        ],
        routes: [{ name: 'lonely', paths: ['/lonely'] }],
      },
    })
  })
  after(async () => {
    await gateway.stop()
    await target.close()
  })
  beforeEach(() => target.answer(ok))

  const last = (): RecordedRequest => {
    const request = target.requests.at(-1)
    assert.ok(request, 'the target has got no request')
    return request
  }

  it('sends method, path, query, headers and body to the target', async () => {
    const answer = await requestOnce(
      gateway.proxyPort,
      'POST',
      '/api/a%2Fb/c?x=1&x=%20',
      { 'X-Custom': 'kept', 'Content-Type': 'text/plain' },
      'hello',
    )
    assert.equal(answer.status, 200)
    assert.equal(answer.text, okBody)
    assert.equal(last().startLine, 'POST /a%2Fb/c?x=1&x=%20 HTTP/1.1')
    assert.equal(header(last(), 'x-custom'), 'kept')
    assert.equal(last().body.toString(), 'hello')
  })

  it('keeps the whole path when the route does not strip', async () => {
    await requestOnce(gateway.proxyPort, 'GET', '/whole/part')
    assert.equal(last().path, '/whole/part')
  })

  it('tells the target who asked and for what', async () => {
    await requestOnce(gateway.proxyPort, 'GET', '/api/x', { Host: 'shop.example' })
    assert.equal(header(last(), 'host'), `127.0.0.1:${target.port}`)
    assert.equal(header(last(), 'x-real-ip'), '127.0.0.1')
    assert.equal(header(last(), 'x-forwarded-for'), '127.0.0.1')
    assert.equal(header(last(), 'x-forwarded-proto'), 'http')
    assert.equal(header(last(), 'x-forwarded-host'), 'shop.example')
    assert.equal(header(last(), 'x-forwarded-port'), String(gateway.proxyPort))
    assert.equal(header(last(), 'x-forwarded-path'), '/api/x')
    assert.equal(header(last(), 'x-forwarded-prefix'), '/api')
  })

  it('sends the same request id to target and client', async () => {
    const answer = await requestOnce(gateway.proxyPort, 'GET', '/api')
    const id = answer.header('x-kong-request-id')
    assert.match(id ?? '', /^[0-9a-f]{32}$/)
    assert.equal(header(last(), 'x-kong-request-id'), id)
  })

  it('keeps headers of one connection to that connection', async () => {
    await requestOnce(gateway.proxyPort, 'GET', '/api', {
      Connection: 'X-Hop',
      'X-Hop': 'mine',
      'Keep-Alive': 'timeout=5',
    })
    assert.equal(header(last(), 'x-hop'), undefined)
    assert.equal(header(last(), 'keep-alive'), undefined)
  })

  it('streams a chunked body in both directions', async () => {
    target.answer((socket) => {
      socket.write(
        'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n',
      )
    })
    const client = await HttpClient.connect(gateway.proxyPort)
    client.send(
      'POST /api HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nfoo\r\n3\r\nbar\r\n0\r\n\r\n',
    )
    const answer = await client.next()
    client.close()
    assert.equal(answer.text, 'abcde')
    assert.equal(last().body.toString(), 'foobar')
  })

  it('answers HEAD with the length that GET would have and no body', async () => {
    target.answer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n')
    })
    const client = await HttpClient.connect(gateway.proxyPort)
    const head = await client.request('HEAD', '/api')
    assert.equal(head.header('content-length'), '1234')
    target.answer(ok)
    // Were a body pending, the next answer would be lost in it.
    assert.equal((await client.request('GET', '/api')).text, okBody)
    client.close()
  })

  it('reuses its connection to the target', async () => {
    const client = await HttpClient.connect(gateway.proxyPort)
    await client.request('GET', '/api/first')
    const before = target.connections
    for (let i = 0; i < 5; i++) await client.request('GET', `/api/${i}`)
    client.close()
    assert.equal(target.connections, before)
  })

  it('passes an error of the target through', async () => {
    target.answer((socket) => {
      socket.write('HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy')
    })
    const answer = await requestOnce(gateway.proxyPort, 'GET', '/api')
    assert.equal(answer.status, 503)
    assert.equal(answer.text, 'busy')
  })

  it('answers 404 when no route matches', async () => {
    const answer = await requestOnce(gateway.proxyPort, 'GET', '/nowhere')
    assert.equal(answer.status, 404)
    const { message } = JSON.parse(answer.text) as { message: string }
    assert.equal(message, 'no Route matched with those values')
  })

  it('answers 503 when the route has no service', async () => {
    const answer = await requestOnce(gateway.proxyPort, 'GET', '/lonely')
    assert.equal(answer.status, 503)
    assert.match(answer.text, /no Service found with those values/)
  })

  it('answers 502 without a cause when the target refuses', async () => {
    const answer = await requestOnce(gateway.proxyPort, 'GET', '/dead')
    assert.equal(answer.status, 502)
    assert.match(answer.text, /An invalid response was received from the upstream server/)
    assert.doesNotMatch(answer.text, /ECONNREFUSED/)
  })

  it('answers 502 to an answer that is not HTTP', async () => {
    target.answer((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n\r\n'))
    assert.equal((await requestOnce(gateway.proxyPort, 'GET', '/api')).status, 502)
  })

  it('cuts the connection when the target breaks off in the middle of a body', async () => {
    target.answer((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf'))
    const client = await HttpClient.connect(gateway.proxyPort)
    await assert.rejects(client.request('GET', '/api'), /closed without a whole answer/)
    client.close()
  })
})

describe('a service with short timeouts', () => {
  it('answers 504 when the target does not answer in time', async () => {
    const target = await startRecordingTarget(() => undefined)
    const gateway = await startGateway({
      config: oneRoute(target.port, { read_timeout: 200, retries: 0 }),
    })
    try {
      const answer = await requestOnce(gateway.proxyPort, 'GET', '/')
      assert.equal(answer.status, 504)
      assert.match(answer.text, /The upstream server is timing out/)
    } finally {
      await gateway.stop()
      await target.close()
    }
  })
})
