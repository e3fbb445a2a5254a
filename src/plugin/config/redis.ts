// The `redis` record that plugins with a shared store have, and the flat names that Kong 3.9 still takes for it.
import type { ConfigOf } from '../../../schemas/types.js'
import { hostName, portNumber, timeoutMs } from './connection.js'

export const redisRecord = {
  type: 'object',
  additionalProperties: false,
  default: {},
  properties: {
    host: { ...hostName, description: 'Name or address of the Redis server.' },
    port: { ...portNumber, default: 6379, description: 'Port of the Redis server.' },
    timeout: {
      ...timeoutMs,
      default: 2000,
      description: 'Time to connect, to send and to read, each, in milliseconds.',
    },
    username: {
      type: 'string',
      minLength: 1,
      referenceable: true,
      description: 'User for AUTH (Redis 6 and later).',
    },
    password: {
      type: 'string',
      referenceable: true,
      description: 'Password for AUTH; empty for none.',
    },
    database: { type: 'integer', default: 0, description: 'Number of the database to SELECT.' },
    ssl: { type: 'boolean', default: false, description: 'Connect with TLS.' },
    ssl_verify: {
      type: 'boolean',
      default: false,
      description: 'Refuse a certificate of the Redis server that does not verify.',
    },
    server_name: {
      type: 'string',
      minLength: 1,
      format: 'sni',
      description: 'Name for SNI and verification.',
    },
  },
} as const

/** Spread into the properties of a plugin that has `redis`. */
export const redisShorthands = {
  redis_host: { ...oldName('host'), type: 'string' },
  redis_port: { ...oldName('port'), type: 'integer' },
  redis_timeout: { ...oldName('timeout'), type: 'integer' },
  redis_username: { ...oldName('username'), type: 'string' },
  redis_password: { ...oldName('password'), type: 'string' },
  redis_database: { ...oldName('database'), type: 'integer' },
  redis_ssl: { ...oldName('ssl'), type: 'boolean' },
  redis_ssl_verify: { ...oldName('ssl_verify'), type: 'boolean' },
  redis_server_name: { ...oldName('server_name'), type: 'string' },
} as const

function oldName(field: string) {
  return {
    deprecated: true,
    replacedBy: `redis.${field}`,
    description: `Old name of \`redis.${field}\`.`,
  } as const
}

export type RedisSettings = ConfigOf<typeof redisRecord>
