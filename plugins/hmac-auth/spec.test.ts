import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { complete, faultsOf } from '../../test/support/plugin-config.js'
import { spec } from './spec.js'

const ALGORITHMS = ['hmac-sha1', 'hmac-sha256', 'hmac-sha384', 'hmac-sha512']

describe('a configuration of hmac-auth', () => {
  it('has the defaults of Kong', () => {
    assert.deepEqual(complete(spec, {}), {
      hide_credentials: false,
      clock_skew: 300,
      validate_request_body: false,
      enforce_headers: [],
      algorithms: ALGORITHMS,
    })
  })

  const refused: readonly (readonly [config: object, fault: string])[] = [
    [{ clock_skew: 0 }, 'clock_skew: value must be greater than 0'],
    [{ algorithms: ['hmac-md5'] }, `algorithms[0]: expected one of: ${ALGORITHMS.join(', ')}`],
    [{ enforce_headers: ['date', ''] }, 'enforce_headers[1]: length must be at least 1'],
    [{ validate_request_body: null }, 'validate_request_body: required field missing'],
  ]
  for (const [config, fault] of refused) {
    it(`${JSON.stringify(config)} is refused`, () => {
      assert.deepEqual(faultsOf(spec, config), [fault])
    })
  }
})
