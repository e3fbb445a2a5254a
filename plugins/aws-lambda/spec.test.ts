import assert from 'node:assert/strict'
import { test } from 'node:test'
import { complete, faultsOf } from '../../test/support/plugin-config.js'
import { spec } from './spec.js'

test('can do without any setting', () => {
  assert.deepEqual(complete(spec, {}), {
    timeout: 60000,
    keepalive: 60000,
    aws_role_session_name: 'kong',
    invocation_type: 'RequestResponse',
    log_type: 'Tail',
    port: 443,
    disable_https: false,
    forward_request_method: false,
    forward_request_uri: false,
    forward_request_headers: false,
    forward_request_body: false,
    is_proxy_integration: false,
    awsgateway_compatible: false,
    skip_large_bodies: true,
    base64_encode_body: true,
    aws_imds_protocol_version: 'v1',
    empty_arrays_mode: 'legacy',
  })
})

test('takes key and secret together', () => {
  assert.deepEqual(faultsOf(spec, { aws_key: 'k', aws_secret: 's' }), [])
  assert.deepEqual(faultsOf(spec, { aws_key: 'k' }), [
    "all or none of these fields must be set: 'config.aws_key', 'config.aws_secret'",
  ])
})

test('calls through a proxy that speaks http', () => {
  assert.deepEqual(faultsOf(spec, { proxy_url: 'http://proxy:3128' }), [])
  assert.deepEqual(faultsOf(spec, { proxy_url: 'https://proxy:3128' }), [
    'proxy_url scheme must be http',
  ])
  assert.deepEqual(faultsOf(spec, { proxy_url: 'proxy:3128' }), ['proxy_url: missing host in url'])
})

test('names hosts, URLs and statuses that are none', () => {
  const config = {
    host: 'lambda:443',
    aws_region: 'eu west',
    aws_sts_endpoint_url: '//sts',
    unhandled_status: 99,
    invocation_type: 'Sync',
  }
  assert.deepEqual(faultsOf(spec, config).sort(), [
    'aws_region: invalid value: eu west',
    'aws_sts_endpoint_url: missing scheme in url',
    'host: must not have a port',
    'invocation_type: expected one of: RequestResponse, Event, DryRun',
    'unhandled_status: value should be between 100 and 999',
  ])
})

test('keeps secrets out of messages', () => {
  const [fault = ''] = faultsOf(spec, { aws_assume_role_arn: ['arn:aws:iam::1:role/x'] })
  assert.equal(fault, 'aws_assume_role_arn: expected a string')
})
