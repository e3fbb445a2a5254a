// Both transformers on real sockets: framing of what they have changed and of what they have left alone.
import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import { gunzipSync, gzipSync } from 'node:zlib'
import { ENGINES, engineListeners } from '../support/engine-listeners.js'
import { startGateway, type RunningGateway } from '../support/gateway.js'
import { header } from '../support/message-reader.js'
import { freePorts } from '../support/ports.js'
import { RawClient } from '../support/raw-client.js'
import {
  ok,
  startRecordingTarget,
  type RecordedRequest,
  type RecordingTarget,
} from '../support/recording-target.js'

const request = (config: object): object => ({ name: 'request-transformer', config })
const response = (config: object): object => ({ name: 'response-transformer', config })

let ports: readonly number[]
let target: RecordingTarget
let gateway: RunningGateway
before(async () => {
  target = await startRecordingTarget()
  ports = await freePorts(ENGINES.length)
  const route = (name: string, ...plugins: readonly object[]): object => ({
    name,
    paths: [`/${name}`],
    plugins,
  })
  gateway = await startGateway({
    env: { KONG_PROXY_LISTEN: engineListeners(ports) },
    config: {
      _format_version: '3.0',
      services: [
        {
          name: 'target',
          url: `http://127.0.0.1:${target.port}`,
          routes: [
            route(
              'body',
              request({
                add: { body: ['a:$(headers.x_name)'], headers: ['X-Out:$(query_params.q)'] },
              }),
            ),
            route('json', response({ add: { json: ['a:1'] } })),
            route('advanced', {
              name: 'request-transformer-advanced',
              config: {
                dots_in_keys: false,
                add: { body: ['a.n:$(query_params.n)'], json_types: ['number'] },
                allow: { body: ['a.n', 'list[*].id'] },
              },
            }),
            route('by-status', {
              name: 'response-transformer-advanced',
              config: {
                dots_in_keys: false,
                remove: { json: ['users[*].secret'], if_status: ['200-299'] },
                replace: { body: '{"error":"away"}', if_status: ['500-599'] },
              },
            }),
            route('headers', response({ add: { headers: ['X-A:1'] } })),
            route('both', response({ remove: { json: ['ok'] }, add: { headers: ['X-A:1'] } }), {
              name: 'request-termination',
              config: {
                status_code: 418,
                body: '{"ok":1,"b":2}',
                content_type: 'application/json',
              },
            }),
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

for (const [i, engine] of ENGINES.entries()) {
  describe(`transformers on ${engine}`, () => {
    let client: RawClient
    beforeEach(async () => {
      target.answer(ok)
      client = await RawClient.open(ports[i] ?? 0)
    })
    afterEach(() => client.destroy())

    const post = (path: string, body: string, ...lines: readonly string[]): string => {
      const head = [
        `POST ${path} HTTP/1.1`,
        'Host: a.test',
        'Content-Type: application/json',
        ...lines,
      ]
      return `${head.join('\r\n')}\r\n\r\n${body}`
    }
    /** The last that the target got. */
    const sent = (): RecordedRequest => {
      const last = target.requests.at(-1)
      assert.ok(last)
      return last
    }
    const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: a.test\r\n\r\n`

    it('announce the length of the body that they have made', async () => {
      await client.ask(Buffer.from(post('/body', '{"b":1}', 'Content-Length: 7', 'X-Name: aéb')))
      assert.equal(sent().body.toString(), '{"b":1,"a":"aéb"}')
      assert.equal(header(sent(), 'content-length'), '18')
    })

    it('know the length of a body that comes in chunks', async () => {
      const chunks = '3\r\n{"b\r\n4\r\n":1}\r\n0\r\n\r\n'
      await client.ask(post('/body', chunks, 'Transfer-Encoding: chunked'))
      assert.equal(sent().body.toString(), '{"b":1,"a":""}')
      assert.equal(header(sent(), 'transfer-encoding'), undefined)
    })

    it('answer 413 for a body that is too long to be changed', async () => {
      const earlier = target.requests.length
      const answer = await client.ask(post('/body', '', `Content-Length: ${2 * 1024 * 1024}`))
      assert.equal(answer.status, 413)
      assert.equal(target.requests.length, earlier)
    })

    it('let no line break out of a template', async () => {
      await client.ask(get('/body?q=a%0D%0AX-Evil:%201%00'))
      assert.equal(header(sent(), 'x-out'), 'a%0D%0AX-Evil: 1%00')
      assert.equal(header(sent(), 'x-evil'), undefined)
    })

    it('change an answer that comes in pieces', async () => {
      target.answer((socket) => {
        socket.write(
          'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n{"b',
        )
        setImmediate(() => socket.write('":2}'))
      })
      const answer = await client.ask(get('/json'))
      assert.equal(answer.body.toString(), '{"b":2,"a":"1"}')
    })

    it('reach into the JSON of a request', async () => {
      const body = '{"list":[{"id":1,"x":2},{"x":3}],"other":true}'
      await client.ask(post('/advanced?n=5', body, `Content-Length: ${body.length}`))
      assert.equal(sent().body.toString(), '{"list":[{"id":1},{}],"a":{"n":5}}')
      assert.equal(header(sent(), 'content-length'), '34')
    })

    it('reach into the JSON of an answer, in gzip as well', async () => {
      const packed = gzipSync('{"users":[{"secret":1,"id":2}]}')
      target.answer((socket) => {
        const head = `Content-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: ${packed.length}`
        socket.write(`HTTP/1.1 200 OK\r\n${head}\r\n\r\n`)
        socket.write(packed)
      })
      const answer = await client.ask(get('/by-status'))
      assert.equal(gunzipSync(answer.body).toString(), '{"users":[{"id":2}]}')
    })

    it('put another body in the place of a failure, and none where there is to be none', async () => {
      target.answer((socket) => {
        socket.write(
          'HTTP/1.1 503 Away\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>',
        )
      })
      const answer = await client.ask(get('/by-status'))
      assert.equal(answer.status, 503)
      assert.equal(answer.body.toString(), '{"error":"away"}')
      target.answer((socket) => {
        socket.write('HTTP/1.1 503 Away\r\nContent-Length: 6\r\n\r\n')
      })
      client.send('HEAD /by-status HTTP/1.1\r\nHost: a.test\r\n\r\n')
      const bare = await client.answer('HEAD')
      assert.equal(bare.status, 503)
      assert.equal(bare.body.length, 0)
      target.answer(ok)
      assert.equal((await client.ask(get('/headers'))).status, 200)
    })

    it('keep the length of an answer whose body they leave alone', async () => {
      const cases = [
        ['/json', 'text/plain', undefined],
        ['/headers', 'application/json', '1'],
      ] as const
      for (const [path, type, added] of cases) {
        // In two pieces, so that the length is one that was announced.
        let rest: () => void = () => undefined
        target.answer((socket) => {
          socket.write(`HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nContent-Length: 5\r\n\r\n{ `)
          rest = () => void socket.write(' }\n')
        })
        client.send(get(path))
        await client.until((received) => received.includes('\r\n\r\n'))
        rest()
        const { headers, body } = await client.answer()
        assert.deepEqual([headers['content-length'], body.toString()], ['5', '{  }\n'])
        assert.equal(headers['x-a'], added)
      }
    })

    it('change what the gateway answers itself', async () => {
      const answer = await client.ask(get('/both'))
      assert.equal(answer.status, 418)
      assert.deepEqual([answer.headers['x-a'], answer.body.toString()], ['1', '{"b":2}'])
    })

    it('cut off a JSON answer that is too long to be changed', async () => {
      const half = Buffer.alloc(5 * 1024 * 1024, 0x20)
      target.answer((socket) => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n')
        socket.write(half)
        socket.end(half)
      })
      const received = await client.send(get('/json')).untilEnd()
      assert.ok(!received.endsWith('0\r\n\r\n'), received.slice(-20))
    })
  })
}
