// `gw echo`, the target to try files against.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startEcho, type RunningEcho } from '../../src/cli/echo.js'
import { HttpClient, requestOnce, type Answer } from '../support/http-client.js'

describe('gw echo', () => {
  let echo: RunningEcho
  before(async () => {
    echo = await startEcho({ host: '127.0.0.1', port: 0 })
  })
  after(() => echo.close())

  const get = (path: string): Promise<Answer> => requestOnce(echo.port, 'GET', path)

  it('answers with the request as it came', async () => {
    const answer = await requestOnce(
      echo.port,
      'POST',
      '/a%20b?x=1&x=2&y=%C3%A9',
      { Host: 'example.com', 'X-One': 'first' },
      'naïve',
    )
    assert.equal(answer.status, 200)
    assert.equal(answer.header('content-type'), 'application/json')
    assert.deepEqual(JSON.parse(answer.text), {
      method: 'POST',
      path: '/a%20b',
      query: { x: ['1', '2'], y: 'é' },
      headers: { host: 'example.com', 'x-one': 'first', 'content-length': '6' },
      body: 'naïve',
      bodyEncoding: 'text',
      remoteAddress: '127.0.0.1',
    })
  })

  it('lists every value of a header that came more than once', async () => {
    const client = await HttpClient.connect(echo.port)
    client.send('GET / HTTP/1.1\r\nHost: a\r\nX-A: 1\r\nX-a: 2\r\nX-A: 3\r\n\r\n')
    const { headers } = JSON.parse((await client.next()).text) as {
      headers: Record<string, unknown>
    }
    client.close()
    assert.deepEqual(headers['x-a'], ['1', '2', '3'])
  })

  it('shows a body that is no text as base64', async () => {
    const client = await HttpClient.connect(echo.port)
    client.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n\xff\xfe')
    const seen = JSON.parse((await client.next()).text) as Record<string, unknown>
    client.close()
    assert.equal(seen.body, '//4=')
    assert.equal(seen.bodyEncoding, 'base64')
  })

  it('answers /status/N with that status, behind any prefix', async () => {
    assert.equal((await get('/api/status/418')).status, 418)
  })

  it('answers /delay/N no sooner than after N ms', async () => {
    const start = performance.now()
    assert.equal((await get('/delay/60')).status, 200)
    // A timer may fire a fraction of a millisecond early.
    assert.ok(performance.now() - start >= 59)
  })

  it('answers /bytes/N with as many bytes', async () => {
    const answer = await get('/bytes/200000')
    assert.equal(answer.header('content-length'), '200000')
    assert.equal(answer.body.length, 200_000)
    assert.equal((await get('/bytes/0')).body.length, 0)
  })

  it('answers /stream/N in chunks, one line each', async () => {
    const answer = await get('/stream/3')
    assert.equal(answer.header('transfer-encoding'), 'chunked')
    assert.equal(answer.text, 'line 0\nline 1\nline 2\n')
  })

  it('answers /sse/N with events', async () => {
    const answer = await get('/sse/2')
    assert.equal(answer.header('content-type'), 'text/event-stream')
    assert.equal(answer.text, 'id: 0\ndata: event 0\n\nid: 1\ndata: event 1\n\n')
  })

  it('answers 400 when more is asked for than it gives', async () => {
    const answer = await get('/delay/60001')
    assert.equal(answer.status, 400)
    assert.match(answer.text, /takes a number from 0 to 60000/)
  })

  it('takes names that every object has for ordinary paths', async () => {
    assert.equal((await get('/constructor/1')).status, 200)
  })

  it('goes on when a client leaves in the middle of an answer', async () => {
    const client = await HttpClient.connect(echo.port)
    client.send('GET /bytes/100000000 HTTP/1.1\r\nHost: a\r\n\r\n')
    await new Promise((resolve) => client.socket.once('data', resolve))
    client.close()
    assert.equal((await get('/')).status, 200)
  })

  it('rejects when the port is taken', async () => {
    await assert.rejects(startEcho({ host: '127.0.0.1', port: echo.port }), { code: 'EADDRINUSE' })
  })
})
