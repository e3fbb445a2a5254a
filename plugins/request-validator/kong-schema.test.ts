import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { compileKongSchema } from './kong-schema.js'
import { SchemaText } from './place.js'

function verdict(fields: unknown, value: unknown): string | null {
  return compileKongSchema(new SchemaText('body_schema', JSON.stringify(fields)))(value)
}

describe("Kong's form of a schema", () => {
  const schema = [
    { name: { type: 'string', required: true } },
    { age: { type: 'integer', between: [1, 150] } },
    {
      address: {
        type: 'record',
        fields: [{ street: { type: 'string', required: true } }],
      },
    },
    { born: { type: 'string', format: 'date-time' } },
  ]
  const cases: readonly (readonly [value: unknown, fault: string | null])[] = [
    [{ name: 'a', age: 4, address: { street: 'b' }, born: 'no date' }, null],
    [{ name: 'a', age: null, address: null }, null],
    [{}, 'required field missing: name'],
    [{ name: null }, 'required field missing: name'],
    [{ name: '' }, 'length must be at least 1: name'],
    [{ name: 'a', other: 1 }, 'unknown field: other'],
    [{ name: 'a', constructor: 1 }, 'unknown field: constructor'],
    [{ name: 'a', age: 1.5 }, 'expected an integer: age'],
    [{ name: 'a', age: 0 }, 'value should be between 1 and 150: age'],
    [{ name: 'a', address: {} }, 'required field missing: address.street'],
    [{ name: 'a', address: [] }, 'expected a record: address'],
    [[], 'expected a record'],
    ['a', 'expected a record'],
  ]
  for (const [value, fault] of cases) {
    it(`takes ${JSON.stringify(value)}: ${fault ?? 'yes'}`, () => {
      assert.equal(verdict(schema, value), fault)
    })
  }

  const fields: readonly (readonly [field: object, value: unknown, fault: string | null])[] = [
    [{ type: 'string', len_min: 0 }, '', null],
    [{ type: 'string', len_max: 3 }, 'äa', null],
    [{ type: 'string', len_max: 3 }, 'ää', 'length must be at most 3'],
    [{ type: 'string', len_eq: 2 }, 'ä', null],
    [{ type: 'string', match: '^%a+$' }, 'abc', null],
    [{ type: 'string', match: '^%a+$' }, 'ab1', 'invalid value'],
    [{ type: 'string', not_match: '%d' }, 'ab1', 'invalid value'],
    [{ type: 'string', match: '.-b.-b.-c' }, 'b'.repeat(20_000), 'value takes too long to match'],
    [{ type: 'string', not_match: '.-c.-c' }, 'b'.repeat(20_000), 'value takes too long to match'],
    [{ type: 'string', starts_with: 'ab' }, 'ba', 'should start with: ab'],
    [{ type: 'string', one_of: ['a', 'b'] }, 'c', 'expected one of: a, b'],
    [{ type: 'string', ne: 'a' }, 'a', 'value must not be a'],
    [{ type: 'string', uuid: true }, '123e4567-e89b-12d3-a456-426614174000', null],
    [{ type: 'string', uuid: true }, '123e4567', 'expected a valid UUID'],
    [{ type: 'number' }, 1.5, null],
    [{ type: 'number' }, '1', 'expected a number'],
    [{ type: 'number', gt: 1 }, 1, 'must be greater than 1'],
    [{ type: 'integer', timestamp: true }, 0, 'expected a valid timestamp'],
    [{ type: 'boolean', eq: true }, false, 'value must be true'],
    [{ type: 'array', elements: { type: 'integer' } }, [1, 'a'], 'expected an integer'],
    [{ type: 'array', elements: { type: 'integer' } }, {}, 'expected an array'],
    [{ type: 'array', elements: { type: 'string' }, match_all: 'a' }, ['a', 'b'], 'invalid value'],
    [{ type: 'array', elements: { type: 'string' }, match_any: 'a' }, ['a', 'b'], null],
    [{ type: 'array', elements: { type: 'string' }, match_none: 'a' }, ['a'], 'invalid value'],
    [{ type: 'array', elements: { type: 'string' }, len_min: 1 }, [], 'length must be at least 1'],
    [{ type: 'set', elements: { type: 'string' } }, ['a'], null],
    [{ type: 'map', keys: { type: 'string' }, values: { type: 'boolean' } }, { a: true }, null],
    [
      { type: 'map', keys: { type: 'string', len_max: 1 }, values: { type: 'boolean' } },
      { ab: true },
      'length must be at most 1',
    ],
    [{ type: 'map', keys: { type: 'string' }, values: { type: 'boolean' } }, [], 'expected a map'],
  ]
  for (const [field, value, fault] of fields) {
    const shown = JSON.stringify(value).slice(0, 40)
    it(`${JSON.stringify(field)} takes ${shown}: ${fault ?? 'yes'}`, () => {
      const found = verdict([{ a: field }], { a: value })
      assert.equal(found?.replace(/: a(?:$|[.[].*)/, '') ?? null, fault)
    })
  }
})
