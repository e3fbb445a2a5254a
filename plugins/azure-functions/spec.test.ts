import assert from 'node:assert/strict'
import { test } from 'node:test'
import { complete, faultsOf } from '../../test/support/plugin-config.js'
import { spec } from './spec.js'

test('calls the public Azure domain with https', () => {
  assert.deepEqual(complete(spec, { appname: 'app', functionname: 'hello' }), {
    timeout: 600000,
    keepalive: 60000,
    https: true,
    https_verify: false,
    appname: 'app',
    hostdomain: 'azurewebsites.net',
    routeprefix: 'api',
    functionname: 'hello',
  })
})

test('needs the names of app and function', () => {
  assert.deepEqual(faultsOf(spec, { hostdomain: null }).sort(), [
    'appname: required field missing',
    'functionname: required field missing',
    'hostdomain: required field missing',
  ])
})

test('takes its keys from a vault', () => {
  const vault = { apikey: '{vault://env/AZURE_KEY}', clientid: '{vault://env/AZURE_CLIENT}' }
  assert.deepEqual(faultsOf(spec, { appname: 'app', functionname: 'hello', ...vault }), [])
})
