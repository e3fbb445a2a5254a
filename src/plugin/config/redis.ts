// The `redis` record that plugins with a shared store have, and the flat names that Kong 3.9 still takes for it.
import type { ConfigOf } from '../../../schemas/types.js'
import { ConfigFault } from '../config-fault.js'
import { within } from '../rules/record-rules.js'
import {
  allOrNoneOf,
  conditional,
  fieldOf,
  onlyOneOf,
  type RawConfig,
  type Rule,
} from '../rules/rules.js'
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

const address = {
  type: 'object',
  additionalProperties: false,
} as const

const nodeLimits = { type: 'array', minItems: 1, maxItems: 100 } as const

/** Kong's record, and what Kong's Enterprise edition has besides for Sentinel, Cluster and pools. */
export const redisDeployment = {
  ...redisRecord,
  properties: {
    ...redisRecord.properties,
    connect_timeout: {
      ...timeoutMs,
      description: 'Time to connect, in milliseconds; left out: `timeout`.',
    },
    read_timeout: {
      ...timeoutMs,
      description: 'Time for an answer, in milliseconds; left out: `timeout`.',
    },
    send_timeout: {
      ...timeoutMs,
      description: 'Without effect: a command is sent at once, and `read_timeout` runs from there.',
    },
    sentinel_master: {
      type: 'string',
      minLength: 1,
      description: 'Name under which the sentinels know the master.',
    },
    sentinel_role: {
      type: 'string',
      enum: ['master'],
      description: 'Whom to ask the sentinels for: counting needs the master.',
    },
    sentinel_nodes: {
      ...nodeLimits,
      items: {
        ...address,
        required: ['host'],
        properties: {
          host: { ...hostName, description: 'Name or address of a sentinel.' },
          port: { ...portNumber, default: 26379, description: 'Port of a sentinel.' },
        },
      },
      description: 'Sentinels, asked in turn where the master is; in place of `host`.',
    },
    sentinel_username: {
      type: 'string',
      minLength: 1,
      referenceable: true,
      description: 'User for AUTH with the sentinels.',
    },
    sentinel_password: {
      type: 'string',
      minLength: 1,
      referenceable: true,
      description: 'Password for AUTH with the sentinels.',
    },
    cluster_nodes: {
      ...nodeLimits,
      items: {
        ...address,
        required: ['ip'],
        properties: {
          ip: { ...hostName, description: 'Name or address of a node.' },
          port: { ...portNumber, default: 6379, description: 'Port of a node.' },
        },
      },
      description: 'Some nodes of a Redis Cluster, which tell of the others; in place of `host`.',
    },
    cluster_max_redirections: {
      type: 'integer',
      minimum: 1,
      maximum: 100,
      default: 5,
      description: 'How often a command follows when a Redis Cluster points to another node.',
    },
    keepalive_pool_size: {
      type: 'integer',
      minimum: 1,
      maximum: 2147483646,
      description: 'Without effect: each worker has one connection, which serves all requests.',
    },
    keepalive_backlog: {
      type: 'integer',
      minimum: 0,
      maximum: 2147483646,
      description: 'Without effect: nobody waits for a connection of a pool.',
    },
  },
} as const

/** For a plugin with `redis: redisDeployment`. */
export const redisRules: readonly Rule[] = within('redis', [
  allOrNoneOf('sentinel_master', 'sentinel_nodes'),
  onlyOneOf('sentinel_nodes', 'cluster_nodes'),
  { fields: ['cluster_nodes', 'database'], check: checkClusterDatabase },
])

function checkClusterDatabase({ cluster_nodes: nodes, database }: RawConfig): ConfigFault[] {
  if (nodes === undefined || database === 0) return []
  return [new ConfigFault('database', 'value must be 0', 'a Redis Cluster has one database')]
}

/** The demand that Redis is given an address, in Kong's words, when a field has that value. */
export function needsRedis(when: string, value: string): readonly Rule[] {
  const demand = (field: string): Rule =>
    conditional({ when, is: [value], field: `redis.${field}` })
  const host = demand('host')
  return [
    {
      fields: [...host.fields, 'redis.sentinel_nodes', 'redis.cluster_nodes'],
      check: (config) => (hasNodes(config) ? [] : host.check(config)),
    },
    demand('port'),
    demand('timeout'),
  ]
}

function hasNodes(config: RawConfig): boolean {
  const nodes = fieldOf(config, 'redis.sentinel_nodes') ?? fieldOf(config, 'redis.cluster_nodes')
  return nodes !== undefined
}

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
export type RedisDeployment = ConfigOf<typeof redisDeployment>
