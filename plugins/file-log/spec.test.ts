import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { complete, faultsOf } from '../../test/support/plugin-config.js'
import { spec } from './spec.js'

describe('the configuration of file-log', () => {
  it('needs a path alone', () => {
    assert.deepEqual(complete(spec, { path: '/dev/stdout' }), {
      path: '/dev/stdout',
      reopen: false,
    })
    assert.deepEqual(faultsOf(spec, {}), ['path: required field missing'])
  })

  for (const sign of ['*', '&', '%', '`', '\\']) {
    it(`refuses a path with ${sign}`, () => {
      assert.deepEqual(faultsOf(spec, { path: `/tmp/a${sign}b` }), ['path: not a valid filename'])
    })
  }

  it('takes further fields, each with a name and code', () => {
    const path = '/tmp/requests of today.log'
    const fields = (custom_fields_by_lua: unknown) =>
      faultsOf(spec, { path, custom_fields_by_lua }).map((line) =>
        line.replace(/^custom_fields_by_lua[^:]*: /, ''),
      )
    assert.deepEqual(fields({ route: 'return nil', 'a.b': 'return 1' }), [])
    assert.deepEqual(fields({ a: '' }), ['length must be at least 1'])
    assert.deepEqual(fields({ '': 'x' }), ['length must be at least 1'])
    assert.deepEqual(fields({ a: 5 }), ['expected a string'])
    assert.deepEqual(fields(['return 1']), ['expected a map'])
  })

  it('compiles the Lua code of further fields', () => {
    const custom_fields_by_lua = { broken: 'return (', fine: "return kong.request.get_header('a')" }
    const [fault, ...others] = faultsOf(spec, { path: '/tmp/log', custom_fields_by_lua })
    assert.match(fault ?? '', /^custom_fields_by_lua.*Error parsing function: /)
    assert.deepEqual(others, [])
  })
})
