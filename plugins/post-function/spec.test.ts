import assert from 'node:assert/strict'
import { test } from 'node:test'
import { complete, faultsOf } from '../../test/support/plugin-config.js'
import { spec } from './spec.js'

test('has no code in the phases that are left out', () => {
  assert.deepEqual(complete(spec, { access: ['kong.response.exit(200)'] }), {
    certificate: [],
    rewrite: [],
    access: ['kong.response.exit(200)'],
    header_filter: [],
    body_filter: [],
    log: [],
  })
})

test('demands code in some phase', () => {
  assert.deepEqual(faultsOf(spec, { log: [] }), [
    "at least one of these fields must be non-empty: 'config.certificate', 'config.rewrite', 'config.access', 'config.header_filter', 'config.body_filter', 'config.log'",
  ])
})

test('points at the piece of code that does not compile', () => {
  const config = { access: ['return function() end', 'print('], log: ['local x = 1\nx = $'] }
  assert.deepEqual(faultsOf(spec, config).sort(), [
    `access[1]: error parsing post-function: [string "print("]:1: unexpected symbol near '<eof>'`,
    `log[0]: error parsing post-function: [string "local x = 1..."]:2: unexpected symbol near '$'`,
  ])
})
