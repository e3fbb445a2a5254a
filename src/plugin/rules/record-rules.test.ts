import assert from 'node:assert/strict'
import { test } from 'node:test'
import { conditionalAtLeastOneOf, within } from './record-rules.js'
import { allOrNoneOf, atLeastOneOf, conditional, type RawConfig, type Rule } from './rules.js'

/** Each fault as `field: message (hint)`. */
function broken(rule: Rule, config: RawConfig): string[] {
  return rule
    .check(config)
    .map(
      ({ field, message, hint }) => `${field}: ${message}${hint === undefined ? '' : ` (${hint})`}`,
    )
}

test('a value asks for one of several fields', () => {
  const rule = conditionalAtLeastOneOf({ when: 'a', is: [1], fields: ['b', 'c'], message: 'set b' })
  assert.deepEqual(broken(rule, { a: 2 }), [])
  assert.deepEqual(broken(rule, { a: 1, c: 0 }), [])
  assert.deepEqual(broken(rule, { a: 1, b: '' }), [': set b'])
  assert.deepEqual(rule.fields, ['a', 'b', 'c'])
})

test('rules within a record speak from there, and leave an absent record alone', () => {
  const [together, needed] = within('r.s', [
    allOrNoneOf('a', 'b'),
    conditional({ when: 'a', is: [1], field: 'c' }),
  ])
  assert.ok(together !== undefined && needed !== undefined)
  assert.deepEqual(together.fields, ['r.s.a', 'r.s.b'])
  assert.deepEqual(broken(together, { r: { s: { a: 1 } } }), [
    "r.s: all or none of these fields must be set: 'a', 'b'",
  ])
  assert.deepEqual(broken(needed, { r: { s: { a: 1 } } }), [
    'r.s.c: required field missing (because a is 1)',
  ])
  assert.deepEqual(broken(together, { r: {}, a: 1 }), [])
})

test('rules within the configuration itself name fields without `config`', () => {
  const [rule] = within('', within('r', [allOrNoneOf('a', 'b')]))
  assert.deepEqual(rule?.fields, ['r.a', 'r.b'])
  assert.deepEqual(broken(rule, { r: { b: 1 } }), [
    "r: all or none of these fields must be set: 'a', 'b'",
  ])
  assert.deepEqual(broken(within('', [atLeastOneOf('a')])[0] ?? rule, {}), [
    ": at least one of these fields must be non-empty: 'a'",
  ])
})
