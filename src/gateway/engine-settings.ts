// What the environment says about the engines of the proxy's listeners: which one serves, and nginx's directives that
// Kong puts into its http, server (nginx_proxy_) and location blocks.
import { directiveReader, numberAndSize, type ReadSetting } from './nginx-directives.js'
import { onOff, size, time } from './setting-values.js'
import type { EngineSettings } from '../server/settings.js'

export const ENGINES = ['uws', 'http1'] as const
export type EngineKind = (typeof ENGINES)[number]

/** Defaults are Kong's, else nginx's. An inner block says nothing until it is set. */
export const ENGINE_DEFAULTS = {
  engine: 'uws',
  nginx_http_client_header_timeout: '60s',
  nginx_proxy_client_header_timeout: '',
  nginx_http_client_body_timeout: '60s',
  nginx_proxy_client_body_timeout: '',
  nginx_location_client_body_timeout: '',
  nginx_http_send_timeout: '60s',
  nginx_proxy_send_timeout: '',
  nginx_location_send_timeout: '',
  nginx_http_keepalive_timeout: '75s',
  nginx_proxy_keepalive_timeout: '',
  nginx_location_keepalive_timeout: '',
  nginx_http_keepalive_requests: '10000',
  nginx_proxy_keepalive_requests: '',
  nginx_location_keepalive_requests: '',
  // nginx's own is 1k, and so is a line that fits into it.
  nginx_http_client_header_buffer_size: '1k',
  nginx_proxy_client_header_buffer_size: '',
  nginx_http_large_client_header_buffers: '4 8k',
  nginx_proxy_large_client_header_buffers: '',
  nginx_http_client_max_body_size: '0',
  nginx_proxy_client_max_body_size: '',
  nginx_location_client_max_body_size: '',
  nginx_http_ignore_invalid_headers: 'on',
  nginx_proxy_ignore_invalid_headers: '',
  // Kong's; nginx's is off.
  nginx_http_underscores_in_headers: 'on',
  nginx_proxy_underscores_in_headers: '',
} as const

type Name = keyof typeof ENGINE_DEFAULTS

export function readEngineSettings(
  read: ReadSetting<Name>,
): Pick<EngineSettings, Exclude<keyof EngineSettings, 'headerLines' | 'sharePort'>> {
  const directive = directiveReader(ENGINE_DEFAULTS, read)
  const smallestLine = directive('client_header_buffer_size', headerBuffer)
  return {
    headerTimeoutMs: directive('client_header_timeout', timeout),
    bodyTimeoutMs: directive('client_body_timeout', timeout),
    sendTimeoutMs: directive('send_timeout', timeout),
    keepaliveTimeoutMs: directive('keepalive_timeout', keepaliveTimeout),
    // With 0 nginx closes behind the first request as well.
    keepaliveRequests: directive('keepalive_requests', (text) => Math.max(1, count(text))),
    maxBodyBytes: directive('client_max_body_size', size),
    ...directive('large_client_header_buffers', (text) => buffers(text, smallestLine)),
    ignoresInvalidHeaders: directive('ignore_invalid_headers', (text) =>
      onOff('ignore_invalid_headers', text),
    ),
    takesUnderscores: directive('underscores_in_headers', (text) =>
      onOff('underscores_in_headers', text),
    ),
  }
}

/** nginx takes 0 and then gives up on everything that is not there at once. */
function timeout(text: string): number {
  const ms = time(text)
  if (ms === 0) throw new Error(`'${text}' would refuse every client: give a time above 0`)
  return ms
}

/** The second time of nginx's is for a header, Keep-Alive, which no client needs. */
function keepaliveTimeout(text: string): number {
  const [first = '', second = '0', ...rest] = text.trim().split(/\s+/)
  if (rest.length > 0) throw new Error(`'${text}' is not one time, or two`)
  time(second)
  return time(first)
}

function count(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`'${text}' is not a number`)
  return Number(text)
}

// What comes of a head is held in memory until it is whole, for every connection.
const LONGEST_HEAD = 16 * 1024 * 1024

function headerBuffer(text: string): number {
  const bytes = size(text)
  if (bytes > LONGEST_HEAD)
    throw new Error(`'${text}' is more than 16m, the most that is supported`)
  return bytes
}

/** @param smallestLine nginx reads into client_header_buffer_size first, and into the large buffers only what is longer */
function buffers(
  text: string,
  smallestLine: number,
): Pick<EngineSettings, 'lineBuffers' | 'lineBytes'> {
  const { count: lineBuffers, bytes } = numberAndSize(text)
  const lineBytes = Math.max(smallestLine, bytes)
  if (lineBuffers * lineBytes > LONGEST_HEAD) {
    throw new Error(`'${text}' is more than 16m in all, the most that is supported`)
  }
  return { lineBuffers, lineBytes }
}
