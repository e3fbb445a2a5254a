import assert from 'node:assert/strict'
import { test } from 'node:test'
import { complete, faultsOf } from '../../test/support/plugin-config.js'
import { spec } from './spec.js'

const llm = { route_type: 'llm/v1/chat', model: { provider: 'openai' } }
const MINIMAL = { prompt: 'Translate.', llm }

test('verifies the LLM service and waits a minute for it', () => {
  assert.deepEqual(complete(spec, MINIMAL), {
    prompt: 'Translate.',
    http_timeout: 60000,
    https_verify: true,
    max_request_body_size: 8192,
    llm: { ...llm, logging: { log_statistics: false, log_payloads: false } },
  })
})

test('needs a prompt and an LLM', () => {
  assert.deepEqual(faultsOf(spec, {}).sort(), [
    'llm.model.provider: required field missing',
    'llm.route_type: required field missing',
    'prompt: required field missing',
  ])
})

test('asks the LLM in a chat', () => {
  const completions = { ...llm, route_type: 'llm/v1/completions' }
  assert.deepEqual(faultsOf(spec, { ...MINIMAL, llm: completions }), [
    'llm.route_type: value must be llm/v1/chat',
  ])
})

test('takes a proxy with its port', () => {
  const proxies = { http_proxy_host: 'proxy', https_proxy_port: 3128 }
  const together = 'all or none of these fields must be set:'
  assert.deepEqual(faultsOf(spec, { ...MINIMAL, ...proxies }), [
    `${together} 'config.http_proxy_host', 'config.http_proxy_port'`,
    `${together} 'config.https_proxy_host', 'config.https_proxy_port'`,
  ])
  const wrong = { http_proxy_host: 'proxy:80', http_proxy_port: 70000 }
  assert.deepEqual(faultsOf(spec, { ...MINIMAL, ...wrong }).sort(), [
    'http_proxy_host: must not have a port',
    'http_proxy_port: value should be between 0 and 65535',
  ])
})

test('names faults of the LLM record below `llm`', () => {
  const azure = { ...llm, model: { provider: 'azure', options: { azure_instance: 'i' } } }
  assert.deepEqual(faultsOf(spec, { ...MINIMAL, llm: { ...azure, auth: { header_name: 'x' } } }), [
    "llm: all or none of these fields must be set: 'auth.header_name', 'auth.header_value'",
    "llm: must set 'model.options.azure_deployment_id' for azure provider",
  ])
})
