import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { gunzipSync, gzipSync } from 'node:zlib'
import { MAX_ANSWER_BYTES } from 'gw/plugin'
import { fakeContext, linesOf } from '../../test/support/fake-context.js'
import { complete, faultsOf, prepared } from '../../test/support/plugin-config.js'
import plugin from './index.js'
import { spec } from './spec.js'

type Lines = readonly (readonly [name: string, value: string])[]

interface Answer {
  readonly headers: readonly string[]
  /** What the client gets of each chunk. */
  readonly chunks: readonly (Buffer | null)[]
  readonly isBodyLeft: boolean
}

const JSON_HEADERS: Lines = [['Content-Type', 'application/json']]

function answerOf(
  config: object,
  status: number,
  headers: Lines,
  ...body: readonly (string | Buffer)[]
): Answer {
  const ctx = fakeContext()
  const use = prepared(plugin, config)
  ctx.answerFromTarget(status, headers)
  plugin.header_filter?.(ctx, use)
  const chunks = body.map((chunk, i) => {
    const last = i === body.length - 1
    return plugin.body_filter?.(ctx, use, Buffer.from(chunk), last) ?? null
  })
  return { headers: linesOf(ctx.response.headers), chunks, isBodyLeft: ctx.isBodyLeft }
}

function jsonAfter(config: object, body: string, status = 200): string | undefined {
  return answerOf(config, status, JSON_HEADERS, body).chunks[0]?.toString()
}

describe('the configuration of response-transformer-advanced', () => {
  it('needs nothing', () => {
    const lists = { json: [], headers: [], if_status: [] }
    const typed = { ...lists, json_types: [] }
    assert.deepEqual(complete(spec, {}), {
      remove: lists,
      rename: { headers: [], if_status: [] },
      replace: typed,
      add: typed,
      append: typed,
      allow: {},
      transform: { functions: [], json: [], if_status: [] },
      dots_in_keys: true,
    })
  })

  it('takes statuses and ranges of them, as texts', () => {
    const if_status = ['200', '500-599']
    assert.deepEqual(faultsOf(spec, { add: { if_status }, transform: { if_status } }), [])
    for (const entry of ['2xx', '99', '200-', '200-1000', '200,201', '']) {
      assert.deepEqual(faultsOf(spec, { add: { if_status: [entry] } }), [
        `add.if_status[0]: invalid value: ${entry}`,
      ])
    }
    assert.deepEqual(faultsOf(spec, { add: { if_status: [200] } }), [
      'add.if_status[0]: expected a string',
    ])
  })

  it('refuses a range that ends before it begins', () => {
    assert.throws(() => prepared(plugin, { append: { if_status: ['200', '299-200'] } }), {
      name: 'ConfigFault',
      field: 'append.if_status[1]',
      message: 'invalid value: 299-200',
    })
  })

  it('refuses a regular expression that is none, with its place', () => {
    assert.throws(() => prepared(plugin, { remove: { headers: ['X-A', 'X-B:/(/'] } }), {
      name: 'ConfigFault',
      field: 'remove.headers[1]',
      message: 'not a valid regex: (',
    })
  })

  it('has no functions in Lua, and says so at load', () => {
    const config = { transform: { functions: ['return function (data) return data end'] } }
    assert.deepEqual(faultsOf(spec, config), [])
    assert.throws(() => prepared(plugin, config), {
      name: 'UnsupportedFault',
      field: 'transform.functions',
      message: 'Lua functions do not run here',
    })
  })

  it('refuses what Kong Enterprise does not have', () => {
    assert.deepEqual(faultsOf(spec, { rename: { json: ['a:b'] }, filter: { body: [] } }), [
      'filter: unknown field',
      'rename.json: unknown field',
    ])
  })
})

