import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { complete, faultsOf } from '../../test/support/plugin-config.js'
import { spec } from './spec.js'

describe('a configuration of request-size-limiting', () => {
  it('has the defaults of Kong', () => {
    assert.deepEqual(complete(spec, {}), {
      allowed_payload_size: 128,
      size_unit: 'megabytes',
      require_content_length: false,
    })
  })

  const refused: readonly (readonly [config: object, fault: string])[] = [
    [{ size_unit: 'gigabytes' }, 'size_unit: expected one of: megabytes, kilobytes, bytes'],
    [{ size_unit: null }, 'size_unit: required field missing'],
    [{ allowed_payload_size: 1.5 }, 'allowed_payload_size: expected an integer'],
    [{ allowed_payload_size: '10' }, 'allowed_payload_size: expected an integer'],
  ]
  for (const [config, fault] of refused) {
    it(`${JSON.stringify(config)} is refused`, () => {
      assert.deepEqual(faultsOf(spec, config), [fault])
    })
  }
})
