import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { complete, faultsOf } from '../../test/support/plugin-config.js'
import { spec } from './spec.js'

describe('a configuration of bot-detection', () => {
  it('has the defaults of Kong', () => {
    assert.deepEqual(complete(spec, {}), { allow: [], deny: [] })
  })

  it('takes regular expressions', () => {
    assert.deepEqual(faultsOf(spec, { allow: ['^Mozilla/\\d'], deny: ['(?i)curl'] }), [])
  })

  it('refuses what is no regular expression in the words of Kong', () => {
    assert.deepEqual(faultsOf(spec, { allow: ['ok', '(a'], deny: ['bad(regex'] }), [
      'allow[1]: not a valid regex: (a',
      'deny[0]: not a valid regex: bad(regex',
    ])
  })
})
