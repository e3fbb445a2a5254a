import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fakeContext, type FakeRequest } from '../../test/support/fake-context.js'
import { prepared } from '../../test/support/plugin-config.js'
import requestValidator from './index.js'

const TEXTS = { type: 'array', items: { type: 'string' }, maxItems: 2 }
const NUMBERS = { type: 'array', items: { type: 'integer' }, maxItems: 3 }
const COLOUR = {
  type: 'object',
  properties: { R: { type: 'integer' }, G: { type: 'integer' } },
  required: ['R', 'G'],
  additionalProperties: false,
}

type Style = readonly [place: 'query' | 'header' | 'path', style: string, explode: boolean]

function requestOf(place: Style[0], text: string | null): FakeRequest {
  if (text === null) return {}
  if (place === 'query') return { target: `/?${text}` }
  if (place === 'header') return { headers: text.split('\n').map((value) => ['p', value] as const) }
  return { uriCaptures: { unnamed: [], named: { p: text } } }
}

/** What the client is told; null when the request passes. */
async function messageOf(config: object, request: FakeRequest): Promise<unknown> {
  const ctx = fakeContext(request)
  await requestValidator.access?.(ctx, prepared(requestValidator, config))
  if (ctx.answer === null) return null
  assert.equal(ctx.answer.status, 400)
  return (ctx.answer.body as { message: unknown }).message
}

async function passes(
  [place, style, explode]: Style,
  schema: object,
  text: string | null,
  required = true,
): Promise<boolean> {
  const parameter = {
    in: place,
    name: 'p',
    required,
    style,
    explode,
    schema: JSON.stringify(schema),
  }
  const config = { parameter_schema: [parameter] }
  const message = await messageOf(config, requestOf(place, text))
  if (message !== null) assert.equal(message, "request param doesn't conform to schema")
  return message === null
}

