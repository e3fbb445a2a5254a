import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fakeContext, linesOf } from '../../test/support/fake-context.js'
import { prepared } from '../../test/support/plugin-config.js'
import { MAX_ANSWER_BYTES } from 'gw/plugin'
import plugin from './index.js'

type Lines = readonly (readonly [name: string, value: string])[]

interface Answer {
  readonly headers: readonly string[]
  /** What the client gets of each chunk. */
  readonly chunks: readonly (string | null)[]
  readonly isBodyLeft: boolean
}

function answerOf(config: object, headers: Lines, ...body: readonly string[]): Answer {
  const ctx = fakeContext()
  const use = prepared(plugin, config)
  ctx.answerFromTarget(200, headers)
  plugin.header_filter?.(ctx, use)
  const chunks = body.map((chunk, i) => {
    const last = i === body.length - 1
    return plugin.body_filter?.(ctx, use, Buffer.from(chunk), last)?.toString() ?? null
  })
  return { headers: linesOf(ctx.response.headers), chunks, isBodyLeft: ctx.isBodyLeft }
}

const JSON_HEADERS: Lines = [['Content-Type', 'application/json']]

function jsonAfter(config: object, body: string): string | null | undefined {
  return answerOf(config, JSON_HEADERS, body).chunks[0]
}

