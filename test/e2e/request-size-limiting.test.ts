// request-size-limiting on real sockets: bodies whose length nobody has announced, and clients that hide theirs.
import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import { ENGINES, engineListeners } from '../support/engine-listeners.js'
import { startGateway, type RunningGateway } from '../support/gateway.js'
import { header } from '../support/message-reader.js'
import { freePorts } from '../support/ports.js'
import { RawClient } from '../support/raw-client.js'
import { startRecordingTarget, type RecordingTarget } from '../support/recording-target.js'

let ports: readonly number[]
let target: RecordingTarget
let gateway: RunningGateway
before(async () => {
  target = await startRecordingTarget()
  ports = await freePorts(ENGINES.length)
  const limit = { allowed_payload_size: 10, size_unit: 'bytes' }
  const limiting = { name: 'request-size-limiting', config: limit }
  gateway = await startGateway({
    env: { KONG_PROXY_LISTEN: engineListeners(ports) },
    config: {
      _format_version: '3.0',
      consumers: [{ username: 'a', keyauth_credentials: [{ key: 'k' }] }],
      services: [
        {
          name: 'target',
          url: `http://127.0.0.1:${target.port}`,
          routes: [
            { name: 'plain', paths: ['/plain'], plugins: [limiting] },
            {
              name: 'keyed',
              paths: ['/keyed'],
              plugins: [{ name: 'key-auth', config: { key_in_body: true } }, limiting],
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

function chunked(path: string, ...lines: readonly string[]): string {
  const head = [`POST ${path} HTTP/1.1`, 'Host: a.test', 'Transfer-Encoding: chunked', ...lines]
  return `${head.join('\r\n')}\r\n\r\n`
}

for (const [i, engine] of ENGINES.entries()) {
  describe(`request-size-limiting on ${engine}`, () => {
    let client: RawClient
    let earlier: number
    beforeEach(async () => {
      client = await RawClient.open(ports[i] ?? 0)
      earlier = target.requests.length
    })
    afterEach(() => client.destroy())

    function assertRefused({ status, body }: { status: number; body: Buffer }): void {
      assert.equal(status, 413)
      assert.match(body.toString(), /Request size limit exceeded/)
      assert.equal(target.requests.length, earlier)
    }

    it('hands a body that it has measured to the target', async () => {
      const answer = await client.ask(`${chunked('/plain')}3\r\nabc\r\n7\r\ndefghij\r\n0\r\n\r\n`)
      assert.equal(answer.status, 200)
      const request = target.requests.at(-1)
      assert.ok(request)
      assert.equal(request.body.toString(), 'abcdefghij')
      assert.equal(header(request, 'content-length'), '10')
      assert.equal(header(request, 'transfer-encoding'), undefined)
    })

    it('refuses a body in chunks as soon as it is over the limit', async () => {
      assertRefused(await client.ask(`${chunked('/plain')}5\r\nabcde\r\n6\r\nfghijk\r\n`))
    })

    it('refuses a body in chunks whose framing Connection names', async () => {
      const head = chunked('/plain', 'Connection: transfer-encoding')
      assertRefused(await client.ask(`${head}b\r\nabcdefghijk\r\n0\r\n\r\n`))
    })

    it('refuses a body whose length Connection names', async () => {
      const lines = ['Host: a.test', 'Content-Length: 11', 'Connection: content-length']
      const head = ['POST /plain HTTP/1.1', ...lines].join('\r\n')
      assertRefused(await client.ask(`${head}\r\n\r\nabcdefghijk`))
    })

    it('measures a body in chunks that another plugin has read', async () => {
      const head = chunked('/keyed', 'Content-Type: application/x-www-form-urlencoded')
      assertRefused(await client.ask(`${head}b\r\napikey=k&ab\r\n0\r\n\r\n`))
      const small = await RawClient.open(ports[i] ?? 0)
      const answer = await small.ask(`${head}a\r\napikey=k&a\r\n0\r\n\r\n`)
      small.destroy()
      assert.equal(answer.status, 200)
      assert.equal(target.requests.at(-1)?.body.toString(), 'apikey=k&a')
    })
  })
}
