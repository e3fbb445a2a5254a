import assert from 'node:assert/strict'
import { it } from 'node:test'
import { ENTITY_CHECKS } from './entity-checks.js'
import { allOrNoneOf, atLeastOneOf, exactlyOneOf, onlyOneOf } from './rules.js'

it('rules across fields speak of the entity in words that are known as such', () => {
  const messages = [
    ...atLeastOneOf('a', 'b').check({}),
    ...exactlyOneOf('a', 'b').check({}),
    ...onlyOneOf('a', 'b').check({ a: 1, b: 1 }),
    ...allOrNoneOf('a', 'b').check({ a: 1 }),
  ].map(({ message }) => message)
  assert.equal(messages.length, 4)
  for (const message of messages) assert.match(message, ENTITY_CHECKS)
  assert.doesNotMatch('required field missing', ENTITY_CHECKS)
})
