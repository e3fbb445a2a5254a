import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { RequestHeaders } from '../util/header-list.js'
import { removeNamedFields, requestHead, type Forwarding } from './request-head.js'
import type { Exchange } from '../model/exchange.js'

type Fields = readonly (readonly [name: string, value: string])[]

interface Options {
  readonly trusted?: boolean
  readonly prefix?: string
  readonly id?: string
  readonly length?: number
  readonly upgrades?: boolean
}

/** The same head, whether the client's fields are a list or still the text they came as. */
function head(fields: Fields, options: Options = {}) {
  const list = new RequestHeaders()
  for (const [name, value] of fields) list.add(name, value)
  const made = headOf(list, options)
  const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`)
  assert.deepEqual(headOf(new RequestHeaders(lines.join('')), options), made)
  return made
}

function headOf(
  headers: RequestHeaders,
  { trusted = false, prefix = '', id = '0'.repeat(32), length = 0, upgrades = false }: Options,
) {
  const exchange = {
    headers,
    httpVersion: '1.1',
    peerAddress: '10.0.0.1',
    listener: { address: '127.0.0.1', port: 8000, secure: false },
  } as unknown as Exchange
  const from: Forwarding = {
    exchange,
    clientIp: '9.9.9.9',
    isPeerTrusted: trusted,
    clientHost: 'client.test',
    rawPath: '/p/x',
    strippedPrefix: prefix,
    upstreamRequestId: id,
    upgrades,
    product: 'gw/1',
  }
  removeNamedFields(exchange)
  const [line, ...rest] = requestHead('GET', '/x?q', 'target:80', length, from).split('\r\n')
  assert.deepEqual(rest.splice(-2), ['', ''], 'the head ends with an empty line')
  return {
    line,
    fields: rest
      .map((field) => field.split(': '))
      .map(([name = '', value = '']) => [name.toLowerCase(), value]),
  }
}

function valuesOf(fields: string[][], name: string): (string | undefined)[] {
  return fields.filter(([n]) => n === name).map(([, value]) => value)
}

describe('the head that a target gets', () => {
  it('says who the client is', () => {
    const { line, fields } = head([['accept', '*/*']], { prefix: '/p' })
    assert.equal(line, 'GET /x?q HTTP/1.1')
    assert.deepEqual(Object.fromEntries(fields) as Record<string, string>, {
      host: 'target:80',
      connection: 'keep-alive',
      via: '1.1 gw/1',
      'x-real-ip': '9.9.9.9',
      'x-forwarded-for': '9.9.9.9',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': 'client.test',
      'x-forwarded-port': '8000',
      'x-forwarded-path': '/p/x',
      'x-forwarded-prefix': '/p',
      'x-kong-request-id': '0'.repeat(32),
      accept: '*/*',
    })
  })

  const forged: Fields = [
    ['X-Forwarded-Proto', 'https'],
    ['X-Forwarded-Host', 'front.test'],
    ['X-Forwarded-Port', '443'],
    ['X-Forwarded-Path', '/front'],
    ['X-Forwarded-Prefix', '/pre'],
    ['X-Real-IP', '6.6.6.6'],
    ['X-Forwarded-For', '1.2.3.4'],
    ['X-Forwarded-For', '5.6.7.8'],
    ['X-Kong-Request-Id', 'mine'],
  ]
  it('does not believe an untrusted peer', () => {
    const { fields } = head(forged)
    const sent = Object.fromEntries(fields) as Record<string, string>
    assert.equal(sent['x-forwarded-proto'], 'http')
    assert.equal(sent['x-forwarded-host'], 'client.test')
    assert.equal(sent['x-forwarded-port'], '8000')
    assert.equal(sent['x-forwarded-path'], '/p/x')
    assert.equal('x-forwarded-prefix' in sent, false)
    assert.equal(sent['x-real-ip'], '9.9.9.9')
    // Kong: from the first line alone, with the direct peer behind it.
    assert.deepEqual(valuesOf(fields, 'x-forwarded-for'), ['1.2.3.4, 10.0.0.1'])
    assert.deepEqual(valuesOf(fields, 'x-kong-request-id'), ['0'.repeat(32)])
  })
  it('passes on what a trusted peer says', () => {
    const sent = Object.fromEntries(head(forged, { trusted: true, prefix: '/p' }).fields) as Record<
      string,
      string
    >
    assert.equal(sent['x-forwarded-proto'], 'https')
    assert.equal(sent['x-forwarded-host'], 'front.test')
    assert.equal(sent['x-forwarded-port'], '443')
    assert.equal(sent['x-forwarded-path'], '/front')
    assert.equal(sent['x-forwarded-prefix'], '/pre')
  })
  it('sends nothing for what a trusted peer leaves empty', () => {
    const { fields } = head([['X-Forwarded-Proto', '']], { trusted: true })
    assert.deepEqual(valuesOf(fields, 'x-forwarded-proto'), [])
  })
  it("leaves the client's request id when the gateway sends none", () => {
    assert.deepEqual(valuesOf(head(forged, { id: '' }).fields, 'x-kong-request-id'), ['mine'])
  })
  it('drops hop-by-hop fields and those that Connection names', () => {
    const { fields } = head([
      ['Connection', 'close, X-Hop'],
      ['X-Hop', '1'],
      ['Connection', 'x-other'],
      ['X-Other', '1'],
      ['Keep-Alive', 'timeout=5'],
      ['Proxy-Connection', 'keep-alive'],
      ['Proxy', 'http://evil'],
      ['Upgrade', 'h2c'],
      ['Expect', '100-continue'],
      ['Proxy-Authorization', 'Basic x'],
      ['TE', 'gzip, trailers'],
      ['Trailer', 'X-T'],
    ])
    const names = fields.map(([name]) => name)
    for (const gone of [
      'x-hop',
      'x-other',
      'keep-alive',
      'proxy-connection',
      'proxy',
      'upgrade',
      'expect',
    ]) {
      assert.equal(names.includes(gone), false, gone)
    }
    assert.deepEqual(valuesOf(fields, 'connection'), ['keep-alive'])
    assert.deepEqual(valuesOf(fields, 'te'), ['trailers'])
    assert.deepEqual(valuesOf(fields, 'proxy-authorization'), ['Basic x'])
    assert.deepEqual(valuesOf(fields, 'trailer'), ['X-T'])
  })
  it('drops TE without trailers', () => {
    assert.deepEqual(valuesOf(head([['TE', 'deflate']]).fields, 'te'), [])
    assert.deepEqual(valuesOf(head([['TE', 'trailers;q=0.5']]).fields, 'te'), [])
  })
  it('appends to Via', () => {
    assert.deepEqual(valuesOf(head([['Via', '1.0 fred']]).fields, 'via'), ['1.0 fred, 1.1 gw/1'])
  })
  it('keeps several lines of a name apart and in order', () => {
    const { fields } = head([
      ['Cookie', 'a=1'],
      ['Cookie', 'b=2'],
    ])
    assert.deepEqual(valuesOf(fields, 'cookie'), ['a=1', 'b=2'])
  })
  it('frames the body itself', () => {
    const claimed: Fields = [
      ['Content-Length', '999'],
      ['Transfer-Encoding', 'chunked'],
    ]
    assert.deepEqual(valuesOf(head(claimed, { length: 5 }).fields, 'content-length'), ['5'])
    assert.deepEqual(valuesOf(head(claimed, { length: -1 }).fields, 'content-length'), [])
    assert.deepEqual(valuesOf(head(claimed, { length: -1 }).fields, 'transfer-encoding'), [
      'chunked',
    ])
    assert.deepEqual(valuesOf(head([['Content-Length', '0']]).fields, 'content-length'), ['0'])
    assert.deepEqual(valuesOf(head([]).fields, 'content-length'), [])
  })

  it('asks for a WebSocket in words of its own', () => {
    const said: Fields = [
      ['Connection', 'keep-alive, Upgrade, X-Hop'],
      ['Upgrade', 'WebSocket'],
      ['X-Hop', '1'],
    ]
    const { fields } = head(said, { upgrades: true })
    assert.deepEqual(valuesOf(fields, 'connection'), ['keep-alive, Upgrade'])
    assert.deepEqual(valuesOf(fields, 'upgrade'), ['websocket'])
    assert.deepEqual(valuesOf(fields, 'x-hop'), [])
  })
})
