import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { complete, faultsOf } from '../../test/support/plugin-config.js'
import { spec } from './spec.js'

describe('a configuration of standard-webhooks', () => {
  it('has the defaults of Kong', () => {
    assert.deepEqual(complete(spec, { secret_v1: 's' }), { secret_v1: 's', tolerance_second: 300 })
  })

  const cases: readonly (readonly [config: object, faults: readonly string[]])[] = [
    [{ secret_v1: '{vault://env/webhooks}', tolerance_second: 0 }, []],
    [{}, ['secret_v1: required field missing']],
    [{ secret_v1: null }, ['secret_v1: required field missing']],
    [{ secret_v1: 5 }, ['secret_v1: expected a string']],
    [{ secret_v1: 's', tolerance_second: -1 }, ['tolerance_second: value must be greater than -1']],
    [{ secret_v1: 's', tolerance_second: 1.5 }, ['tolerance_second: expected an integer']],
  ]
  for (const [config, faults] of cases) {
    it(`${JSON.stringify(config)} ${faults.length === 0 ? 'is right' : 'is refused'}`, () => {
      assert.deepEqual(faultsOf(spec, config), faults)
    })
  }
})
