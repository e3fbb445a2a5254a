// A use of rate-limiting as the requests need it: limits with their counters, header names and texts made at load.
import {
  PERIODS,
  PERIOD_SECONDS,
  UNBOUND_ID,
  identifierRule,
  shownLimit,
  type ConfigOf,
  type Digest,
  type IdentifierRule,
  type Period,
  type PluginUse,
  type ShownLimit,
  type Window,
} from 'gw/plugin'
import { RemoteCounts } from './remote.js'
import type { schema } from './schema.js'

type Config = ConfigOf<typeof schema>

export interface Use {
  /** Shortest period first. */
  readonly limits: readonly Limit[]
  readonly identifier: IdentifierRule
  readonly hideHeaders: boolean
  readonly errorCode: number
  readonly errorMessage: string
  /** Null: counted on this node. */
  readonly remote: RemoteCounts | null
  /** Requests pass when Redis does not serve. */
  readonly isTolerant: boolean
}

export interface Limit extends ShownLimit {
  readonly period: Period
  readonly windowSeconds: number
  /** Uses of one scope share their counters, as Kong's keys do: route and service that the use is bound to. */
  readonly scopeName: string
  /** The same for Redis: where its keys begin. */
  readonly keyPrefix: string
  /** Set by the first request, for `prepare` is pure. */
  scope: Digest | null
  /** As `count`, of the request that is being looked at; nothing waits between setting and using them. */
  window: Window
}

export function useOf(config: Config, { routeId, serviceId }: PluginUse): Use {
  const scope = `rate-limiting:${routeId ?? '-'}:${serviceId ?? '-'}`
  const keyPrefix = `ratelimit:${routeId ?? UNBOUND_ID}:${serviceId ?? UNBOUND_ID}:`
  return {
    limits: PERIODS.flatMap((period) => limitOf({ scope, keyPrefix }, period, config[period])),
    identifier: identifierRule(config.limit_by, config.header_name, config.path),
    hideHeaders: config.hide_client_headers,
    errorCode: config.error_code,
    errorMessage: config.error_message,
    remote: config.policy === 'redis' ? new RemoteCounts(config.redis, config.sync_rate) : null,
    isTolerant: config.fault_tolerant,
  }
}

interface Names {
  readonly scope: string
  readonly keyPrefix: string
}

function limitOf({ scope, keyPrefix }: Names, period: Period, limit: number | undefined): Limit[] {
  if (limit === undefined) return []
  const name = period.charAt(0).toUpperCase() + period.slice(1)
  return [
    {
      ...shownLimit(limit, name),
      period,
      windowSeconds: PERIOD_SECONDS[period],
      scopeName: `${scope}:${period}`,
      keyPrefix,
      scope: null,
      window: { start: 0, end: 0 },
    },
  ]
}
