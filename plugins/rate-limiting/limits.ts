// A use of rate-limiting as the requests need it: limits with their counters, header names and texts made at load.
import {
  PERIODS,
  PERIOD_SECONDS,
  UnsupportedFault,
  headerSpellings,
  type Cell,
  type ConfigOf,
  type Period,
  type PluginUse,
  type WindowCounter,
} from 'gw/plugin'
import type { schema } from './schema.js'

type Config = ConfigOf<typeof schema>

export interface Use {
  /** Uses of one scope share their counters, as Kong's keys do: route and service that the use is bound to. */
  readonly scope: string
  /** Shortest period first. */
  readonly limits: readonly Limit[]
  readonly limitBy: Config['limit_by']
  readonly header: readonly string[]
  readonly path: string | undefined
  readonly hideHeaders: boolean
  readonly errorCode: number
  readonly errorMessage: string
}

export interface Limit {
  readonly period: Period
  readonly limit: number
  readonly limitText: string
  readonly limitHeader: string
  readonly remainingHeader: string
  readonly windowSeconds: number
  /** Opened by the first request, for `prepare` is pure. */
  counter: WindowCounter | null
  /** Of the request that is being looked at; nothing waits between its look-up and its use. */
  cell: Cell
}

export function useOf(config: Config, { routeId, serviceId }: PluginUse): Use {
  if (config.policy === 'redis') {
    throw new UnsupportedFault(
      'policy',
      'the redis policy is not available yet',
      'use `policy: local`: each gateway process then counts for itself',
    )
  }
  const { limit_by: limitBy, header_name: header } = config
  return {
    scope: `${routeId ?? '-'}:${serviceId ?? '-'}`,
    limits: PERIODS.flatMap((period) => limitOf(period, config[period])),
    limitBy,
    header: header === undefined ? [] : headerSpellings(header),
    path: config.path,
    hideHeaders: config.hide_client_headers,
    errorCode: config.error_code,
    errorMessage: config.error_message,
  }
}

function limitOf(period: Period, limit: number | undefined): Limit[] {
  if (limit === undefined) return []
  const name = period.charAt(0).toUpperCase() + period.slice(1)
  return [
    {
      period,
      limit,
      limitText: decimal(limit),
      limitHeader: `X-RateLimit-Limit-${name}`,
      remainingHeader: `X-RateLimit-Remaining-${name}`,
      windowSeconds: PERIOD_SECONDS[period],
      counter: null,
      cell: { count: 0 },
    },
  ]
}

/** As Lua prints numbers: 14 digits, so that 1.1 - 1 is 0.1. */
export function decimal(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(14)))
}
