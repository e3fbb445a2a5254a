import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { complete, faultsOf } from '../../test/support/plugin-config.js'
import { spec } from './spec.js'

const AT_LEAST = "at least one of these fields must be non-empty: 'config.allow', 'config.deny'"

describe('a configuration of ip-restriction', () => {
  it('has no defaults', () => {
    assert.deepEqual(complete(spec, { deny: ['127.0.0.1'] }), { deny: ['127.0.0.1'] })
  })

  const cases: readonly (readonly [config: object, faults: readonly string[]])[] = [
    [{ allow: ['10.0.0.0/8', '::1', '::/0'], deny: ['10.1.2.3'] }, []],
    [{}, [AT_LEAST]],
    [{ allow: [], deny: [] }, [AT_LEAST]],
    [{ allow: 12 }, ['allow: expected an array']],
    [
      { allow: ['hello', '0.0.0.0/a', '0.0.0.0/33', '::/129'] },
      [
        "allow[0]: invalid ip or cidr range: 'hello'",
        "allow[1]: invalid ip or cidr range: '0.0.0.0/a'",
        "allow[2]: invalid ip or cidr range: '0.0.0.0/33'",
        "allow[3]: invalid ip or cidr range: '::/129'",
      ],
    ],
  ]
  for (const [config, faults] of cases) {
    it(`${JSON.stringify(config)} ${faults.length === 0 ? 'is right' : 'is refused'}`, () => {
      assert.deepEqual(faultsOf(spec, config), faults)
    })
  }
})
