// A use of response-ratelimiting as the requests need it: limits with header names and texts made at load.
import {
  ConfigFault,
  PERIODS,
  UNBOUND_ID,
  luaText,
  type ConfigOf,
  type Digest,
  type Period,
  type PluginUse,
} from 'gw/plugin'
import { RemoteCounts } from './remote.js'
import type { schema } from './schema.js'

type Config = ConfigOf<typeof schema>

export interface Use {
  readonly names: readonly LimitedName[]
  /** How many limits there are under all names. */
  readonly limitCount: number
  readonly headerName: string
  readonly limitBy: Config['limit_by']
  readonly blocksAtOnce: boolean
  readonly hideHeaders: boolean
  /** Null: counted on this node. */
  readonly remote: RemoteCounts | null
  /** Requests pass when Redis does not serve. */
  readonly isTolerant: boolean
}

export interface LimitedName {
  readonly name: string
  readonly remainingHeader: string
  /** Shortest period first. */
  readonly limits: readonly Limit[]
}

export interface Limit {
  /** Its place among all limits of the use. */
  readonly place: number
  readonly period: Period
  readonly limit: number
  readonly limitText: string
  readonly limitHeader: string
  readonly remainingHeader: string
  /** Uses of one scope share their counters, as Kong's keys do: route and service that the use is bound to. */
  readonly scopeName: string
  /** The same for Redis: where its keys begin, and how they end. */
  readonly keyPrefix: string
  readonly keySuffix: string
  /** Set by the first request, for `prepare` is pure. */
  scope: Digest | null
}

/** A field name's characters (RFC 9110, 5.6.2): the names become parts of headers. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/

export function useOf(config: Config, { routeId, serviceId }: PluginUse): Use {
  const scope = `response-ratelimiting:${routeId ?? '-'}:${serviceId ?? '-'}`
  const keyPrefix = `response-ratelimit:${routeId ?? UNBOUND_ID}:${serviceId ?? UNBOUND_ID}:`
  let limitCount = 0
  const names = Object.entries(config.limits).map(([name, periods]) => {
    if (!TOKEN.test(name)) throw nameFault(name)
    const limits = PERIODS.flatMap((period) => {
      const limit = periods[period]
      return limit === undefined
        ? []
        : [limitOf({ scope, keyPrefix }, name, period, limit, limitCount++)]
    })
    return { name, remainingHeader: `X-RateLimit-Remaining-${name}`, limits }
  })
  return {
    names,
    limitCount,
    headerName: config.header_name,
    limitBy: config.limit_by,
    blocksAtOnce: config.block_on_first_violation,
    hideHeaders: config.hide_client_headers,
    remote: config.policy === 'redis' ? new RemoteCounts(config.redis) : null,
    isTolerant: config.fault_tolerant,
  }
}

function nameFault(name: string): ConfigFault {
  const quoted = JSON.stringify(name)
  return new ConfigFault(
    'limits',
    `${quoted} cannot be part of a header's name`,
    'use letters, digits, `-` and `_`',
  )
}

interface Names {
  readonly scope: string
  readonly keyPrefix: string
}

function limitOf(
  { scope, keyPrefix }: Names,
  name: string,
  period: Period,
  limit: number,
  place: number,
): Limit {
  return {
    place,
    period,
    limit,
    limitText: luaText(limit),
    limitHeader: `X-RateLimit-Limit-${name}-${period}`,
    remainingHeader: `X-RateLimit-Remaining-${name}-${period}`,
    // The name comes last: it may have colons in it.
    scopeName: `${scope}:${period}:${name}`,
    keyPrefix,
    keySuffix: `${name}:${period}`,
    scope: null,
  }
}
