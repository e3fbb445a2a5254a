// A use of rate-limiting as the requests need it: limits with their counters, header names and texts made at load.
import {
  ConfigFault,
  PERIODS,
  PERIOD_SECONDS,
  headerSpellings,
  redisSettings,
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
  check(config)
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

function check(config: Config): void {
  checkLimits(config)
  if (config.limit_by === 'header' && config.header_name === undefined) {
    throw new ConfigFault('header_name', 'required field missing')
  }
  if (config.limit_by === 'path' && config.path === undefined) {
    throw new ConfigFault('path', 'required field missing')
  }
  checkPolicy(config)
}

function checkLimits(config: Config): void {
  const given = PERIODS.filter((period) => config[period] !== undefined)
  if (given.length === 0) {
    const fields = PERIODS.map((period) => `'config.${period}'`).join(', ')
    throw new ConfigFault('', `at least one of these fields must be non-empty: ${fields}`)
  }
  for (const [index, lower] of given.entries()) {
    for (const upper of given.slice(index + 1)) {
      const lowerLimit = config[lower] ?? 0
      const upperLimit = config[upper] ?? 0
      if (upperLimit >= lowerLimit) continue
      throw new ConfigFault(
        '',
        `The limit for ${upper}(${upperLimit.toFixed(1)}) cannot be lower than the limit for ${lower}(${lowerLimit.toFixed(1)})`,
      )
    }
  }
}

function checkPolicy(config: Config): void {
  const { policy, sync_rate: syncRate } = config
  const redis = redisSettings(config)
  if (policy === 'local') {
    if (syncRate !== -1)
      throw new ConfigFault('', 'sync_rate can only be used with the redis policy')
    return
  }
  if (syncRate !== -1 && syncRate < 0.02) {
    throw new ConfigFault('', 'sync_rate must be greater than 0.02, or -1 to disable')
  }
  if (redis.host === undefined) throw new ConfigFault('redis.host', 'required field missing')
  throw new ConfigFault(
    'policy',
    'the redis policy is not available yet',
    'use `policy: local`: each gateway process then counts for itself',
  )
}
