import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { complete, faultsOf } from '../../test/support/plugin-config.js'
import { spec } from './spec.js'

describe('a configuration of jwt', () => {
  it('has the defaults of Kong', () => {
    assert.deepEqual(complete(spec, {}), {
      uri_param_names: ['jwt'],
      cookie_names: [],
      key_claim_name: 'iss',
      secret_is_base64: false,
      run_on_preflight: true,
      maximum_expiration: 0,
      header_names: ['authorization'],
    })
  })

  const cases: readonly (readonly [config: object, faults: readonly string[]])[] = [
    [{ maximum_expiration: 60, claims_to_verify: ['exp', 'nbf'] }, []],
    [{ maximum_expiration: 0, claims_to_verify: ['nbf'] }, []],
    [{ maximum_expiration: 60 }, []],
    [
      { maximum_expiration: 60, claims_to_verify: ['nbf'] },
      ['claims_to_verify: expected to contain: exp'],
    ],
    [{ claims_to_verify: ['iat'] }, ['claims_to_verify[0]: expected one of: exp, nbf']],
    [{ claims_to_verify: 'exp' }, ['claims_to_verify: expected a set']],
    [{ maximum_expiration: -1 }, ['maximum_expiration: value should be between 0 and 31536000']],
    [{ run_on_preflight: null }, ['run_on_preflight: required field missing']],
  ]
  for (const [config, faults] of cases) {
    it(`${JSON.stringify(config)} ${faults.length === 0 ? 'is right' : 'is refused'}`, () => {
      assert.deepEqual(faultsOf(spec, config), faults)
    })
  }
})