describe('a parameter', () => {
  const INTEGER = { type: 'integer', minimum: 1 }
  const cases: readonly (readonly [
    style: Style,
    schema: object,
    good: readonly string[],
    bad: readonly string[],
  ])[] = [
    [
      ['query', 'form', true],
      INTEGER,
      ['p=5', 'q=1&p=5', '%70=5'],
      ['p=0', 'p=a', 'p=', 'p', 'p=05', 'p=0x5', 'p=5&p=6', 'p=1e999', 'P=5', 'p=%35%00'],
    ],
    [['query', 'form', false], { type: 'boolean' }, ['p=true', 'p=false'], ['p=1', 'p=', 'p=TRUE']],
    [['query', 'form', false], { type: ['integer', 'null'] }, ['p=1', 'p='], ['p=a']],
    [['query', 'form', false], { type: 'string', minLength: 1 }, ['p=5', 'p=a+b'], ['p=']],
    [
      ['query', 'form', true],
      NUMBERS,
      ['p=1', 'p=1&p=2&p=3'],
      ['p=1,2', 'p=1&p=a', 'p=1&p=2&p=3&p=4'],
    ],
    [
      ['query', 'form', false],
      NUMBERS,
      ['p=1,2,3', 'p=1%2C2', 'p='],
      ['p=1&p=2', 'p=1,a', 'p=1,2,3,4'],
    ],
    [['query', 'spaceDelimited', false], NUMBERS, ['p=1%202', 'p=1+2'], ['p=1,2', 'p=1%20a']],
    [['query', 'pipeDelimited', false], NUMBERS, ['p=1|2', 'p=1%7C2'], ['p=1,2']],
    [
      ['query', 'form', false],
      COLOUR,
      ['p=R,1,G,2'],
      ['p=R,1', 'p=R,1,G', 'p=R,1,R,2,G,3', 'p=R,1,G,a'],
    ],
    [
      ['query', 'form', true],
      COLOUR,
      ['R=1&G=2'],
      ['R=1', 'R=1&G=2&B=3', 'R=1&R=2&G=3', 'R=1&G=a'],
    ],
    [
      ['query', 'deepObject', true],
      COLOUR,
      ['p[R]=1&p[G]=2&B=3', 'p%5BR%5D=1&p[G]=2'],
      ['p[R]=1', 'p[R]=1&p[G]=2&p[G][x]=3', 'R=1&G=2'],
    ],
    [['header', 'simple', false], INTEGER, ['5'], ['0', 'a', '5\n6']],
    [['header', 'simple', false], NUMBERS, ['1,2', '1, 2', '1\n2'], ['1,a', '1,2,3,4']],
    [['header', 'simple', false], COLOUR, ['R,1,G,2'], ['R=1,G=2', 'R,1']],
    [['header', 'simple', true], COLOUR, ['R=1,G=2', 'R=1, G=2'], ['R,1,G,2']],
    [['path', 'simple', false], INTEGER, ['5', '%35'], ['0', 'a', '%zz', '5,6']],
    [['path', 'simple', false], TEXTS, ['a,b', 'a%2Cb,c,'.slice(0, 7)], ['a,b,c']],
    [['path', 'simple', true], COLOUR, ['R=1,G=2'], ['R,1,G,2']],
    [['path', 'label', false], INTEGER, ['.5'], ['5', '.a']],
    [['path', 'label', false], NUMBERS, ['.1,2'], ['.1.2', '1,2']],
    [['path', 'label', true], NUMBERS, ['.1.2'], ['.1,2']],
    [['path', 'label', false], COLOUR, ['.R,1,G,2'], ['.R=1.G=2']],
    [['path', 'label', true], COLOUR, ['.R=1.G=2'], ['.R,1,G,2']],
    [['path', 'matrix', false], INTEGER, [';p=5'], [';q=5', 'p=5', ';p=5;p=6', ';p']],
    [['path', 'matrix', false], NUMBERS, [';p=1,2'], [';p=1;p=2', ';q=1']],
    [['path', 'matrix', true], NUMBERS, [';p=1;p=2'], [';p=1,2', ';p=1;q=2']],
    [['path', 'matrix', false], COLOUR, [';p=R,1,G,2'], [';R=1;G=2']],
    [['path', 'matrix', true], COLOUR, [';R=1;G=2'], [';p=R,1,G,2']],
  ]
  for (const [style, schema, good, bad] of cases) {
    const named = `${style.join(' ')} of ${JSON.stringify(schema).slice(0, 40)}`
    for (const text of good) {
      it(`${named} takes ${text}`, async () => {
        assert.equal(await passes(style, schema, text), true)
      })
    }
    for (const text of bad) {
      it(`${named} refuses ${JSON.stringify(text)}`, async () => {
        assert.equal(await passes(style, schema, text), false)
      })
    }
  }

  it('that is required is missed in every place', async () => {
    for (const style of [
      ['query', 'form', true],
      ['header', 'simple', false],
      ['path', 'simple', false],
      ['query', 'deepObject', true],
    ] as const) {
      const schema = style[1] === 'deepObject' ? { type: 'object' } : { type: 'string' }
      assert.equal(await passes(style, schema, null), false)
      assert.equal(await passes(style, schema, null, false), true)
    }
  })

  it('without a schema only has to be there', async () => {
    const config = { parameter_schema: [{ in: 'query', name: 'p', required: true }] }
    assert.equal(await messageOf(config, { target: '/?p&p=1' }), null)
    assert.notEqual(await messageOf(config, { target: '/?q' }), null)
  })

  it('has the types that references in its schema lead to', async () => {
    const schema = {
      $ref: '#/definitions/list',
      definitions: {
        list: { type: 'array', items: { $ref: '#/definitions/one' } },
        one: { type: 'integer' },
      },
    }
    assert.equal(await passes(['query', 'form', true], schema, 'p=1&p=2'), true)
    assert.equal(await passes(['query', 'form', true], schema, 'p=1&p=a'), false)
  })

  it('called __proto__ is a member like any other', async () => {
    const style = ['query', 'deepObject', true] as const
    assert.equal(
      await passes(style, { type: 'object', additionalProperties: false }, 'p[__proto__]=1'),
      false,
    )
    assert.equal(await passes(style, { type: 'object', required: ['toString'] }, 'p[a]=1'), false)
  })

  it('of several that stand for an object is none of the object', async () => {
    const object = {
      in: 'query',
      name: 'p',
      required: true,
      style: 'form',
      explode: true,
      schema: JSON.stringify(COLOUR),
    }
    const config = { parameter_schema: [object, { in: 'query', name: 'page', required: false }] }
    assert.equal(await messageOf(config, { target: '/?R=1&G=2&page=3' }), null)
    assert.notEqual(await messageOf(config, { target: '/?R=1&G=2&other=3' }), null)
  })

  it('is named to the client with what is wrong, but not with its value', async () => {
    const schema = JSON.stringify({ type: 'integer' })
    const one = { in: 'query', name: 'p', required: true, style: 'form', explode: true, schema }
    const config = { verbose_response: true, parameter_schema: [one] }
    assert.equal(
      await messageOf(config, { target: '/?p=secret' }),
      "query 'p' validation failed with error: 'must be integer'",
    )
    assert.equal(
      await messageOf(config, {}),
      "query 'p' validation failed with error: 'required parameter value not found in request'",
    )
  })
})
