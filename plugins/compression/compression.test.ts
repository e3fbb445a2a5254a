import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { waitFor } from '../../test/support/wait.js'
import { fakeContext, linesOf, type FakeContext } from '../../test/support/fake-context.js'
import { complete, faultsOf, prepared } from '../../test/support/plugin-config.js'
import { UnsupportedFault } from 'gw/plugin'
import { chooseCoding } from './accept-encoding.js'
import { compressorBytes, hasZstd, MAX_BYTES, openCompressor } from './compressors.js'
import compression from './index.js'
import { spec } from './spec.js'

interface Answered {
  readonly status?: number
  readonly length?: number
  readonly method?: string
  readonly accept?: string
  readonly request?: readonly (readonly [string, string])[]
}

function answer(
  headers: readonly (readonly [string, string])[],
  { status = 200, length = -1, method = 'GET', accept = 'gzip', request = [] }: Answered = {},
  config: object = {},
): FakeContext {
  const ctx = fakeContext({ method, headers: [['accept-encoding', accept], ...request] })
  ctx.answerFromTarget(status, headers)
  ctx.response.bodyLength = length
  compression.header_filter?.(ctx, prepared(compression, config))
  ctx.transform?.destroy()
  return ctx
}

const TEXT = ['Content-Type', 'text/plain'] as const

describe('a configuration of compression', () => {
  it('has defaults', () => {
    const { types, ...others } = complete(spec, {}) as { types: unknown }
    assert.ok(Array.isArray(types) && types.includes('application/json'))
    assert.deepEqual(others, {
      algorithms: ['br', 'gzip'],
      min_length: 1024,
      gzip_level: 5,
      br_level: 4,
      zstd_level: 3,
      skip_answers_with_cookies: false,
    })
  })

  const refused: readonly (readonly [config: object, fault: string])[] = [
    [{ types: ['text'] }, 'types[0]: is no media type, such as text/html or text/*'],
    [{ types: ['*/html'] }, 'types[0]: is no media type, such as text/html or text/*'],
    [{ algorithms: ['deflate'] }, 'algorithms[0]: expected one of: br, gzip, zstd'],
    [{ gzip_level: 10 }, 'gzip_level: value should be between 1 and 9'],
    [{ br_level: 7 }, 'br_level: value should be between 0 and 6'],
    [{ zstd_level: 0 }, 'zstd_level: value should be between 1 and 6'],
  ]
  for (const [config, fault] of refused) {
    it(`${JSON.stringify(config)} is refused`, () => {
      assert.deepEqual(faultsOf(spec, config), [fault])
    })
  }

  it('has zstd where Node has it, and is beyond this version elsewhere', () => {
    const config = { algorithms: ['gzip', 'zstd'] }
    if (hasZstd) assert.doesNotThrow(() => prepared(compression, config))
    else assert.throws(() => prepared(compression, config), UnsupportedFault)
  })
})

describe('the coding that a client gets', () => {
  const cases: readonly (readonly [accept: string, coding: string | null])[] = [
    ['gzip', 'gzip'],
    ['gzip, br', 'br'],
    ['gzip;q=1.0, br;q=0.8', 'gzip'],
    ['GZIP ; Q=0.5', 'gzip'],
    ['x-gzip', 'gzip'],
    ['*', 'br'],
    ['*;q=0.1, br;q=0', 'gzip'],
    ['br;q=0, gzip;q=0', null],
    ['identity', null],
    ['identity, gzip;q=0.5', null],
    ['identity;q=0.5, gzip;q=0.5', 'gzip'],
    ['identity;q=0, gzip;q=0.001', 'gzip'],
    ['deflate, compress', null],
    ['', null],
    [' , ,gzip', 'gzip'],
    ['gzip;q=1.5', null],
    ['gzip;q=0.1234', null],
    ['gzip;level=9', null],
    ['gzip q=1', null],
  ]
  for (const [accept, coding] of cases) {
    it(`is ${coding ?? 'none'} for ${JSON.stringify(accept)}`, () => {
      assert.equal(chooseCoding([accept], ['br', 'gzip']), coding)
    })
  }

  it('follows all lines, and none where there is no line', () => {
    assert.equal(chooseCoding(['deflate', 'gzip'], ['br', 'gzip']), 'gzip')
    assert.equal(chooseCoding([], ['br', 'gzip']), null)
  })

  it('follows the order of the configuration among equals', () => {
    const ctx = answer([TEXT], { accept: 'br, gzip' }, { algorithms: ['gzip', 'br'] })
    assert.equal(ctx.response.headers.get('content-encoding'), 'gzip')
  })
})

