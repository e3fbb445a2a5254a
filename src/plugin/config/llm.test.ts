import assert from 'node:assert/strict'
import { test } from 'node:test'
import { complete, faultsOf } from '../../../test/support/plugin-config.js'
import { llmRecord, llmRules } from './llm.js'
import { within } from '../rules/record-rules.js'

// As ai-proxy has it, the record being its configuration.
const spec = { name: 'llm', schema: llmRecord, rules: within('', llmRules) }

function llm(provider: string, options?: object, rest: object = {}) {
  const model = options === undefined ? { provider } : { provider, options }
  return { route_type: 'llm/v1/chat', model, ...rest }
}

test('leaves out what nobody has set', () => {
  assert.deepEqual(complete(spec, llm('openai', { gemini: {} }, { auth: {} })), {
    route_type: 'llm/v1/chat',
    auth: { gcp_use_service_account: false, allow_override: false },
    model: { provider: 'openai', options: { azure_api_version: '2023-05-15', gemini: {} } },
    logging: { log_statistics: false, log_payloads: false },
  })
})

test('demands what a provider cannot do without', () => {
  const must = (option: string, whom: string) => `must set 'model.options.${option}' for ${whom}`
  const cases: [config: object, faults: string[]][] = [
    [llm('openai'), []],
    [llm('cohere'), []],
    [llm('mistral'), [must('mistral_format', 'mistral provider')]],
    [llm('mistral', { mistral_format: 'ollama' }), []],
    [llm('anthropic', {}), [must('anthropic_version', 'anthropic provider')]],
    [
      llm('llama2'),
      [
        must('llama2_format', 'llama2 provider'),
        must('upstream_url', 'self-hosted providers/models'),
      ],
    ],
    [llm('llama2', { llama2_format: 'raw', upstream_url: 'http://llm:1/' }), []],
    [
      llm('azure'),
      ['azure_instance', 'azure_api_version', 'azure_deployment_id'].map((option) =>
        must(option, 'azure provider'),
      ),
    ],
    // The version has a default, once there are options to fill in.
    [llm('azure', { azure_instance: 'i', azure_deployment_id: 'd' }), []],
  ]
  for (const [config, faults] of cases) assert.deepEqual(faultsOf(spec, config), faults)
})

test('takes credentials whole', () => {
  const together = 'all or none of these fields must be set:'
  const auth = { header_name: 'Authorization', param_name: 'key', param_location: 'query' }
  assert.deepEqual(faultsOf(spec, llm('openai', undefined, { auth })), [
    `${together} 'auth.header_name', 'auth.header_value'`,
    `${together} 'auth.param_name', 'auth.param_value', 'auth.param_location'`,
  ])
  assert.deepEqual(faultsOf(spec, llm('gemini', { gemini: { project_id: 'p' } })), [
    `model.options.gemini: ${together} 'api_endpoint', 'project_id', 'location_id'`,
  ])
})

test('leaves no choice of credentials to clients of bedrock and gemini', () => {
  for (const provider of ['bedrock', 'gemini']) {
    assert.deepEqual(faultsOf(spec, llm(provider)), [])
    assert.deepEqual(faultsOf(spec, llm(provider, undefined, { auth: {} })), [])
    assert.deepEqual(faultsOf(spec, llm(provider, undefined, { auth: { allow_override: true } })), [
      'auth.allow_override: value must be false',
    ])
  }
})

test('has no statistics for completions of anthropic', () => {
  const config = llm('anthropic', { anthropic_version: '1' }, { logging: { log_statistics: true } })
  assert.deepEqual(faultsOf(spec, config), [])
  assert.deepEqual(faultsOf(spec, { ...config, route_type: 'llm/v1/completions' }), [
    'anthropic does not support statistics when route_type is llm/v1/completions',
  ])
})

test('names fields that are wrong by themselves, and asks no rule about them', () => {
  assert.deepEqual(faultsOf(spec, {}).sort(), [
    'model.provider: required field missing',
    'route_type: required field missing',
  ])
  const options = { llama2_format: 'x', upstream_url: '/v1', temperature: 6, input_cost: 0 }
  assert.deepEqual(faultsOf(spec, llm('llama2', options)).sort(), [
    'model.options.input_cost: value must be greater than 0',
    'model.options.llama2_format: expected one of: raw, openai, ollama',
    'model.options.temperature: value should be between 0 and 5',
    'model.options.upstream_url: missing host in url',
  ])
})
