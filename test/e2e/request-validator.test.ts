// request-validator on real sockets: what reaches the target, and what does not.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { ENGINES, engineListeners } from '../support/engine-listeners.js'
import { startGateway, type RunningGateway } from '../support/gateway.js'
import { HttpClient } from '../support/http-client.js'
import { freePorts } from '../support/ports.js'
import { startRecordingTarget, type RecordingTarget } from '../support/recording-target.js'

const JSON_TYPE = { 'Content-Type': 'application/json' }

const validator = (config: object): object => ({ name: 'request-validator', config })
const item = {
  type: 'object',
  required: ['item'],
  additionalProperties: false,
  properties: { item: { type: 'string', pattern: '^(\\w+\\s?)*$' } },
}

describe('request-validator', () => {
  let target: RecordingTarget
  let gateway: RunningGateway
  let ports: readonly number[]
  before(async () => {
    target = await startRecordingTarget()
    ports = await freePorts(ENGINES.length)
    const id = {
      in: 'path',
      name: 'id',
      required: true,
      style: 'simple',
      explode: false,
      schema: '{"type": "integer", "minimum": 1}',
    }
    gateway = await startGateway({
      env: { KONG_PROXY_LISTEN: engineListeners(ports), KONG_NGINX_WORKER_PROCESSES: '1' },
      config: {
        _format_version: '3.0',
        services: [
          {
            name: 'target',
            url: `http://127.0.0.1:${target.port}`,
            routes: [
              {
                name: 'body',
                paths: ['/body'],
                plugins: [validator({ version: 'draft4', body_schema: JSON.stringify(item) })],
              },
              {
                name: 'verbose',
                paths: ['/verbose'],
                plugins: [
                  validator({
                    body_schema: '[{"name": {"type": "string", "required": true}}]',
                    verbose_response: true,
                  }),
                ],
              },
              {
                name: 'path',
                paths: ['~/orders/(?<id>[^/]+)$'],
                plugins: [validator({ parameter_schema: [id] })],
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

  for (const [i, engine] of ENGINES.entries()) {
    describe(`on ${engine}`, () => {
      async function ask(
        method: string,
        path: string,
        headers: Readonly<Record<string, string>> = {},
        body?: string,
      ): Promise<{ status: number; text: string; reached: number }> {
        const before = target.requests.length
        const client = await HttpClient.connect(ports[i] ?? 0)
        try {
          const { status, text } = await client.request(method, path, headers, body)
          return { status, text, reached: target.requests.length - before }
        } finally {
          client.close()
        }
      }

      it('passes a body that conforms on, byte by byte', async () => {
        const body = ' {"item" : "\\u0061 b" }\n'
        const { status, reached } = await ask('POST', '/body', JSON_TYPE, body)
        assert.deepEqual([status, reached], [200, 1])
        assert.equal(target.requests.at(-1)?.body.toString(), body)
      })

      it('keeps a body from the target that does not, with the answer of Kong', async () => {
        assert.deepEqual(await ask('POST', '/body', JSON_TYPE, '{"other":1}'), {
          status: 400,
          text: `{"message":"request body doesn't conform to schema"}`,
          reached: 0,
        })
      })

      it('keeps a Content-Type from the target that is not allowed, with the answer of Kong', async () => {
        const headers = { 'Content-Type': 'text/plain' }
        assert.deepEqual(await ask('POST', '/body', headers, '{"item":"a"}'), {
          status: 400,
          text: '{"message":"specified Content-Type is not allowed"}',
          reached: 0,
        })
      })

      it('says what is wrong where it is told to, with the id of the request', async () => {
        const { status, text, reached } = await ask('POST', '/verbose', JSON_TYPE, '{}')
        assert.deepEqual([status, reached], [400, 0])
        const { message, request_id: id } = JSON.parse(text) as Record<string, string>
        assert.equal(message, 'required field missing: name')
        assert.match(String(id), /^[0-9a-f]{32}$/)
      })

      it('refuses a body with 413 that is too long to be looked at', async () => {
        const body = JSON.stringify({ item: 'a'.repeat(1024 * 1024) })
        const { status, reached } = await ask('POST', '/body', JSON_TYPE, body)
        assert.deepEqual([status, reached], [413, 0])
      })

      it('knows a part of the path by the name of its group', async () => {
        assert.equal((await ask('GET', '/orders/7')).status, 200)
        for (const id of ['0', 'x', '%37x']) {
          assert.deepEqual(await ask('GET', `/orders/${id}`), {
            status: 400,
            text: `{"message":"request param doesn't conform to schema"}`,
            reached: 0,
          })
        }
      })

      it('goes on serving while a pattern meets a text that would make it run away', async () => {
        const body = JSON.stringify({ item: `${'a'.repeat(100_000)}!` })
        const { status } = await ask('POST', '/body', JSON_TYPE, body)
        assert.equal(status, 400)
      })
    })
  }
})
