// What the configurations of ai-request-transformer and ai-response-transformer have in common.
import { bodySize, llmRecord, llmRules } from './llm.js'
import { within } from '../rules/record-rules.js'
import { allOrNoneOf, conditional, mustBe, type Rule } from '../rules/rules.js'

const proxyHost = { type: 'string', minLength: 1, format: 'host' } as const
const proxyPort = { type: 'integer', minimum: 0, maximum: 65535 } as const

export const llmTransformerFields = {
  prompt: {
    type: 'string',
    minLength: 1,
    description: 'What the LLM is told to do with the body.',
  },
  transformation_extract_pattern: {
    type: 'string',
    minLength: 1,
    description: "Pattern for the part of the LLM's answer that counts; left out, all of it does.",
  },
  http_timeout: {
    type: 'integer',
    default: 60000,
    description: 'Time for the call of the LLM, in milliseconds.',
  },
  https_verify: {
    type: 'boolean',
    default: true,
    description: 'Refuse a certificate of the LLM service that does not verify.',
  },
  max_request_body_size: bodySize,
  http_proxy_host: { ...proxyHost, description: 'Proxy for a call with http.' },
  http_proxy_port: { ...proxyPort, description: 'Port of the proxy for http.' },
  https_proxy_host: { ...proxyHost, description: 'Proxy for a call with https.' },
  https_proxy_port: { ...proxyPort, description: 'Port of the proxy for https.' },
  llm: { ...llmRecord, default: {}, description: 'The LLM to ask, with the fields of ai-proxy.' },
} as const

export const llmTransformerRules: readonly Rule[] = [
  ...within('llm', llmRules),
  conditional({
    when: 'llm.route_type',
    is: ['llm/v1/completions', 'preserve'],
    field: 'llm.route_type',
    fault: mustBe('llm/v1/chat'),
    hint: "'config.llm.route_type' must be 'llm/v1/chat' for AI transformer plugins",
  }),
  allOrNoneOf('http_proxy_host', 'http_proxy_port'),
  allOrNoneOf('https_proxy_host', 'https_proxy_port'),
]
