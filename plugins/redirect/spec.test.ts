import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { complete, faultsOf } from '../../test/support/plugin-config.js'
import { spec } from './spec.js'

const minimal = { location: 'https://example.com/a?b=c' }

describe('a configuration of redirect', () => {
  it('has the defaults of Kong', () => {
    assert.deepEqual(complete(spec, minimal), {
      ...minimal,
      status_code: 301,
      keep_incoming_path: false,
    })
  })

  const refused: readonly (readonly [config: object, fault: string])[] = [
    [{ location: null }, 'location: required field missing'],
    [{ location: '/path' }, 'location: missing host in url'],
    [{ location: '//example.com' }, 'location: missing scheme in url'],
    [{ status_code: 99 }, 'status_code: value should be between 100 and 599'],
    [{ status_code: 'abcd' }, 'status_code: expected an integer'],
    [{ keep_incoming_path: 'invalid' }, 'keep_incoming_path: expected a boolean'],
  ]
  for (const [config, fault] of refused) {
    it(`${JSON.stringify(config)} is refused`, () => {
      assert.deepEqual(faultsOf(spec, { ...minimal, ...config }), [fault])
    })
  }
})
