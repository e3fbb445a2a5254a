import assert from 'node:assert/strict'
import { test } from 'node:test'
import { complete, faultsOf } from '../../test/support/plugin-config.js'
import { spec } from './spec.js'

test('takes the path of a .proto file, or none', () => {
  assert.deepEqual(complete(spec, {}), {})
  assert.deepEqual(complete(spec, { proto: '/etc/hello.proto' }), { proto: '/etc/hello.proto' })
  assert.deepEqual(faultsOf(spec, { proto: '' }), ['proto: length must be at least 1'])
})
