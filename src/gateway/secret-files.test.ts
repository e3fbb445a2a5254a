import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { makeFolder, type Folder } from '../../test/support/folder.js'
import { ConfigError, formatProblem } from '../errors/config-error.js'
import { withSecretFiles } from './secret-files.js'
import { collectSettings, type Environment } from './setting-sources.js'
import { isSettingName } from './settings.js'

let folder: Folder
before(() => {
  folder = makeFolder()
})
after(() => folder.remove())

function given(environment: Environment): Record<string, string> {
  const settings = collectSettings({ environment: withSecretFiles(environment, isSettingName) })
  return Object.fromEntries([...settings].map(([name, { value }]) => [name, value]))
}

function faultsOf(environment: Environment): readonly string[] {
  try {
    withSecretFiles(environment, isSettingName)
  } catch (error) {
    assert.ok(error instanceof ConfigError)
    return error.problems.map(formatProblem)
  }
  return assert.fail('it was accepted')
}

describe('KONG_NAME_FILE', () => {
  it('stands for the content of a file', () => {
    const file = folder.write('key', '-----BEGIN KEY-----\nabc\n')
    assert.deepEqual(given({ KONG_SSL_CERT_KEY_FILE: file }), {
      ssl_cert_key: '-----BEGIN KEY-----\nabc',
    })
  })

  it('is left alone when there is no such setting', () => {
    const environment = { KONG_PG_PASSWORD_FILE: '/run/secrets/none', HOME_FILE: '/none' }
    assert.deepEqual(given(environment), { pg_password_file: '/run/secrets/none' })
  })

  it('and KONG_NAME exclude each other', () => {
    const environment = { KONG_LOG_LEVEL: 'info', KONG_LOG_LEVEL_FILE: folder.write('l', 'warn') }
    assert.deepEqual(faultsOf(environment), [
      'KONG_LOG_LEVEL_FILE KONG_LOG_LEVEL is set, too, but only one of them may be',
    ])
  })

  it('names each file that cannot be read', () => {
    const [fault = ''] = faultsOf({ GW_LOG_LEVEL_FILE: '/no/such' })
    assert.match(fault, /^GW_LOG_LEVEL_FILE ENOENT.*'\/no\/such'$/)
  })
})
