import assert from 'node:assert/strict'
import { test } from 'node:test'
import { complete, faultsOf } from '../../test/support/plugin-config.js'
import { spec } from './spec.js'

test('lets pages of any origin call', () => {
  assert.deepEqual(complete(spec, {}), { allow_origin_header: '*' })
})

test('takes a .proto file, a switch and an origin', () => {
  const config = {
    proto: '/etc/hello.proto',
    pass_stripped_path: true,
    allow_origin_header: 'https://example.com',
  }
  assert.deepEqual(complete(spec, config), config)
  assert.deepEqual(faultsOf(spec, { pass_stripped_path: 'yes', allow_origin_header: '' }).sort(), [
    'allow_origin_header: length must be at least 1',
    'pass_stripped_path: expected a boolean',
  ])
})
