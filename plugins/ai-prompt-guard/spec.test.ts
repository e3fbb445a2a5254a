import assert from 'node:assert/strict'
import { test } from 'node:test'
import { complete, faultsOf } from '../../test/support/plugin-config.js'
import { spec } from './spec.js'

test('looks at what users say, in the whole history', () => {
  assert.deepEqual(complete(spec, { deny_patterns: ['.*card.*'] }), {
    deny_patterns: ['.*card.*'],
    allow_all_conversation_history: false,
    match_all_roles: false,
    max_request_body_size: 8192,
    llm_format: 'openai',
  })
})

test('demands patterns of either kind', () => {
  assert.deepEqual(faultsOf(spec, { allow_patterns: [] }), [
    "at least one of these fields must be non-empty: 'config.allow_patterns', 'config.deny_patterns'",
  ])
})

test('cannot match all roles in the newest message alone', () => {
  const both = { allow_patterns: ['x'], match_all_roles: true }
  assert.deepEqual(faultsOf(spec, both), [])
  assert.deepEqual(faultsOf(spec, { ...both, allow_all_conversation_history: true }), [
    'allow_all_conversation_history: value must be false',
  ])
})

test('limits patterns and bodies', () => {
  const config = {
    allow_patterns: Array.from({ length: 11 }, () => 'x'),
    deny_patterns: ['', 'x'.repeat(501)],
    max_request_body_size: 0,
  }
  assert.deepEqual(faultsOf(spec, config).sort(), [
    'allow_patterns: length must be at most 10',
    'deny_patterns[0]: length must be at least 1',
    'deny_patterns[1]: length must be at most 500',
    'max_request_body_size: value must be greater than 0',
  ])
})