describe('response-transformer', () => {
  describe('headers', () => {
    const cases: readonly (readonly [string, object, Lines, readonly string[]])[] = [
      [
        'removes every line, whatever value is named',
        { remove: { headers: ['x-a', 'Set-Cookie:a'] } },
        [
          ['X-A', '1'],
          ['X-A', '2'],
          ['Set-Cookie', 'b=2'],
          ['X-B', '3'],
        ],
        ['X-B: 3'],
      ],
      [
        'renames with all values, over what is there',
        { rename: { headers: ['X-A:X-B', 'X-None:X-C'] } },
        [
          ['X-A', '1'],
          ['X-A', '2'],
          ['X-B', 'old'],
        ],
        ['X-B: 1', 'X-B: 2'],
      ],
      [
        'keeps the bytes of what it renames',
        { rename: { headers: ['X-A:X-B'] } },
        [['X-A', 'é']],
        ['X-B: \xc3\xa9'],
      ],
      [
        'loses what only changes its case',
        { rename: { headers: ['x-a:X-A'] } },
        [['X-A', '1']],
        [],
      ],
      [
        'replaces what is there, all lines by one',
        { replace: { headers: ['h2:value:2', 'h3:no', 'h4:'] } },
        [
          ['h2', '1'],
          ['h2', '2'],
          ['h4', 'stays'],
        ],
        ['h2: value:2', 'h4: stays'],
      ],
      [
        'adds what is not there',
        { add: { headers: ['h1:no', 'h2:v2', 'h3:a::b'] } },
        [['H1', '1']],
        ['H1: 1', 'h2: v2', 'h3: a::b'],
      ],
      [
        'appends lines',
        { append: { headers: ['h1:v2', 'h2:v1'] } },
        [['h1', 'v1']],
        ['h1: v1', 'h1: v2', 'h2: v1'],
      ],
      [
        'judges by the headers as they came',
        {
          remove: { headers: ['X-A'] },
          rename: { headers: ['X-A:X-Z', 'X-B:X-C'] },
          replace: { headers: ['X-C:no'] },
          add: { headers: ['X-A:no', 'X-C:added'] },
        },
        [
          ['X-A', '1'],
          ['X-B', '2'],
        ],
        ['X-Z: 1', 'X-C: added'],
      ],
      [
        'does all of it in order',
        {
          remove: { headers: ['h1'] },
          replace: { headers: ['h2:v3'] },
          add: { headers: ['h3:v3'] },
          append: { headers: ['h3:v4'] },
        },
        [
          ['h1', '1'],
          ['h2', '2'],
        ],
        ['h2: v3', 'h3: v3', 'h3: v4'],
      ],
      [
        'writes _ as -',
        { add: { headers: ['X_A:1', 'X_B:2'] } },
        [['X-B', '1']],
        ['X-B: 1', 'X-A: 1'],
      ],
    ]
    for (const [title, config, headers, expected] of cases) {
      it(title, () => {
        assert.deepEqual(answerOf(config, headers).headers, expected)
      })
    }

    it('alone leave the body as it is', () => {
      const { isBodyLeft, chunks } = answerOf({ add: { headers: ['a:1'] } }, JSON_HEADERS, ' { } ')
      assert.deepEqual([isBodyLeft, chunks], [true, [' { } ']])
    })
  })

  describe('JSON', () => {
    it('is changed in order, at its top level', () => {
      const config = {
        remove: { json: ['p1'] },
        rename: { json: ['p4:p2', 'none:p9'] },
        replace: { json: ['p2:v2', 'p8:no'] },
        add: { json: ['p3:v1'] },
        append: { json: ['p3:v2'] },
      }
      assert.equal(
        jsonAfter(config, '{"p1":"v1","p4":"v1","n":{"p1":1}}'),
        '{"n":{"p1":1},"p2":"v2","p3":["v1","v2"]}',
      )
    })

    it('takes values of the types that stand at their place', () => {
      const add = {
        json: [
          'a:v1',
          'b:value:3',
          'c:"v1"',
          'd:-1',
          'e:false',
          'f:true',
          'g:abc',
          'h:1e3',
          'i:é/',
          'j:',
        ],
        json_types: [
          'string',
          'string',
          'string',
          'number',
          'boolean',
          'boolean',
          'number',
          'number',
        ],
      }
      assert.equal(
        jsonAfter({ add }, '{}'),
        '{"a":"v1","b":"value:3","c":"\\"v1\\"","d":-1,"e":false,"f":true,"h":1000,"i":"é/","j":"null"}',
      )
    })

    it('takes false for absent, but not when it is renamed', () => {
      const body = '{"f":false,"n":null}'
      assert.equal(jsonAfter({ replace: { json: ['f:x', 'n:x'] } }, body), '{"f":false,"n":"x"}')
      assert.equal(jsonAfter({ add: { json: ['f:x', 'n:x'] } }, body), '{"f":"x","n":null}')
      assert.equal(jsonAfter({ rename: { json: ['f:g', 'n:'] } }, body), '{"n":null,"g":false}')
    })

    it('is changed as a whole, however it comes', () => {
      const config = { remove: { json: ['a'] } }
      const { chunks, isBodyLeft } = answerOf(config, JSON_HEADERS, '{"a"', ':1,"b', '":2', '}', '')
      assert.deepEqual(chunks, [null, null, null, null, '{"b":2}'])
      assert.equal(isBodyLeft, false)
    })

    it('that is none, or no object, goes on as it is', () => {
      const config = { remove: { json: ['a'] }, add: { json: ['b:1'] } }
      for (const body of ['nope', '{"a":1,', '[1, {"a":1}]', '"text"', '']) {
        assert.equal(jsonAfter(config, body), body)
      }
    })

    it('is known by its type', () => {
      const types: Readonly<Record<string, boolean>> = {
        'application/json': true,
        'APPLICATION/JSON; charset=utf-8': true,
        'application/problem+json': true,
        'application/vnd.api+json;v=1': true,
        'text/html, application/json': true,
        'text/json': false,
        'application/jsonp': false,
        'application/json5': false,
        'application/x/json': false,
        '': false,
      }
      for (const [type, isJson] of Object.entries(types)) {
        const answer = answerOf({ add: { json: ['a:1'] } }, [['Content-Type', type]], '{}')
        assert.deepEqual(answer.chunks, [isJson ? '{"a":"1"}' : '{}'], type)
        assert.equal(answer.isBodyLeft, !isJson, type)
      }
    })

    it('is not looked for in what is compressed', () => {
      const headers: Lines = [...JSON_HEADERS, ['Content-Encoding', 'gzip']]
      assert.equal(answerOf({ add: { json: ['a:1'] } }, headers, '{}').isBodyLeft, true)
    })

    it('ends the answer when it is too long to be kept', () => {
      const half = 'x'.repeat(MAX_ANSWER_BYTES / 2 + 1)
      assert.throws(
        () => answerOf({ remove: { json: ['a'] } }, JSON_HEADERS, half, half),
        /a JSON answer of more than 8388608 bytes cannot be changed/,
      )
    })

    it('types alone change nothing', () => {
      const answer = answerOf({ add: { json_types: ['number'] } }, JSON_HEADERS, ' {}')
      assert.deepEqual([answer.isBodyLeft, answer.chunks], [true, [' {}']])
    })
  })
})
