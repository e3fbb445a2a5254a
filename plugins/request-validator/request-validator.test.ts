import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fakeContext, type Answer, type FakeRequest } from '../../test/support/fake-context.js'
import { complete, faultsOf, prepared } from '../../test/support/plugin-config.js'
import { ConfigFault, MAX_FIELDS_BYTES } from 'gw/plugin'
import requestValidator from './index.js'
import { spec } from './spec.js'

const JSON_TYPE = ['content-type', 'application/json'] as const
const REFUSED = "request body doesn't conform to schema"

async function ask(config: object, request: FakeRequest): Promise<Answer | null> {
  const ctx = fakeContext({ method: 'POST', headers: [JSON_TYPE], ...request })
  await requestValidator.access?.(ctx, prepared(requestValidator, config))
  return ctx.answer
}

/** What the client is told; null when the request passes. */
async function messageOf(config: object, request: FakeRequest): Promise<unknown> {
  const answer = await ask(config, request)
  if (answer === null) return null
  assert.equal(answer.status, 400)
  return (answer.body as { message: unknown }).message
}

function draft(schema: unknown, version = 'draft4'): object {
  const body_schema = typeof schema === 'string' ? schema : JSON.stringify(schema)
  return { version, body_schema, verbose_response: true }
}

async function verdict(schema: unknown, body: string | Buffer, version?: string): Promise<unknown> {
  return messageOf(draft(schema, version), { body })
}

function faultOf(config: object): string {
  try {
    prepared(requestValidator, config)
  } catch (error) {
    if (!(error instanceof ConfigFault)) throw error
    return `${error.field}: ${error.message}`
  }
  return 'none'
}

describe('a configuration of request-validator', () => {
  it('has the defaults of Kong', () => {
    assert.deepEqual(complete(spec, { body_schema: '[]' }), {
      body_schema: '[]',
      version: 'kong',
      allowed_content_types: ['application/json'],
      verbose_response: false,
      content_type_parameter_validation: true,
    })
  })

  const parameter = { in: 'query', name: 'a', required: true }
  const refused: readonly (readonly [config: object, fault: string])[] = [
    [
      {},
      "at least one of these fields must be non-empty: 'config.body_schema', 'config.parameter_schema'",
    ],
    [
      { parameter_schema: [{ ...parameter, style: 'form' }] },
      "parameter_schema[0]: all or none of these fields must be set: 'config.style', 'config.explode', 'config.schema'",
    ],
    [
      { parameter_schema: [{ ...parameter, style: 'matrix', explode: true, schema: '{}' }] },
      "parameter_schema[0].style: style 'matrix' is none of a query",
    ],
    [
      { body_schema: '[]', allowed_content_types: ['json'] },
      'allowed_content_types[0]: is no media type, such as application/json',
    ],
  ]
  for (const [config, fault] of refused) {
    it(`${JSON.stringify(config)} is refused`, () => {
      assert.deepEqual(faultsOf(spec, config), [fault])
    })
  }

  const broken: readonly (readonly [schema: string, version: string, fault: string])[] = [
    [
      '{"type":\n  "object",}',
      'draft4',
      'line 2, column 12: is no JSON: expected a name in double quotes',
    ],
    ['{"a": 1, "a": 2}', 'draft7', 'line 1, column 10: is no JSON: a name is there twice'],
    ['"object"', 'draft7', 'line 1, column 1: is no schema: it has to be an object'],
    [
      '{"properties": {\n "a": {"type": "strin"}}}',
      'draft4',
      'line 2, column 16: is no schema of draft4: must be equal to one of the allowed values',
    ],
    [
      '{"items": {"pattern": "(a"}}',
      'draft7',
      'line 1, column 23: the pattern cannot be served: missing closing parenthesis at offset 2',
    ],
    [
      '{"pattern": "(?=a*a*b)c"}',
      'draft7',
      'line 1, column 13: the pattern cannot be served: for some texts its time would grow faster than their length',
    ],
    [
      '{"items": {"$ref": "http://schemas.test/a"}}',
      'draft7',
      "line 1, column 20: 'http://schemas.test/a' is not in this schema, and nothing is fetched",
    ],
    [
      '{"$ref": "#/definitions/a"}',
      'draft4',
      "line 1, column 1: does not compile: can't resolve reference #/definitions/a from id #",
    ],
    ['{"$async": true}', 'draft7', 'line 1, column 12: $async is not served'],
    [
      '{"properties": {"__proto__": {"type": "null"}}}',
      'draft202012',
      "line 1, column 30: a field '__proto__' cannot be checked",
    ],
    ['{"type": "object"}', 'kong', 'line 1, column 1: has to be a list of fields'],
    [
      '[{"a": {"type": "text"}}]',
      'kong',
      'line 1, column 17: needs a type, one of string, number, integer, boolean, map, array, set, record',
    ],
    [
      '[{"a": {"type": "string", "betwen": [1, 2]}}]',
      'kong',
      "line 1, column 37: 'betwen' is nothing that a string has",
    ],
    [
      '[{"a": {"type": "string", "match": "[a"}}]',
      'kong',
      "line 1, column 36: malformed pattern (missing ']')",
    ],
  ]
  for (const [schema, version, fault] of broken) {
    it(`the schema ${schema} of ${version} is refused at its place`, () => {
      assert.equal(faultOf(draft(schema, version)), `body_schema: ${fault}`)
    })
  }

  it('a schema of a parameter is refused without a type, at its place', () => {
    const written = { style: 'form', explode: false, schema: ' {"minimum": 1}' }
    assert.equal(
      faultOf({ parameter_schema: [parameter, { ...parameter, ...written }] }),
      'parameter_schema[1].schema: line 1, column 2: has no type of one kind',
    )
  })
})

