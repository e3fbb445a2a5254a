import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { complete, faultsOf } from '../../test/support/plugin-config.js'
import { spec } from './spec.js'

describe('the configuration of syslog', () => {
  it('needs nothing', () => {
    assert.deepEqual(complete(spec, {}), {
      log_level: 'info',
      successful_severity: 'info',
      client_errors_severity: 'info',
      server_errors_severity: 'info',
      facility: 'user',
    })
  })

  it('refuses what syslog does not know', () => {
    assert.deepEqual(faultsOf(spec, { server_errors_severity: 'fatal', facility: 'local8' }), [
      'server_errors_severity: expected one of: debug, info, notice, warning, err, crit, alert, emerg',
      'facility: expected one of: auth, authpriv, cron, daemon, ftp, kern, lpr, mail, news, syslog, user, uucp, local0, local1, local2, local3, local4, local5, local6, local7',
    ])
  })

  it('refuses null, unlike loggly', () => {
    assert.deepEqual(faultsOf(spec, { log_level: null }), ['log_level: required field missing'])
  })
})
