import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  allOrNoneOf,
  atLeastOneOf,
  conditional,
  exactlyOneOf,
  fieldOf,
  mustBe,
  onlyOneOf,
  type RawConfig,
  type Rule,
} from './rules.js'

/** Each fault as `field: message (hint)`. */
function faultsOf(rule: Rule, config: RawConfig): string[] {
  return rule.check(config).map(({ field, message, hint }) => {
    const text = field === '' ? message : `${field}: ${message}`
    return hint === undefined ? text : `${text} (${hint})`
  })
}

describe('a rule about how many fields are given', () => {
  const configs: Readonly<Record<string, RawConfig>> = {
    none: {},
    empty: { a: '', b: [] },
    one: { a: 'x' },
    both: { a: 'x', b: { c: 1 } },
  }
  const rules: readonly (readonly [Rule, message: string, broken: readonly string[]])[] = [
    [atLeastOneOf('a', 'b'), 'at least one of these fields must be non-empty', ['none', 'empty']],
    [
      exactlyOneOf('a', 'b'),
      'exactly one of these fields must be non-empty',
      ['none', 'empty', 'both'],
    ],
    [onlyOneOf('a', 'b'), 'only one or none of these fields must be set', ['both']],
    [allOrNoneOf('a', 'b'), 'all or none of these fields must be set', ['one']],
  ]
  for (const [rule, message, broken] of rules) {
    it(`says "${message}" for ${broken.join(', ')}`, () => {
      for (const [name, config] of Object.entries(configs)) {
        const expected = broken.includes(name) ? [`${message}: 'config.a', 'config.b'`] : []
        const found = rule.check(config).map((fault) => fault.message)
        assert.deepEqual(found, expected, name)
      }
    })
  }

  it('looks into records', () => {
    assert.deepEqual(atLeastOneOf('b.c', 'b.d').check({ b: { c: 1 } }), [])
    assert.equal(atLeastOneOf('b.d', 'a.c').check({ a: 'x', b: {} }).length, 1)
  })
})

describe('a condition', () => {
  it('demands a field when another has one of the values', () => {
    const rule = conditional({ when: 'policy', is: ['redis'], field: 'redis.host' })
    assert.deepEqual(faultsOf(rule, { policy: 'redis', redis: {} }), [
      'redis.host: required field missing (because policy is redis)',
    ])
    assert.deepEqual(faultsOf(rule, { policy: 'redis', redis: { host: 'a' } }), [])
    assert.deepEqual(faultsOf(rule, { policy: 'local' }), [])
  })

  it('may hang on any test of the value, and say itself what is wrong', () => {
    const isPositive = (value: unknown) => typeof value === 'number' && value > 0
    const hint = 'one or the other'
    const rule = conditional({ when: 'a', is: isPositive, field: 'b', fault: mustBe(false), hint })
    assert.deepEqual(faultsOf(rule, { a: 1, b: true }), [
      'b: value must be false (one or the other)',
    ])
    assert.deepEqual(faultsOf(rule, { a: 1, b: false }), [])
    assert.deepEqual(faultsOf(rule, { a: 0, b: true }), [])
  })
})

describe('fieldOf', () => {
  it('finds nothing below what is no record', () => {
    assert.equal(fieldOf({ a: 'text' }, 'a.length'), undefined)
    assert.equal(fieldOf({ b: null }, 'b.c'), undefined)
  })
})
