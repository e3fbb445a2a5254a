// The `redis` record that plugins with a shared store have, and the flat names that Kong 3.9 still takes for it.
import { ConfigFault } from './contract.js'
import type { ConfigOf } from '../../schemas/types.js'

const port = { type: 'integer', minimum: 0, maximum: 65535 } as const
const timeout = { type: 'integer', minimum: 0, maximum: 2147483646 } as const

export const redisRecord = {
  type: 'object',
  additionalProperties: false,
  default: {},
  properties: {
    host: { type: 'string', minLength: 1, description: 'Name or address of the Redis server.' },
    port: { ...port, default: 6379, description: 'Port of the Redis server.' },
    timeout: {
      ...timeout,
      default: 2000,
      description: 'Time to connect, to send and to read, each, in milliseconds.',
    },
    username: { type: 'string', minLength: 1, description: 'User for AUTH (Redis 6 and later).' },
    password: { type: 'string', description: 'Password for AUTH; empty for none.' },
    database: { type: 'integer', default: 0, description: 'Number of the database to SELECT.' },
    ssl: { type: 'boolean', default: false, description: 'Connect with TLS.' },
    ssl_verify: {
      type: 'boolean',
      default: false,
      description: 'Refuse a certificate of the Redis server that does not verify.',
    },
    server_name: { type: 'string', minLength: 1, description: 'Name for SNI and verification.' },
  },
} as const

/** Spread into the properties of a plugin that has `redis`. */
export const redisShorthands = {
  redis_host: { ...oldName('host'), type: 'string', minLength: 1 },
  redis_port: { ...oldName('port'), ...port },
  redis_timeout: { ...oldName('timeout'), ...timeout },
  redis_username: { ...oldName('username'), type: 'string', minLength: 1 },
  redis_password: { ...oldName('password'), type: 'string' },
  redis_database: { ...oldName('database'), type: 'integer' },
  redis_ssl: { ...oldName('ssl'), type: 'boolean' },
  redis_ssl_verify: { ...oldName('ssl_verify'), type: 'boolean' },
  redis_server_name: { ...oldName('server_name'), type: 'string', minLength: 1 },
} as const

function oldName(field: string): { deprecated: true; description: string } {
  return { deprecated: true, description: `Old name of \`redis.${field}\`.` }
}

export type RedisSettings = ConfigOf<typeof redisRecord>

type Field = keyof typeof redisRecord.properties
type Shorthands = { readonly [F in Field as `redis_${F}`]?: string | number | boolean }

/** The record with the values of the old names in it. Throws ConfigFault when both are given and differ. */
export function redisSettings(
  config: { readonly redis: RedisSettings } & Shorthands,
): RedisSettings {
  const merged: Record<string, unknown> = { ...config.redis }
  for (const field of Object.keys(redisRecord.properties) as Field[]) {
    const old = config[`redis_${field}`]
    if (old === undefined) continue
    const current = config.redis[field]
    // A default that was filled in cannot be told from one that was written: the old name wins over either.
    const property = redisRecord.properties[field]
    const filledIn = 'default' in property ? property.default : undefined
    if (current !== undefined && current !== old && current !== filledIn) {
      throw mismatch(field, old, current)
    }
    merged[field] = old
  }
  return merged as RedisSettings
}

function mismatch(field: Field, old: unknown, current: unknown): ConfigFault {
  // Kong prints both values; a password stays out of messages.
  const values =
    field === 'password'
      ? 'redis_password vs redis.password'
      : `redis_${field} = ${String(old)} vs redis.${field} = ${String(current)}`
  return new ConfigFault(
    `redis_${field}`,
    `both deprecated and new field are used but their values mismatch: ${values}`,
    `remove redis_${field}`,
  )
}
