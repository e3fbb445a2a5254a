// What plugins may change on the way: the request's line, headers and body, the answer's headers and body.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import { startGateway, type RunningGateway } from '../../support/gateway.js'
import { HttpClient, requestOnce } from '../../support/http-client.js'
import { header } from '../../support/message-reader.js'
import {
  ok,
  okBody,
  startRecordingTarget,
  type RecordedRequest,
  type RecordingTarget,
} from '../../support/recording-target.js'
import { projectRoot } from '../../support/root.js'

describe('a plugin', () => {
  let target: RecordingTarget
  let gateway: RunningGateway
  let client: HttpClient
  before(async () => {
    target = await startRecordingTarget()
    const shape = (name: string, config: object): object => ({
      name,
      paths: [`/${name}`],
      plugins: [{ name: 'shape', config }],
    })
    gateway = await startGateway({
      env: {
        KONG_PLUGINS: 'bundled,shape',
        GW_PLUGIN_PATH: join(projectRoot, 'test/e2e/plugins'),
      },
      config: {
        _format_version: '3.0',
        consumers: [
          { username: 'alice', keyauth_credentials: [{ key: 'alice-key' }] },
          { username: 'bob', keyauth_credentials: [{ key: 'bob-key' }] },
        ],
        plugins: [{ name: 'shape', consumer: 'alice', config: { mark: 'for alice' } }],
        services: [
          {
            name: 'target',
            url: `http://127.0.0.1:${target.port}`,
            routes: [
              { name: 'plain', paths: ['/plain'] },
              shape('double', { filter: 'double' }),
              shape('hold', { filter: 'hold' }),
              shape('drop', { filter: 'drop' }),
              shape('read', { read: 1000 }),
              shape('lenient', { read: 1000, lenient: true }),
              shape('body', { body: 'from the plugin' }),
              shape('bodiless', { body: '' }),
              shape('read-and-set', { read: 1000, body: 'from the plugin' }),
              shape('line', { method: 'PATCH', path: '/new/%2F', query: 'b=2', host: 'new.test' }),
              shape('head', { method: 'HEAD' }),
              shape('query', { query: '' }),
              {
                name: 'keyed',
                paths: ['/keyed'],
                plugins: [
                  { name: 'key-auth', config: {} },
                  { name: 'shape', config: { mark: 'for anybody' } },
                ],
              },
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
  beforeEach(async () => {
    target.answer(ok)
    client = await HttpClient.connect(gateway.proxyPort)
  })
  afterEach(() => client.close())

  const last = (): RecordedRequest => {
    const request = target.requests.at(-1)
    assert.ok(request, 'the target has got no request')
    return request
  }
  const answerOf = (text: string): void => target.answer((socket) => socket.write(text))
  const CHUNKED =
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n'
  /** Only an answer that ended where it should lets another one follow. */
  const isKept = async (): Promise<void> => {
    target.answer(ok)
    assert.equal((await client.request('GET', '/plain')).text, okBody)
  }

  describe('that filters the body of an answer', () => {
    it('may make it longer than it was announced', async () => {
      const answer = await client.request('GET', '/double')
      assert.equal(answer.text, okBody + okBody)
      await isKept()
    })

    it('may make a chunked one longer', async () => {
      answerOf(CHUNKED)
      const { text } = await client.request('GET', '/double')
      assert.match(text, /^(abcabcdede|abcdeabcde)$/)
      await isKept()
    })

    for (const [kind, bytes] of [
      ['of known length', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcde'],
      ['in chunks', CHUNKED],
    ] as const) {
      it(`may hold back one ${kind} until it is whole`, async () => {
        answerOf(bytes)
        assert.equal((await client.request('GET', '/hold')).text, '<abcde>')
        await isKept()
      })

      it(`may hold back one ${kind} whose pieces come apart`, async () => {
        target.answer((socket) => {
          const half = bytes.length - 4
          socket.write(bytes.slice(0, half))
          setTimeout(() => socket.write(bytes.slice(half)), 30)
        })
        assert.equal((await client.request('GET', '/hold')).text, '<abcde>')
        await isKept()
      })

      it(`may drop one ${kind}`, async () => {
        answerOf(bytes)
        assert.equal((await client.request('GET', '/drop')).text, '')
        await isKept()
      })
    }

    it('cannot add a body to HEAD', async () => {
      answerOf('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n')
      const answer = await client.request('HEAD', '/hold')
      assert.equal(answer.status, 200)
      assert.equal(answer.text, '')
      await isKept()
    })

    for (const status of ['204 No Content', '304 Not Modified']) {
      it(`cannot add a body to ${status}`, async () => {
        answerOf(`HTTP/1.1 ${status}\r\n\r\n`)
        const answer = await client.request('GET', '/hold')
        assert.equal(answer.status, Number.parseInt(status))
        assert.equal(answer.text, '')
        await isKept()
      })
    }
  })

  describe('that reads the body of a request', () => {
    it('leaves it to the target', async () => {
      await client.request('POST', '/read', {}, 'x'.repeat(1000))
      assert.equal(last().body.toString(), 'x'.repeat(1000))
      assert.equal(header(last(), 'x-body-bytes'), '1000')
      assert.equal(header(last(), 'content-length'), '1000')
    })

    it('gives a chunked one a length', async () => {
      client.send(chunkedRequest('/read', ['foo', 'bar']))
      assert.equal((await client.next()).status, 200)
      assert.equal(last().body.toString(), 'foobar')
      assert.equal(header(last(), 'content-length'), '6')
      assert.equal(header(last(), 'transfer-encoding'), undefined)
    })

    it('sees an empty one when there is none', async () => {
      assert.equal((await client.request('GET', '/read')).status, 200)
      assert.equal(header(last(), 'x-body-bytes'), '0')
    })

    it('gets the client a 413 past the limit', async () => {
      const before = target.requests.length
      const answer = await client.request('POST', '/read', {}, 'x'.repeat(1001))
      assert.equal(answer.status, 413)
      assert.match(answer.text, /Payload too large/)
      assert.equal(target.requests.length, before)
      await isKept()
    })

    it('gets the client a 413 past the limit, also when it comes in chunks', async () => {
      const before = target.requests.length
      client.send(chunkedRequest('/read', ['x'.repeat(600), 'x'.repeat(600)]))
      assert.equal((await client.next()).status, 413)
      assert.ok(await client.closed(), 'the rest of the upload must not be taken for a request')
      assert.equal(target.requests.length, before)
    })

    it('may go on past the limit, and the target gets all of it', async () => {
      await client.request('POST', '/lenient', {}, 'x'.repeat(1001))
      assert.equal(last().body.length, 1001)
    })

    it('may go on past the limit of one in chunks, and the target gets all of it', async () => {
      const pieces = ['a', 'b', 'c'].map((letter) => letter.repeat(600))
      client.send(chunkedRequest('/lenient', pieces))
      assert.equal((await client.next()).status, 200)
      assert.equal(last().body.toString(), pieces.join(''))
    })
  })

  describe('that replaces the body of a request', () => {
    for (const path of ['/body', '/read-and-set']) {
      it(`sends its own to the target (${path})`, async () => {
        await client.request('POST', path, {}, 'from the client')
        assert.equal(last().body.toString(), 'from the plugin')
        await isKept()
      })
    }

    it('may give one to a request without', async () => {
      await client.request('GET', '/body')
      assert.equal(last().body.toString(), 'from the plugin')
      assert.equal(header(last(), 'content-length'), '15')
    })

    it('may take it away', async () => {
      await client.request('POST', '/bodiless', {}, 'from the client')
      assert.equal(header(last(), 'content-length'), '0')
      await isKept()
    })

    it('forgets a large upload', async () => {
      const answer = await client.request('POST', '/body', {}, 'x'.repeat(1_000_000))
      assert.equal(answer.status, 200)
      assert.equal(last().body.toString(), 'from the plugin')
    })
  })

  it('may change method, path, query and Host', async () => {
    const answer = await client.request('GET', '/line/old?a=1')
    assert.equal(answer.text, okBody)
    assert.equal(last().startLine, 'PATCH /new/%2F?b=2 HTTP/1.1')
    assert.equal(header(last(), 'host'), 'new.test')
  })

  it('may ask with HEAD for a client that asks with GET', async () => {
    answerOf('HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n')
    const answer = await client.request('GET', '/head')
    assert.equal(answer.status, 200)
    assert.equal(answer.text, '')
    await isKept()
  })

  it('may take the query away', async () => {
    await client.request('GET', '/query?a=1')
    assert.match(last().path, /^\/\??$/)
  })

  it('runs with the configuration of the consumer that authentication has found', async () => {
    for (const [key, mark] of [
      ['alice-key', 'for alice'],
      ['bob-key', 'for anybody'],
      ['alice-key', 'for alice'],
    ] as const) {
      const answer = await client.request('GET', '/keyed', { apikey: key })
      assert.equal(answer.header('x-mark'), mark)
      assert.equal(header(last(), 'x-mark'), mark)
    }
  })

  it('does not run for a consumer before one is known', async () => {
    const answer = await requestOnce(gateway.proxyPort, 'GET', '/plain', { apikey: 'alice-key' })
    assert.equal(answer.header('x-mark'), undefined)
  })
})

function chunkedRequest(path: string, pieces: readonly string[]): string {
  const chunks = pieces.map((piece) => `${piece.length.toString(16)}\r\n${piece}\r\n`).join('')
  return `POST ${path} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}0\r\n\r\n`
}
