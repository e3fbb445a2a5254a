// Configuration of proxy-cache.
import { redisDeployment } from 'gw/plugin'

const textList = { type: 'array', items: { type: 'string', minLength: 1 } } as const
const seconds = { type: 'number', exclusiveMinimum: 0 } as const
const shown = { type: 'boolean', default: true } as const

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: [
    'response_code',
    'request_method',
    'content_type',
    'strategy',
    'cache_control',
    'memory',
    'redis',
    'response_headers',
  ],
  properties: {
    response_code: {
      type: 'array',
      items: { type: 'integer', minimum: 100, maximum: 900 },
      minItems: 1,
      default: [200, 301, 404],
      description: 'Statuses of answers that may be kept.',
    },
    request_method: {
      type: 'array',
      items: { type: 'string', enum: ['HEAD', 'GET', 'POST', 'PATCH', 'PUT'] },
      default: ['GET', 'HEAD'],
      description: 'Methods of requests whose answers may be kept.',
    },
    content_type: {
      ...textList,
      default: ['text/plain', 'application/json'],
      description: 'Content types of answers that may be kept; parameters have to be the same.',
    },
    cache_ttl: {
      type: 'integer',
      exclusiveMinimum: 0,
      default: 300,
      description: 'Seconds for which an answer is fresh.',
    },
    strategy: {
      type: 'string',
      enum: ['memory', 'redis'],
      description:
        'Where answers are kept: in the memory of the gateway, or in Redis for all of them.',
    },
    cache_control: {
      type: 'boolean',
      default: false,
      description: 'Do what Cache-Control of request and answer says.',
    },
    ignore_uri_case: {
      type: 'boolean',
      default: false,
      description: 'Take paths that differ in case alone for the same.',
    },
    storage_ttl: {
      type: 'integer',
      description: 'Seconds for which an answer is kept, fresh or not.',
    },
    coalesce_wait: {
      ...seconds,
      maximum: 60,
      description:
        'Seconds for which GET requests wait for the answer to another one like them; left out, each asks the target.',
    },
    stale_while_revalidate: {
      ...seconds,
      description:
        'Seconds after its time for which an answer still serves others while one request fetches the next.',
    },
    stale_if_error: {
      ...seconds,
      description: 'Seconds after its time for which an answer serves when the target fails.',
    },
    memory: {
      type: 'object',
      additionalProperties: false,
      required: ['dictionary_name'],
      properties: {
        dictionary_name: {
          type: 'string',
          minLength: 1,
          default: 'kong_db_cache',
          description: 'Name of the shared memory; without effect here.',
        },
      },
      default: {},
      description: 'Settings of the memory strategy.',
    },
    redis: { ...redisDeployment, description: 'Redis server of the redis strategy.' },
    vary_query_params: {
      ...textList,
      description: 'Query arguments that answers depend on; left out for all.',
    },
    vary_headers: {
      ...textList,
      description: 'Headers of the request that answers depend on; left out for none.',
    },
    response_headers: {
      type: 'object',
      additionalProperties: false,
      properties: {
        age: { ...shown, description: 'Tell the age of a kept answer in Age, in seconds.' },
        'X-Cache-Status': { ...shown, description: 'Tell in X-Cache-Status what the cache did.' },
        'X-Cache-Key': { ...shown, description: 'Tell the key of the answer in X-Cache-Key.' },
      },
      default: {},
      description: 'Headers that the client gets from this plugin.',
    },
  },
} as const
