import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  allOrNoneOf,
  atLeastOneOf,
  conditional,
  conditionalAtLeastOneOf,
  fieldOf,
  onlyOneOf,
  onlyValue,
  within,
  type RawConfig,
  type Rule,
} from './rules.js'

/** Each fault as `field: message (hint)`. */
function broken(rule: Rule, config: RawConfig): string[] {
  return rule
    .check(config)
    .map(
      ({ field, message, hint }) => `${field}: ${message}${hint === undefined ? '' : ` (${hint})`}`,
    )
}

test('a path reaches into records and finds nothing in anything else', () => {
  const config = { a: { b: [{ c: 1 }], d: null }, e: 'text' }
  const found = ['a.b.0.c', 'a.d', 'a.x.y', 'e.length.x', 'x'].map((path) => fieldOf(config, path))
  assert.deepEqual(found, [1, undefined, undefined, undefined, undefined])
})

test('at least one of some fields must hold something', () => {
  const rule = atLeastOneOf('a', 'b.c')
  const fault = ": at least one of these fields must be non-empty: 'config.a', 'config.b.c'"
  for (const config of [{}, { a: '' }, { a: [], b: { c: {} } }, { a: null }]) {
    assert.deepEqual(broken(rule, config), [fault])
  }
  for (const config of [{ a: false }, { a: 0 }, { b: { c: 'x' } }]) {
    assert.deepEqual(broken(rule, config), [])
  }
})

test('no more than one of some fields may hold something', () => {
  const rule = onlyOneOf('a', 'b', 'c')
  assert.deepEqual(broken(rule, {}), [])
  assert.deepEqual(broken(rule, { a: 1, b: '' }), [])
  assert.deepEqual(broken(rule, { a: 1, c: 2 }), [
    ": only one or none of these fields must be set: 'config.a', 'config.b', 'config.c' (keep one of them)",
  ])
})

test('some fields go together', () => {
  const rule = allOrNoneOf('a', 'b')
  assert.deepEqual(broken(rule, {}), [])
  assert.deepEqual(broken(rule, { a: 1, b: 2 }), [])
  assert.deepEqual(broken(rule, { b: 2 }), [
    ": all or none of these fields must be set: 'config.a', 'config.b'",
  ])
})

test('a value makes demands on another field, and the fault says why', () => {
  const needed = conditional({ when: 'a', is: [1, 2], field: 'b.c' })
  assert.deepEqual(broken(needed, { a: 3 }), [])
  assert.deepEqual(broken(needed, { a: 2, b: { c: false } }), [])
  assert.deepEqual(broken(needed, { a: 2 }), ['b.c: required field missing (because a is 2)'])

  const fixed = { when: 'a', is: [1], field: 'b', fault: onlyValue('x') }
  assert.deepEqual(broken(conditional(fixed), { a: 1, b: 'x' }), [])
  assert.deepEqual(broken(conditional({ ...fixed, reason: 'a 1 is for x' }), { a: 1, b: 'y' }), [
    'b: value must be x (a 1 is for x)',
  ])
})

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
