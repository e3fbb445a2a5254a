// nginx's directives about the buffering of requests.
import type { BufferSettings } from '../pipeline/buffering.js'
import { directiveReader, type ReadSetting } from './nginx-directives.js'
import { onOff, size } from './setting-values.js'

/** Defaults are Kong's, else nginx's. */
export const BUFFER_DEFAULTS = {
  nginx_http_client_body_buffer_size: '8k',
  nginx_proxy_client_body_buffer_size: '',
  nginx_location_client_body_buffer_size: '',
  nginx_http_proxy_request_buffering: 'on',
  nginx_proxy_proxy_request_buffering: '',
  nginx_location_proxy_request_buffering: '',
} as const

type Name = keyof typeof BUFFER_DEFAULTS

// nginx goes on in a file, and there is none here: a small buffer would stop where nginx holds all.
const LEAST_REQUEST = 64 * 1024
// Each request under way may hold so much.
const MOST_REQUEST = 16 * 1024 * 1024

export function readBufferSettings(read: ReadSetting<Name>): BufferSettings {
  const directive = directiveReader(BUFFER_DEFAULTS, read)
  const requestBytes = directive('client_body_buffer_size', size)
  return {
    requests: directive('proxy_request_buffering', (text) =>
      onOff('proxy_request_buffering', text),
    ),
    requestBytes: Math.min(MOST_REQUEST, Math.max(LEAST_REQUEST, requestBytes)),
  }
}
