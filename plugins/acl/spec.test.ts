import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { complete, faultsOf } from '../../test/support/plugin-config.js'
import { spec } from './spec.js'

const EXACTLY = "exactly one of these fields must be non-empty: 'config.allow', 'config.deny'"
const AT_LEAST = "at least one of these fields must be non-empty: 'config.allow', 'config.deny'"

describe('a configuration of acl', () => {
  it('has the defaults of Kong', () => {
    assert.deepEqual(complete(spec, { allow: ['admin'] }), {
      allow: ['admin'],
      hide_groups_header: false,
      always_use_authenticated_groups: false,
    })
  })

  const cases: readonly (readonly [config: object, faults: readonly string[]])[] = [
    [{ deny: ['a'] }, []],
    [{ allow: [], deny: ['a'] }, []],
    [{ allow: ['a'], deny: ['b'] }, [EXACTLY]],
    [{}, [EXACTLY, AT_LEAST]],
    [{ allow: [] }, [EXACTLY, AT_LEAST]],
    [{ allow: 'a' }, ['allow: expected an array']],
    [{ allow: [''] }, ['allow[0]: length must be at least 1']],
    [{ allow: ['a'], hide_groups_header: null }, ['hide_groups_header: required field missing']],
  ]
  for (const [config, faults] of cases) {
    it(`${JSON.stringify(config)} ${faults.length === 0 ? 'is right' : 'is refused'}`, () => {
      assert.deepEqual(faultsOf(spec, config), faults)
    })
  }

  it('does not know the names of old versions', () => {
    assert.ok(faultsOf(spec, { whitelist: ['a'] }).includes('whitelist: unknown field'))
  })
})