describe('the Content-Type of a request', () => {
  const cases: readonly (readonly [allowed: readonly string[], type: string, passes: boolean])[] = [
    [['application/json'], 'application/json', true],
    [['application/json'], ' Application/JSON ', true],
    [['application/json'], 'application/json; charset=utf-8', false],
    [['application/json; charset=UTF-8'], 'application/json;charset="utf-8"', true],
    [['application/json; charset=UTF-8'], 'application/json; CHARSET=utf-8; a=b', true],
    [['application/json; charset=UTF-8'], 'application/json', false],
    [['application/json; v=A'], 'application/json; v=a', false],
    [['text/*'], 'text/plain', true],
    [['text/*'], 'application/json', false],
    [['*/*'], 'image/png', true],
    [['multipart/form-data'], 'multipart/form-data; boundary=x', true],
    [['application/json'], 'application/json, text/plain', false],
    [['application/json'], 'text/plain', false],
    [['application/json'], '', false],
    [['application/json'], 'application/json; =', false],
  ]
  for (const [allowed, type, passes] of cases) {
    it(`${JSON.stringify(type)} ${passes ? 'passes' : 'is refused'} where ${allowed.join()} is allowed`, async () => {
      const config = { ...draft({}), allowed_content_types: allowed }
      const message = await messageOf(config, { headers: [['content-type', type]], body: '{}' })
      assert.equal(message, passes ? null : 'specified Content-Type is not allowed')
    })
  }

  it('may have any parameter when these are not compared', async () => {
    const config = { ...draft({}), content_type_parameter_validation: false }
    const headers = [['content-type', 'application/json; charset=utf-16']] as const
    assert.equal(await messageOf(config, { headers, body: '{}' }), null)
  })

  it('is refused when it is not there, or there twice', async () => {
    const message = 'specified Content-Type is not allowed'
    assert.equal(await messageOf(draft({}), { headers: [] }), message)
    assert.equal(await messageOf(draft({}), { headers: [JSON_TYPE, JSON_TYPE] }), message)
    const any = { ...draft({}), allowed_content_types: ['*/*'] }
    assert.equal(await messageOf(any, { headers: [] }), null)
  })

  it('plays no part without a schema of the body', async () => {
    const config = { parameter_schema: [{ in: 'query', name: 'a', required: false }] }
    assert.equal(await messageOf(config, { headers: [['content-type', 'text/plain']] }), null)
  })

  it('lets a body pass unseen that is no JSON', async () => {
    const config = { ...draft(false, 'draft7'), allowed_content_types: ['text/plain'] }
    const ctx = fakeContext({ headers: [['content-type', 'text/plain']], body: '{' })
    await requestValidator.access?.(ctx, prepared(requestValidator, config))
    assert.deepEqual([ctx.answer, ctx.bodyReads], [null, 0])
  })

  it('makes a body JSON by its suffix', async () => {
    const config = { ...draft(false, 'draft7'), allowed_content_types: ['application/*'] }
    const headers = [['content-type', 'application/merge-patch+json']] as const
    assert.equal(await messageOf(config, { headers, body: '{}' }), 'boolean schema is false')
  })
})

