import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { complete, faultsOf } from '../../test/support/plugin-config.js'
import { spec } from './spec.js'

describe('a configuration of basic-auth', () => {
  it('has the defaults of Kong', () => {
    assert.deepEqual(complete(spec, {}), { hide_credentials: false, realm: 'service' })
  })

  it('may name a consumer for requests without credentials', () => {
    assert.deepEqual(faultsOf(spec, { anonymous: 'guest' }), [])
  })

  it('cannot be without a realm', () => {
    assert.deepEqual(faultsOf(spec, { realm: null }), ['realm: required field missing'])
    assert.deepEqual(faultsOf(spec, { realm: '' }), ['realm: length must be at least 1'])
  })
})
