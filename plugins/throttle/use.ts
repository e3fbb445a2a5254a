// A use of throttle as the requests need it: bucket, quota, header texts, made at load.
import {
  PERIOD_SECONDS,
  identifierRule,
  type ConfigOf,
  type Digest,
  type IdentifierRule,
  type PluginUse,
} from 'gw/plugin'
import { bucketOf, type Bucket } from './bucket.js'
import { Levels } from './levels.js'
import { quotaOf, type Quota } from './quota.js'
import { LevelsInRedis } from './remote.js'
import type { schema } from './schema.js'
import type { WaitingRoom } from './waiting-room.js'

export type Config = ConfigOf<typeof schema>

export interface Use {
  readonly id: string
  readonly bucket: Bucket
  readonly atOnceText: string
  readonly levels: Levels
  readonly quota: Quota | null
  /** Set by the first request, for `prepare` is pure. */
  quotaScope: Digest | null
  readonly identifier: IdentifierRule
  readonly hideHeaders: boolean
  readonly errorCode: number
  readonly errorMessage: string
  readonly maxQueued: number
  /** Set when the use comes into force. */
  room: WaitingRoom | null
  /** Null: counted on this node. */
  readonly remote: LevelsInRedis | null
  /** Requests pass when Redis does not serve. */
  readonly isTolerant: boolean
}

export function useOf(config: Config, { id, routeId, serviceId }: PluginUse): Use {
  const bucket = bucketFor(config)
  // As for rate-limiting: uses of one route and service share what they count.
  const scope = `${routeId ?? '-'}:${serviceId ?? '-'}`
  const { quota: given } = config
  const quota = given === undefined ? null : quotaOf(given.limit, given.period, `throttle:${scope}`)
  const key = `gw:throttle:${scope}:`
  return {
    id,
    bucket,
    atOnceText: String(bucket.atOnce),
    levels: new Levels(bucket, `throttle:${scope}`),
    quota,
    quotaScope: null,
    identifier: identifierRule(config.limit_by, config.header_name, config.path),
    hideHeaders: config.hide_client_headers,
    errorCode: config.error_code,
    errorMessage: config.error_message,
    maxQueued: config.max_queued,
    room: null,
    remote: config.policy === 'redis' ? new LevelsInRedis(config.redis, key, bucket, quota) : null,
    isTolerant: config.fault_tolerant,
  }
}

/** nginx: the request that the rate allows now, and the burst besides. A token bucket has its size in all. */
function bucketFor(config: Config): Bucket {
  const isLeaky = config.algorithm === 'leaky_bucket'
  const atOnce = isLeaky ? 1 + (config.burst ?? 0) : (config.burst ?? 1)
  const waitless = isLeaky && !config.nodelay ? 1 + (config.delay ?? 0) : atOnce
  return bucketOf({
    rate: config.rate,
    periodMs: PERIOD_SECONDS[config.period] * 1000,
    atOnce,
    undelayed: waitless,
    maxDelayMs: config.max_delay * 1000,
  })
}