describe('a body', () => {
  it('that does not conform is refused with the answer of Kong', async () => {
    const config = { version: 'draft4', body_schema: '{"required": ["name"]}' }
    assert.deepEqual(await ask(config, { body: '{"name": 1}' }), null)
    assert.deepEqual((await ask(config, { body: '{}' }))?.body, { message: REFUSED })
    assert.deepEqual((await ask(config, { body: '{' }))?.body, {
      message: 'request body is not valid JSON',
    })
  })

  it('that is not there counts as an object without members', async () => {
    assert.equal(await verdict({ type: 'object' }, ''), null)
    assert.match(String(await verdict({ required: ['a'] }, '')), /required property 'a'/)
    const config = draft({ required: ['a'] })
    assert.match(String(await messageOf(config, { isChunked: true })), /required property 'a'/)
  })

  it('that is too long is refused with 413', async () => {
    const body = Buffer.alloc(MAX_FIELDS_BYTES + 1, ' ')
    await assert.rejects(ask(draft({}), { body }), { code: 'BODY_TOO_LARGE' })
  })

  const cases: readonly (readonly [
    schema: object,
    body: string,
    message: string | null,
    version?: string,
  ])[] = [
    [{ properties: { a: { minimum: 5, exclusiveMinimum: true } } }, '{"a":5}', '/a must be > 5'],
    [{ properties: { a: { minimum: 5, exclusiveMinimum: false } } }, '{"a":5}', null],
    [{ properties: { a: { maximum: 5, exclusiveMaximum: true } } }, '{"a":4}', null],
    [{ properties: { a: { const: 1 } } }, '{"a":2}', null],
    [{ properties: { a: { const: 1 } } }, '{"a":2}', '/a must be equal to constant', 'draft7'],
    [
      { $defs: { n: { type: 'null' } }, items: { $ref: '#/$defs/n' } },
      '[null,1]',
      '/1 must be null',
      'draft201909',
    ],
    [
      { prefixItems: [{ type: 'null' }], items: false },
      '[null,1]',
      'must NOT have more than 1 items',
      'draft202012',
    ],
    [
      {
        id: 'http://a.test/b',
        definitions: { b: { id: '#b', type: 'null' } },
        items: { $ref: '#b' },
      },
      '[1]',
      '/0 must be null',
    ],
    [{ $schema: 'http://json-schema.org/draft-04/schema#', type: 'array' }, '{}', 'must be array'],
    [{ required: ['constructor'] }, '{}', "must have required property 'constructor'"],
    [{ properties: { toString: { type: 'null' } } }, '{}', null],
    [{ additionalProperties: false }, '{"__proto__":{}}', 'must NOT have additional properties'],
    [{ additionalProperties: { type: 'null' } }, '{"__proto__":1}', '/__proto__ must be null'],
    [{ uniqueItems: true }, '[{"a":1,"b":2},{"b":2,"a":1}]', 'must not have an item twice'],
    [{ uniqueItems: true }, '[[1],{"0":1},1,"1",{"members":[["0",1]]}]', null],
    [{ uniqueItems: false }, '[1,1]', null],
    [{ example: 1, 'x-other': {}, type: 'array' }, '[]', null],
    [{ items: { format: 'date' } }, '["2024-02-29","2023-02-29"]', '/1 must match format "date"'],
    [{ items: { format: 'date' } }, '["0096-02-29","0100-02-29"]', '/1 must match format "date"'],
    [{ items: { format: 'time' } }, '["10:00:00Z","24:00:00Z"]', '/1 must match format "time"'],
    [
      { items: { format: 'date-time' } },
      '["2009-07-20T08:30:37.012Z","2009-07-20T08:30:37"]',
      '/1 must match format "date-time"',
    ],
    [{ items: { format: 'email' } }, '["none"]', null],
    [{ items: { pattern: '^\\d+$' } }, '["12","1a"]', '/1 must match pattern "^\\d+$"'],
    [{ patternProperties: { '^n_': { type: 'null' } } }, '{"n_a":1}', '/n_a must be null'],
  ]
  for (const [schema, body, message, version] of cases) {
    it(`${body} ${message === null ? 'meets' : 'breaks'} ${JSON.stringify(schema)}${version === undefined ? '' : ` of ${version}`}`, async () => {
      assert.equal(await verdict(schema, body, version), message)
    })
  }

  const unclear: readonly (readonly [body: string | Buffer, fault: string])[] = [
    ['{"a":1,"\\u0061":2}', 'a name is there twice'],
    ['[{"b":{"a":1,"a":1}}]', 'a name is there twice'],
    ['[1e999]', 'a number is too large'],
    [`[${'9'.repeat(400)}]`, 'a number is too large'],
    [Buffer.from([0x22, 0xff, 0x22]), 'is no UTF-8'],
    ['\ufeff{}', 'expected a value'],
    ['{} {}', 'expected the end'],
    ['{a:1}', 'expected a name in double quotes'],
    ['{"a" 1}', "expected ':'"],
    ['[1,]', 'expected a value'],
    ['[01]', "expected ']'"],
    ['["\n"]', 'expected a value'],
    ['['.repeat(2000), 'nested more than 100 deep'],
  ]
  for (const [body, fault] of unclear) {
    it(`${body.toString('latin1').slice(0, 30)} is refused as no JSON`, async () => {
      assert.equal(await verdict({}, body), `request body is not valid JSON: ${fault}`)
    })
  }

  it('cannot make a pattern run away', async () => {
    const schema = { items: { pattern: '^(a+)+$' } }
    const body = JSON.stringify([`${'a'.repeat(100_000)}!`])
    assert.equal(await verdict(schema, body), '/0 must match pattern "^(a+)+$"')
  })

  it('cannot make a schema that refers to itself run away', async () => {
    const child = { properties: { c: { $ref: '#' } } }
    const schema = { anyOf: [{ ...child, patternProperties: { c: { not: {} } } }, child] }
    const body = '{"c":'.repeat(90) + '{}' + '}'.repeat(90)
    assert.equal(await verdict(schema, body), 'takes too many steps to check')
    const shallow = '{"c":'.repeat(3) + '{}' + '}'.repeat(3)
    assert.equal(await verdict(schema, shallow), null)
  })

  it('that a schema refers to itself for, at one level, is refused', async () => {
    assert.equal(
      await verdict({ allOf: [{ $ref: '#' }] }, '{}'),
      'is nested too deep for its schema',
    )
  })
})
