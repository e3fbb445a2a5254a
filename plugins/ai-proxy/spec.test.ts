import assert from 'node:assert/strict'
import { test } from 'node:test'
import { complete, faultsOf } from '../../test/support/plugin-config.js'
import { spec } from './spec.js'

const OPENAI = { route_type: 'llm/v1/chat', model: { provider: 'openai' } }

test('fills in what the LLM record and the plugin have of their own', () => {
  assert.deepEqual(complete(spec, OPENAI), {
    ...OPENAI,
    logging: { log_statistics: false, log_payloads: false },
    response_streaming: 'allow',
    max_request_body_size: 8192,
    model_name_header: true,
    llm_format: 'openai',
  })
})

test('holds the configuration to the rules of the LLM record', () => {
  const config = { ...OPENAI, auth: { header_name: 'Authorization' } }
  assert.deepEqual(faultsOf(spec, config), [
    "all or none of these fields must be set: 'auth.header_name', 'auth.header_value'",
  ])
})

test("takes a provider's own format for chats with that provider alone", () => {
  const native = (llm_format: string, provider: string, route_type = 'llm/v1/chat') =>
    faultsOf(spec, { llm_format, route_type, model: { provider } })
  assert.deepEqual(native('bedrock', 'bedrock'), [])
  assert.deepEqual(native('gemini', 'gemini'), [])
  assert.deepEqual(native('openai', 'gemini', 'preserve'), [])
  assert.deepEqual(native('gemini', 'bedrock'), ['model.provider: value must be gemini'])
  assert.deepEqual(native('bedrock', 'bedrock', 'preserve'), [
    'route_type: value must be llm/v1/chat',
  ])
})
