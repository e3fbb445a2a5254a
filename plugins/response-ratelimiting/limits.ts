// A use of response-ratelimiting as the requests need it: limits with header names and texts made at load.
import {
  ConfigFault,
  PERIODS,
  UnsupportedFault,
  luaText,
  type ConfigOf,
  type Digest,
  type Period,
  type PluginUse,
} from 'gw/plugin'
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
  /** Set by the first request, for `prepare` is pure. */
  scope: Digest | null
}

/** A field name's characters (RFC 9110, 5.6.2): the names become parts of headers. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/

export function useOf(config: Config, { routeId, serviceId }: PluginUse): Use {
  if (config.policy === 'redis') {
    throw new UnsupportedFault(
      'policy',
      'the redis policy is not available yet',
      'use `policy: local`: each node then counts for itself',
    )
  }
  const scope = `response-ratelimiting:${routeId ?? '-'}:${serviceId ?? '-'}`
  let limitCount = 0
  const names = Object.entries(config.limits).map(([name, periods]) => {
    if (!TOKEN.test(name)) throw nameFault(name)
    const limits = PERIODS.flatMap((period) => {
      const limit = periods[period]
      return limit === undefined ? [] : [limitOf(scope, name, period, limit, limitCount++)]
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

function limitOf(scope: string, name: string, period: Period, limit: number, place: number): Limit {
  return {
    place,
    period,
    limit,
    limitText: luaText(limit),
    limitHeader: `X-RateLimit-Limit-${name}-${period}`,
    remainingHeader: `X-RateLimit-Remaining-${name}-${period}`,
    // The name comes last: it may have colons in it.
    scopeName: `${scope}:${period}:${name}`,
    scope: null,
  }
}
