import assert from 'node:assert/strict'
import { hostname } from 'node:os'
import { describe, it } from 'node:test'
import { fakeContext, type Answer, type FakeRequest } from '../../test/support/fake-context.js'
import { fakeRoute, fakeService } from '../../test/support/fake-entities.js'
import { faultsOf, prepared } from '../../test/support/plugin-config.js'
import requestTermination from './index.js'

async function ask(config: object, request: FakeRequest = {}): Promise<Answer | null> {
  const ctx = fakeContext(request)
  await requestTermination.access?.(ctx, prepared(requestTermination, config))
  return ctx.answer
}

describe('request-termination', () => {
  it('answers 503 with a JSON message by default', async () => {
    assert.deepEqual(await ask({}), {
      status: 503,
      body: { message: 'Service unavailable' },
      headers: {},
    })
  })

  const messages = {
    401: 'Unauthorized',
    404: 'Not found',
    405: 'Method not allowed',
    500: 'An unexpected error occurred',
    502: 'Bad Gateway',
  }
  for (const [status, message] of Object.entries(messages)) {
    it(`has the message "${message}" for ${status}`, async () => {
      assert.deepEqual((await ask({ status_code: Number(status) }))?.body, { message })
    })
  }

  it('has no body for a status without a message', async () => {
    for (const status of [200, 204, 304, 418, 599]) {
      assert.deepEqual(await ask({ status_code: status }), { status, body: null, headers: {} })
    }
  })

  it('sends the configured message', async () => {
    const answer = await ask({ status_code: 418, message: 'So long' })
    assert.deepEqual(answer?.body, { message: 'So long' })
  })

  it('sends the configured body as it is, without a type of its own', async () => {
    const answer = await ask({ status_code: 451, body: '{"a":1}' })
    assert.deepEqual(answer, { status: 451, body: '{"a":1}', headers: {} })
  })

  const types = {
    'text/html': 'text/html; charset=UTF-8',
    'application/json': 'application/json',
    'text/html; charset=x': 'text/html; charset=x',
  }
  for (const [configured, sent] of Object.entries(types)) {
    it(`sends the type ${configured} as ${sent}`, async () => {
      const answer = await ask({ body: 'x', content_type: configured })
      assert.deepEqual(answer?.headers, { 'Content-Type': sent })
    })
  }

  describe('trigger', () => {
    const config = { trigger: 'x-stop' }
    const triggering: readonly (readonly [string, FakeRequest])[] = [
      ['a header', { headers: [['X-Stop', '1']] }],
      ['an empty header', { headers: [['X-Stop', '']] }],
      ['an argument', { target: '/?x-stop=abc' }],
      ['an argument without a value', { target: '/?x-stop' }],
    ]
    for (const [title, request] of triggering) {
      it(`answers a request with ${title}`, async () => {
        assert.equal((await ask(config, request))?.status, 503)
      })
    }

    it('lets other requests pass', async () => {
      assert.equal(await ask(config), null)
      assert.equal(await ask(config, { target: '/?X-Stop=1' }), null)
    })
  })

  describe('echo', () => {
    it('answers with what the gateway has understood', async () => {
      const service = fakeService({ id: 's', name: 'svc' })
      const route = fakeRoute({ id: 'r', service })
      const answer = await ask(
        { echo: true, status_code: 200, message: 'echo!' },
        {
          method: 'POST',
          target: '/p/a%20b?x=1&x=2&y',
          headers: [
            ['Content-Type', 'application/x-www-form-urlencoded'],
            ['X-A', '1'],
            ['x-a', '2'],
          ],
          body: 'f=1&g',
          route,
          service,
          uriCaptures: { unnamed: ['/p'], named: { id: '7' } },
        },
      )
      assert.equal(answer?.status, 200)
      const echo = answer.body as { kong: { node_id: string }; matched_route: object }
      assert.deepEqual(echo, {
        message: 'echo!',
        kong: { node_id: echo.kong.node_id, worker_pid: process.pid, hostname: hostname() },
        request: {
          scheme: 'http',
          host: 'gateway.test',
          port: 8000,
          headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-a': ['1', '2'] },
          query: { x: ['1', '2'], y: true },
          body: { f: '1', g: true },
          raw_body: 'f=1&g',
          method: 'POST',
          path: '/p/a%20b',
          uri_captures: { unnamed: ['/p'], named: { id: '7' } },
        },
        matched_route: { ...route, service: { id: 's' } },
        matched_service: service,
      })
    })

    const bodies: readonly (readonly [type: string, raw: string, parsed: unknown])[] = [
      ['application/json', '[1]', [1]],
      ['application/json', '{', undefined],
      ['text/plain', 'x', undefined],
    ]
    for (const [type, raw, parsed] of bodies) {
      it(`shows ${raw} of type ${type} as ${parsed === undefined ? 'text alone' : JSON.stringify(parsed)}`, async () => {
        const answer = await ask({ echo: true }, { headers: [['Content-Type', type]], body: raw })
        const { request } = answer?.body as { request: { body: unknown; raw_body: string } }
        assert.deepEqual(request.body, parsed)
        assert.equal(request.raw_body, raw)
      })
    }

    it('waits for its trigger', async () => {
      assert.equal(await ask({ echo: true, trigger: 'x-echo' }), null)
    })
  })

  const combinations: readonly (readonly [object, string])[] = [
    [{ message: 'm', body: 'b' }, 'message cannot be used with content_type or body'],
    [{ message: 'm', content_type: 't' }, 'message cannot be used with content_type or body'],
    [{ content_type: 't' }, 'content_type requires a body'],
    [{ echo: true, body: 'b' }, 'echo cannot be used with content_type and body'],
  ]
  for (const [config, message] of combinations) {
    it(`refuses ${JSON.stringify(config)}`, () => {
      assert.deepEqual(faultsOf(requestTermination, config), [message])
    })
  }

  it('takes a body with a type, and an echo with a message', () => {
    assert.deepEqual(faultsOf(requestTermination, { body: 'b', content_type: 't' }), [])
    assert.deepEqual(faultsOf(requestTermination, { echo: true, message: 'm' }), [])
  })

  const refused: readonly (readonly [object, string])[] = [
    [{ status_code: 99 }, 'status_code: value should be between 100 and 599'],
    [{ status_code: 600 }, 'status_code: value should be between 100 and 599'],
    [{ status_code: 404.5 }, 'status_code: expected an integer'],
    [{ status_code: null }, 'status_code: required field missing'],
    [
      { trigger: 'a b' },
      "trigger: bad header name 'a b', allowed characters are A-Z, a-z, 0-9, '_', and '-'",
    ],
  ]
  for (const [config, fault] of refused) {
    it(`refuses ${JSON.stringify(config)} in the words of Kong`, () => {
      assert.deepEqual(faultsOf(requestTermination, config), [fault])
    })
  }
})
