import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bodyKind, readFields, withoutField } from './body-fields.js'

const FORM = 'application/x-www-form-urlencoded'
const JSON_TYPE = 'application/json'
const MULTIPART = 'multipart/form-data; boundary=X'

function fieldsOf(type: string, body: string | Buffer): Record<string, unknown> | null {
  const fields = readFields(type, Buffer.from(body))
  return fields === null ? null : Object.fromEntries(fields)
}

function without(type: string, body: string, name = 'key'): string {
  return withoutField(type, Buffer.from(body), name).toString()
}

function part(disposition: string, value: string): string {
  return `--X\r\nContent-Disposition: ${disposition}\r\n\r\n${value}\r\n`
}

describe('bodyKind', () => {
  it('knows a type by its name, whatever its case and parameters', () => {
    assert.equal(bodyKind('Application/JSON; charset=utf-8'), 'json')
    assert.equal(bodyKind(FORM), 'form')
    assert.equal(bodyKind(MULTIPART), 'multipart')
  })

  it('knows no other type', () => {
    for (const type of [
      undefined,
      '',
      'text/plain',
      'application/jsonp',
      'application/problem+json',
    ]) {
      assert.equal(bodyKind(type), null)
    }
  })
})

describe('readFields', () => {
  const cases: readonly (readonly [string, type: string, body: string, fields: object | null])[] = [
    ['a form', FORM, 'a=1&b=x+y%21&&c&d=', { a: '1', b: 'x y!', c: true, d: '' }],
    ['a form with UTF-8, escaped or not', FORM, 'ü=%C3%BC', { ü: 'ü' }],
    ['a form with a broken escape', FORM, 'a=100%&b=%zz', { a: '100%', b: '%zz' }],
    ['a repeated form field', FORM, 'a=1&a&a=2', { a: ['1', true, '2'] }],
    ['an empty form', FORM, '', {}],
    [
      'a JSON object',
      JSON_TYPE,
      ' { "a" : [1, {"b": "}"}] , "c\\"":"ü" } ',
      { a: [1, { b: '}' }], 'c"': 'ü' },
    ],
    ['an empty JSON object', JSON_TYPE, '{ }', {}],
    ['a JSON name that comes twice', JSON_TYPE, '{"a":1,"a":2}', { a: [1, 2] }],
    ['a JSON array', JSON_TYPE, '[1]', null],
    ['a JSON string', JSON_TYPE, '"a"', null],
    ['broken JSON', JSON_TYPE, '{"a":', null],
    [
      'a multipart form',
      MULTIPART,
      `${part('form-data; name="a"', '1\r\n2')}${part('form-data; name=b; filename="c"', '')}--X--`,
      { a: '1\r\n2', b: '' },
    ],
    [
      'a part whose file name looks like a name',
      MULTIPART,
      `${part('form-data; filename="; name=fake"; name="real"', 'v')}--X--`,
      { real: 'v' },
    ],
    [
      'a multipart form with a longer boundary inside',
      MULTIPART,
      `${part('form-data; name="a"', '\r\n--XY')}--X--`,
      { a: '\r\n--XY' },
    ],
    ['a multipart form that breaks off', MULTIPART, part('form-data; name="a"', '1'), null],
    ['a multipart form without a boundary', 'multipart/form-data', '--X--', null],
    ['another type', 'text/plain', 'a=1', null],
  ]
  for (const [title, type, body, fields] of cases) {
    it(`reads ${title}`, () => {
      assert.deepEqual(fieldsOf(type, body), fields)
    })
  }

  it('takes names of object members for names like any other', () => {
    const fields = readFields(JSON_TYPE, Buffer.from('{"__proto__":1}'))
    assert.equal(fields?.get('__proto__'), 1)
    assert.equal(fields.get('constructor'), undefined)
  })
})

describe('withoutField', () => {
  it('keeps every other byte of a form', () => {
    assert.equal(without(FORM, 'a=%20+&key=1&b&k%65y=2&c='), 'a=%20+&b&c=')
    assert.equal(without(FORM, 'key=1'), '')
  })

  it('keeps every other byte of a JSON object, large numbers among them', () => {
    const body = '{ "n": 12345678901234567890, "key": {"a": ","}, "m" :1.0 }'
    assert.equal(without(JSON_TYPE, body), '{ "n": 12345678901234567890, "m" :1.0 }')
    assert.equal(without(JSON_TYPE, '{"key":1}'), '{}')
  })

  it('takes fields out of the top level alone', () => {
    const body = '{"a":{"key":1}}'
    assert.equal(without(JSON_TYPE, body), body)
  })

  it('keeps every other part of a multipart form', () => {
    const rest = part('form-data; name="a"', '\x80\xff')
    const body = `${part('form-data; name="key"', '1')}${rest}${part('form-data; name="key"', '2')}--X--\r\n`
    assert.equal(
      withoutField(MULTIPART, Buffer.from(body, 'latin1'), 'key').toString('latin1'),
      `${rest}--X--\r\n`,
    )
  })

  it('gives back the same buffer when there is nothing to take out', () => {
    for (const [type, text] of [
      [FORM, 'a=1'],
      [JSON_TYPE, '{"a":'],
      ['text/plain', 'key=1'],
    ] as const) {
      const body = Buffer.from(text)
      assert.equal(withoutField(type, body, 'key'), body)
    }
  })
})
