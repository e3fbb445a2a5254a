import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { complete, faultsOf } from '../../test/support/plugin-config.js'
import { spec } from './spec.js'

describe('the configuration of loggly', () => {
  it('needs a key alone', () => {
    assert.deepEqual(complete(spec, { key: 'k' }), {
      host: 'logs-01.loggly.com',
      port: 514,
      key: 'k',
      tags: ['kong'],
      log_level: 'info',
      successful_severity: 'info',
      client_errors_severity: 'info',
      server_errors_severity: 'info',
      timeout: 10_000,
    })
    assert.deepEqual(faultsOf(spec, {}), ['key: required field missing'])
  })

  it('holds each tag once', () => {
    const { tags } = complete(spec, { key: '{vault://env/key}', tags: ['a', 'b', 'a'] }) as {
      tags: unknown
    }
    assert.deepEqual(tags, ['a', 'b'])
  })

  it('refuses unknown severities and a host with a port', () => {
    assert.deepEqual(faultsOf(spec, { key: 'k', log_level: 'error', host: 'a:1' }), [
      'log_level: expected one of: debug, info, notice, warning, err, crit, alert, emerg',
      'host: must not have a port',
    ])
  })
})
