// Settings about what the gateway adds to answers, and how its own errors look.
import type { ErrorFormat } from '../errors/body.js'
import type { PipelineSettings } from '../pipeline/settings.js'
import { list, oneOf } from './setting-values.js'

const SERVER_TOKENS = ['server', 'via'] as const
const LATENCY_TOKENS = ['upstreamLatency', 'proxyLatency', 'responseLatency'] as const
const HEADER_TOKENS: Readonly<Record<string, readonly (keyof PipelineSettings['headers'])[]>> = {
  server_tokens: SERVER_TOKENS,
  latency_tokens: LATENCY_TOKENS,
  server: ['server'],
  via: ['via'],
  'x-kong-upstream-latency': ['upstreamLatency'],
  'x-kong-proxy-latency': ['proxyLatency'],
  'x-kong-response-latency': ['responseLatency'],
  'x-kong-admin-latency': [],
  'x-kong-upstream-status': ['upstreamStatus'],
  'x-kong-request-id': ['requestId'],
  off: [],
}

/** @throws Error in Kong's words */
export function headerTokens(value: string): PipelineSettings['headers'] {
  const tokens = list(value).map((token) => token.toLowerCase())
  const wrong = tokens.find((token) => !(token in HEADER_TOKENS))
  if (wrong !== undefined) throw new Error(`headers: invalid entry '${wrong}'`)
  // `off` counts as the first entry alone.
  const on = new Set(
    tokens[0] === 'off' ? [] : tokens.flatMap((token) => HEADER_TOKENS[token] ?? []),
  )
  return {
    server: on.has('server'),
    via: on.has('via'),
    upstreamLatency: on.has('upstreamLatency'),
    proxyLatency: on.has('proxyLatency'),
    responseLatency: on.has('responseLatency'),
    upstreamStatus: on.has('upstreamStatus'),
    requestId: on.has('requestId'),
  }
}

/**
 * Whether targets are told the id of a request.
 * @throws Error in Kong's words
 */
export function upstreamRequestId(value: string): boolean {
  const tokens = list(value).map((token) => token.toLowerCase())
  const wrong = tokens.find((token) => token !== 'off' && token !== 'x-kong-request-id')
  if (wrong !== undefined) throw new Error(`headers_upstream: invalid entry '${wrong}'`)
  return tokens[0] !== 'off' && tokens.includes('x-kong-request-id')
}

/** @throws Error in Kong's words */
export function errorType(value: string): ErrorFormat {
  const types = {
    'text/plain': 'plain',
    'text/html': 'html',
    'application/json': 'json',
    'application/xml': 'xml',
  } as const
  return types[oneOf('error_default_type', value, Object.keys(types) as (keyof typeof types)[])]
}