describe('response-transformer-advanced', () => {
  it('has the priority of response-transformer, and runs before it', () => {
    assert.equal(plugin.priority, 800)
  })

  describe('if_status', () => {
    const config = {
      remove: { headers: ['X-Gone'], json: ['gone'], if_status: ['404', '500-503'] },
      rename: { headers: ['X-Old:X-New'], if_status: ['200-299'] },
      replace: { headers: ['X-Rep:new'], json: ['rep:new'], if_status: ['500'] },
      add: { headers: ['X-Add:1'], json: ['add:1'], if_status: ['100-199', '200'] },
      append: { headers: ['X-App:1'], json: ['app:1'] },
    }
    const headers: Lines = [...JSON_HEADERS, ['X-Gone', '0'], ['X-Old', '0'], ['X-Rep', '0']]
    const body = '{"gone":0,"rep":0}'
    const cases: readonly (readonly [number, readonly string[], string])[] = [
      [
        200,
        ['X-Gone: 0', 'X-Rep: 0', 'X-New: 0', 'X-Add: 1'],
        '{"gone":0,"rep":0,"add":"1","app":["1"]}',
      ],
      [299, ['X-Gone: 0', 'X-Rep: 0', 'X-New: 0'], '{"gone":0,"rep":0,"app":["1"]}'],
      [404, ['X-Old: 0', 'X-Rep: 0'], '{"rep":0,"app":["1"]}'],
      [500, ['X-Old: 0', 'X-Rep: new'], '{"rep":"new","app":["1"]}'],
      [504, ['X-Gone: 0', 'X-Old: 0', 'X-Rep: 0'], '{"gone":0,"rep":0,"app":["1"]}'],
    ]
    for (const [status, lines, expected] of cases) {
      it(`lets each record count for its statuses alone: ${String(status)}`, () => {
        const answer = answerOf(config, status, headers, body)
        assert.deepEqual(answer.headers, ['Content-Type: application/json', ...lines, 'X-App: 1'])
        assert.equal(answer.chunks[0]?.toString(), expected)
      })
    }

    it('leaves a body to stream when none of its records counts', () => {
      const json = { add: { json: ['a:1'], if_status: ['500'] } }
      assert.equal(answerOf(json, 200, JSON_HEADERS).isBodyLeft, true)
      assert.equal(answerOf(json, 500, JSON_HEADERS).isBodyLeft, false)
    })
  })

  describe('replace.body', () => {
    const config = {
      replace: { body: '{"error":"é"}', if_status: ['500'] },
      add: { json: ['a:1'] },
    }

    it('takes the place of the whole body, whatever its type, and stays as it is written', () => {
      for (const [type, ...more] of [['text/html'], ['application/json', 'gzip']] as const) {
        const headers: Lines = [
          ['Content-Type', type],
          ...more.map((encoding) => ['Content-Encoding', encoding] as const),
        ]
        const answer = answerOf(config, 500, headers, '<html>', 'end', '')
        assert.deepEqual(answer.headers, [`Content-Type: ${type}`])
        assert.deepEqual(answer.chunks.map(String), ['null', 'null', '{"error":"é"}'])
      }
    })

    it('leaves answers of other statuses', () => {
      assert.equal(jsonAfter(config, '{"b":2}', 502), '{"b":2,"a":"1"}')
    })
  })

  describe('dots_in_keys: false', () => {
    it('leads into objects and lists', () => {
      const config = {
        dots_in_keys: false,
        remove: { json: ['customers[*].info.phone'] },
        replace: { json: ['customers[2].id:0'], json_types: ['number'] },
        add: { json: ['meta.by:gw'] },
        append: { json: ['customers[1].tags:x'] },
      }
      assert.equal(
        jsonAfter(
          config,
          '{"customers":[{"info":{"phone":1,"n":12345678901234567890}},{"id":7,"info":{}}]}',
        ),
        '{"customers":[{"info":{"n":12345678901234567890},"tags":["x"]},{"id":0,"info":{}}],"meta":{"by":"gw"}}',
      )
    })

    it('takes a list for the whole body', () => {
      const config = { dots_in_keys: false, remove: { json: ['[*].a'] } }
      assert.equal(jsonAfter(config, '[{"a":1},{"b":2}]'), '[{},{"b":2}]')
    })

    it('is not the default', () => {
      assert.equal(
        jsonAfter({ remove: { json: ['a.b'] } }, '{"a.b":1,"a":{"b":2}}'),
        '{"a":{"b":2}}',
      )
    })
  })

  describe('allow.json', () => {
    it('lets nothing else through, of any status', () => {
      const config = {
        allow: { json: ['a', 'b'] },
        add: { json: ['b:1', 'c:2'], if_status: ['200'] },
      }
      assert.equal(jsonAfter(config, '{"a":1,"x":2}'), '{"a":1,"b":"1"}')
      assert.equal(jsonAfter(config, '{"a":1,"x":2}', 404), '{"a":1}')
      assert.equal(jsonAfter(config, '[{"a":1}]'), '[]')
    })
  })

  describe('remove.headers', () => {
    const cases: readonly (readonly [string, readonly string[], Lines, readonly string[]])[] = [
      [
        'takes single values out of a list',
        ['h1:v1', 'h1:v2'],
        [
          ['H1', 'v1,v2, v3'],
          ['H1', 'v4,v1'],
        ],
        ['h1: v3', 'h1: v4'],
      ],
      ['takes several at once', ['h1:v1,v3'], [['h1', 'v1,v2,v3']], ['h1: v2']],
      [
        'takes the header away with its last value',
        ['h1:v1'],
        [
          ['h1', 'v1'],
          ['h2', 'v1'],
        ],
        ['h2: v1'],
      ],
      ['leaves other values', ['h1:v', 'h2:v'], [['H1', 'v1, v2']], ['H1: v1, v2']],
      [
        'goes by a regular expression between slashes',
        ['h1:/JSESSIONID=.*/', 'h2://status/$/'],
        [
          ['h1', 'JSESSIONID=1876832,path=/'],
          ['h2', '/match/status/,/status/no-match/'],
        ],
        ['h1: path=/', 'h2: /status/no-match/'],
      ],
      [
        'takes a cookie as a whole',
        ['Set-Cookie:/^sid=/'],
        [
          ['Set-Cookie', 'sid=1; Expires=Mon, 01 Jan 2035'],
          ['Set-Cookie', 'a=sid=1, b'],
        ],
        ['Set-Cookie: a=sid=1, b'],
      ],
      ['keeps the bytes of what is left', ['h1:a'], [['h1', 'a,é']], ['h1: \xc3\xa9']],
      ['matches text beyond ASCII', ['h1:é'], [['h1', 'é,b']], ['h1: b']],
    ]
    for (const [title, headers, lines, expected] of cases) {
      it(title, () => {
        assert.deepEqual(answerOf({ remove: { headers } }, 200, lines).headers, expected)
      })
    }

    it('gives a new name to the values that are left', () => {
      const config = { remove: { headers: ['h1:a'] }, rename: { headers: ['h1:h2'] } }
      assert.deepEqual(answerOf(config, 200, [['h1', 'a,b']]).headers, ['h2: b'])
    })
  })

  describe('an answer in gzip', () => {
    const headers: Lines = [...JSON_HEADERS, ['Content-Encoding', 'gzip']]
    const config = { remove: { json: ['gone'] } }

    it('is unpacked, changed and packed again', () => {
      const packed = gzipSync('{"gone":1,"stays":2}')
      const answer = answerOf(config, 200, headers, packed.subarray(0, 9), packed.subarray(9))
      assert.deepEqual(answer.headers, ['Content-Type: application/json', 'Content-Encoding: gzip'])
      assert.equal(answer.chunks[0], null)
      assert.equal(gunzipSync(answer.chunks[1] ?? '').toString(), '{"stays":2}')
    })

    it('that is none goes on as it is', () => {
      assert.equal(answerOf(config, 200, headers, 'plain').chunks[0]?.toString(), 'plain')
    })

    it('ends when it is too long unpacked, so that what was to be taken out does not leave', () => {
      const bomb = gzipSync(Buffer.alloc(MAX_ANSWER_BYTES + 1, 0x20))
      assert.throws(() => answerOf(config, 200, headers, bomb), RangeError)
    })

    it('of another encoding streams', () => {
      const brotli: Lines = [...JSON_HEADERS, ['Content-Encoding', 'br']]
      assert.equal(answerOf(config, 200, brotli).isBodyLeft, true)
    })
  })

  it('ends a JSON answer that is too long to be changed', () => {
    const half = Buffer.alloc(MAX_ANSWER_BYTES / 2 + 1, 0x20)
    assert.throws(
      () => answerOf({ allow: { json: ['a'] } }, 200, JSON_HEADERS, half, half),
      /more than 8388608 bytes/,
    )
  })

  it('leaves a body that is no JSON', () => {
    const config = { allow: { json: ['a'] } }
    for (const body of ['not json', '"text"', '']) assert.equal(jsonAfter(config, body), body)
    assert.equal(answerOf(config, 200, [['Content-Type', 'text/plain']]).isBodyLeft, true)
  })
})