describe('an answer', () => {
  it('that is compressed says so', () => {
    const ctx = answer([TEXT, ['ETag', '"a"'], ['Accept-Ranges', 'bytes']])
    assert.notEqual(ctx.transform, null)
    assert.deepEqual(linesOf(ctx.response.headers), [
      'Content-Type: text/plain',
      'ETag: W/"a"',
      'Vary: Accept-Encoding',
      'Content-Encoding: gzip',
    ])
  })

  it('keeps a tag that is weak, and a Vary that says enough', () => {
    for (const vary of ['*', 'Origin, accept-encoding']) {
      const { headers } = answer([TEXT, ['ETag', 'W/"a"'], ['Vary', vary]]).response
      assert.deepEqual([headers.get('etag'), headers.getAll('vary')], ['W/"a"', [vary]])
    }
  })

  const leftAlone: readonly (readonly [
    why: string,
    headers: readonly (readonly [string, string])[],
    answered?: Answered,
    config?: object,
  ])[] = [
    ['is short', [TEXT], { length: 1023 }],
    ['is empty', [TEXT], { length: 0 }, { min_length: 0 }],
    ['has no type', []],
    ['is an image', [['Content-Type', 'image/png']]],
    ['is compressed already', [TEXT, ['Content-Encoding', 'br']]],
    ['is 204', [TEXT], { status: 204 }],
    ['is 206', [TEXT], { status: 206 }],
    ['is 304', [TEXT], { status: 304 }],
    ['is a 101', [TEXT], { status: 101 }],
    ['is a part', [TEXT, ['Content-Range', 'bytes 0-1/2']]],
    ['must not be transformed', [TEXT, ['Cache-Control', 'public, No-Transform']]],
    ['is asked for as it is', [TEXT], { request: [['cache-control', 'no-transform']] }],
    ['has a digest', [TEXT, ['Content-Digest', 'sha-256=:a:']]],
    ['sets a cookie', [TEXT, ['Set-Cookie', 'a=b']], {}, { skip_answers_with_cookies: true }],
  ]
  for (const [why, headers, answered, config] of leftAlone) {
    it(`is left alone when it ${why}`, () => {
      const ctx = answer(headers, answered, config)
      assert.equal(ctx.transform, null)
      assert.deepEqual(
        linesOf(ctx.response.headers),
        headers.map(([name, value]) => `${name}: ${value}`),
      )
    })
  }

  const types: readonly (readonly [type: string, isWorthIt: boolean])[] = [
    ['Text/HTML; charset=utf-8', true],
    ['application/problem+json', true],
    ['application/atom+xml', true],
    ['application/octet-stream', false],
    ['text/event-stream', false],
    ['text/html, image/png', false],
    ['application/+jsonp', false],
  ]
  for (const [type, isWorthIt] of types) {
    it(`of type ${type} is ${isWorthIt ? 'compressed' : 'left alone'}`, () => {
      assert.equal(answer([['Content-Type', type]]).transform !== null, isWorthIt)
    })
  }

  it('of any type is compressed with */*', () => {
    const ctx = answer([['Content-Type', 'font/x']], {}, { types: ['*/*'] })
    assert.notEqual(ctx.transform, null)
  })

  it('that could be compressed says so to those who do not get it compressed', () => {
    for (const answered of [{ accept: 'identity' }, { method: 'HEAD' }]) {
      const ctx = answer([TEXT, ['ETag', '"a"']], answered)
      assert.equal(ctx.transform, null)
      assert.deepEqual(linesOf(ctx.response.headers), [
        'Content-Type: text/plain',
        'ETag: "a"',
        'Vary: Accept-Encoding',
      ])
    }
  })

  it('that sets a cookie is compressed unless the configuration says otherwise', () => {
    assert.notEqual(answer([TEXT, ['Set-Cookie', 'a=b']]).transform, null)
  })
})

describe('the memory of all streams', () => {
  it('is bounded, and given back when a stream is destroyed', async () => {
    await waitFor('earlier streams to be closed', () => compressorBytes() === 0)
    const streams = []
    for (let stream = openCompressor('br', 6); stream !== null; stream = openCompressor('br', 6)) {
      streams.push(stream)
    }
    assert.equal(compressorBytes(), MAX_BYTES)
    const ctx = answer([TEXT])
    assert.equal(ctx.transform, null)
    assert.equal(ctx.response.headers.has('content-encoding'), false)
    for (const stream of streams) stream.destroy()
    await waitFor('the streams to be closed', () => compressorBytes() === 0)
  })
})
