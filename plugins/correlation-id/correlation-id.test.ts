import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { logFields } from 'gw/plugin'
import { fakeContext, type FakeContext, type FakeRequest } from '../../test/support/fake-context.js'
import { faultsOf, prepared } from '../../test/support/plugin-config.js'
import { silentEnv } from '../../test/support/plugin-env.js'
import correlationId from './index.js'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

function send(config: object, request: FakeRequest = {}): FakeContext {
  const use = prepared(correlationId, config)
  const ctx = fakeContext(request)
  void correlationId.access?.(ctx, use)
  ctx.answerFromTarget(200)
  correlationId.header_filter?.(ctx, use)
  return ctx
}

function sent(config: object, request?: FakeRequest): string | undefined {
  return send(config, request).upstream.headers.get('kong-request-id')
}

describe('correlation-id', () => {
  it('sends the target one UUID for the process and a counter by default', () => {
    const [first = '', n = ''] = sent({})?.split('#') ?? []
    const [second, m = ''] = sent({})?.split('#') ?? []
    assert.match(first, UUID)
    assert.equal(second, first)
    assert.equal(Number(m), Number(n) + 1)
  })

  it('makes a new UUID for each request with generator uuid', () => {
    const ids = [sent({ generator: 'uuid' }), sent({ generator: 'uuid' })]
    for (const id of ids) assert.match(id ?? '', UUID)
    assert.notEqual(ids[0], ids[1])
  })

  it('names address, port, process, serial and time with generator tracker', () => {
    void correlationId.init?.(silentEnv(1_795_306_434_746))
    const pattern = new RegExp(`^127\\.0\\.0\\.1-8000-${process.pid}-\\d+-1-1795306434\\.746$`)
    const ids = [sent({ generator: 'tracker' }), sent({ generator: 'tracker' })]
    for (const id of ids) assert.match(id ?? '', pattern)
    assert.notEqual(ids[0], ids[1])
  })

  it('keeps the id of the client', () => {
    assert.equal(sent({}, { headers: [['kong-request-id', 'mine']] }), 'mine')
  })

  it('keeps every value that the client sends, and echoes the first', () => {
    const config = { header_name: 'X-Corr', echo_downstream: true }
    const ctx = send(config, {
      headers: [
        ['X-Corr', 'a'],
        ['X-Corr', 'b'],
      ],
    })
    assert.deepEqual(ctx.upstream.headers.getAll('x-corr'), ['a', 'b'])
    assert.deepEqual(ctx.response.headers.getAll('x-corr'), ['a'])
  })

  for (const blank of ['', '   ']) {
    it(`replaces the blank id ${JSON.stringify(blank)}`, () => {
      const id = sent({ generator: 'uuid' }, { headers: [['Kong-Request-ID', blank]] })
      assert.match(id ?? '', UUID)
    })
  }

  it('sends the client nothing by default', () => {
    assert.equal(send({}).response.headers.size, 0)
  })

  it('echoes the id that access has made, even if the header has gone since', () => {
    const use = prepared(correlationId, { echo_downstream: true })
    const ctx = fakeContext()
    void correlationId.access?.(ctx, use)
    const id = ctx.upstream.headers.get('kong-request-id')
    ctx.upstream.headers.remove('kong-request-id')
    ctx.answerFromTarget(200, [['Kong-Request-ID', 'of the target']])
    correlationId.header_filter?.(ctx, use)
    assert.deepEqual(ctx.response.headers.getAll('kong-request-id'), [id])
  })

  it('echoes the id of the client, or a fresh one, when the request was answered before its turn', () => {
    const use = prepared(correlationId, { echo_downstream: true, generator: 'uuid' })
    const known = fakeContext({ headers: [['Kong-Request-ID', 'mine']] })
    correlationId.header_filter?.(known, use)
    assert.equal(known.response.headers.get('kong-request-id'), 'mine')
    const unknown = fakeContext()
    correlationId.header_filter?.(unknown, use)
    assert.match(unknown.response.headers.get('kong-request-id') ?? '', UUID)
  })

  it('adds the id to the log record', () => {
    const ctx = send({}, { headers: [['Kong-Request-ID', 'mine']] })
    assert.equal(logFields(ctx).get('correlation_id'), 'mine')
  })

  it('refuses null for what Kong requires', () => {
    assert.deepEqual(faultsOf(correlationId, { generator: null, echo_downstream: null }), [
      'generator: required field missing',
      'echo_downstream: required field missing',
    ])
  })

  it('refuses what cannot be a header name', () => {
    assert.deepEqual(faultsOf(correlationId, { header_name: 'a b' }), [
      'header_name: invalid value: a b',
    ])
  })
})
