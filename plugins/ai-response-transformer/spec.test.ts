import assert from 'node:assert/strict'
import { test } from 'node:test'
import { complete, faultsOf } from '../../test/support/plugin-config.js'
import { spec } from './spec.js'

const llm = { route_type: 'llm/v1/chat', model: { provider: 'openai' } }

test("takes the LLM's answer for the body alone", () => {
  assert.deepEqual(complete(spec, { prompt: 'Translate.', llm }), {
    prompt: 'Translate.',
    parse_llm_response_json_instructions: false,
    http_timeout: 60000,
    https_verify: true,
    max_request_body_size: 8192,
    llm: { ...llm, logging: { log_statistics: false, log_payloads: false } },
  })
})

test('has the rules of ai-request-transformer', () => {
  const preserve = { ...llm, route_type: 'preserve' }
  assert.deepEqual(faultsOf(spec, { prompt: 'x', llm: preserve, http_proxy_port: 80 }), [
    'llm.route_type: value must be llm/v1/chat',
    "all or none of these fields must be set: 'config.http_proxy_host', 'config.http_proxy_port'",
  ])
})
