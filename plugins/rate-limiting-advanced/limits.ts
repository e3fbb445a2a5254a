// A use of rate-limiting-advanced as the requests need it: limits with their counters, header names and texts made at load.
import {
  identifierOf,
  identifierRule,
  shownLimit,
  type ConfigOf,
  type Digest,
  type Identifier,
  type IdentifierRule,
  type PluginUse,
  type RequestContext,
  type ShownLimit,
} from 'gw/plugin'
import { CountsInRedis } from './remote.js'
import { SyncedCounts } from './synced.js'
import type { schema } from './schema.js'
import { ROUNDING, carriedOver, waitMs, type Counted, type SlidingLimit } from './window.js'

export type Config = ConfigOf<typeof schema>

export interface Use {
  /** Shortest window first, none twice. */
  readonly limits: readonly Limit[]
  readonly isSliding: boolean
  /** Requests that are refused count, too. */
  readonly hasPenalty: boolean
  readonly identifiers: readonly IdentifierRule[]
  readonly hideHeaders: boolean
  readonly jitterSeconds: number
  readonly errorCode: number
  readonly errorMessage: string
  /** Null: counted on this node. */
  readonly remote: CountsInRedis | null
  /** Null: not counted here between two syncs. */
  readonly synced: SyncedCounts | null
}

export interface Limit extends ShownLimit, SlidingLimit {
  readonly scopeName: string
  /** Set by the first request, for `prepare` is pure. */
  scope: Digest | null
  /** Seconds until a request passes again: of the request that is being looked at, as `count`. */
  resetSeconds: number
}

/** Kong has names for these windows; others go by their seconds. */
const NAMES: Readonly<Record<number, string>> = {
  1: 'Second',
  60: 'Minute',
  3600: 'Hour',
  86_400: 'Day',
  2_592_000: 'Month',
  31_536_000: 'Year',
}

export function useOf(config: Config, { id }: PluginUse): Use {
  const isSliding = config.window_type === 'sliding'
  const hasPenalty = isSliding && !config.disable_penalty
  const scope = `${config.window_type}:${config.namespace ?? id}`
  const limits = limitsOf(config, scope)
  const common = { isSliding, hasPenalty, limits, key: `gw:rla:${scope}:` }
  const rate = config.strategy === 'redis' ? (config.sync_rate ?? -1) : -1
  return {
    limits,
    isSliding,
    hasPenalty,
    identifiers: identifiersOf(config),
    hideHeaders: config.hide_client_headers,
    jitterSeconds: config.retry_after_jitter_max,
    errorCode: config.error_code,
    errorMessage: config.error_message,
    remote: rate === 0 ? new CountsInRedis(config.redis, common) : null,
    synced: rate > 0 ? new SyncedCounts(config.redis, common, rate) : null,
  }
}

/** Of two limits for one window the lower one alone matters, and they would share a counter and the headers. */
function limitsOf(config: Config, scope: string): readonly Limit[] {
  const lowest = new Map<number, number>()
  for (const [i, size] of config.window_size.entries()) {
    lowest.set(size, Math.min(config.limit[i] ?? Infinity, lowest.get(size) ?? Infinity))
  }
  return [...lowest]
    .sort(([a], [b]) => a - b)
    .map(([seconds, limit]) => ({
      ...shownLimit(limit, NAMES[seconds] ?? String(seconds)),
      sizeMs: seconds * 1000,
      scopeName: `rate-limiting-advanced:${scope}:${seconds}`,
      scope: null,
      resetSeconds: 0,
    }))
}

function identifiersOf(config: Config): readonly IdentifierRule[] {
  const { compound_identifier: several = [], identifier, header_name: header, path } = config
  const names = several.length > 0 ? several : [identifier]
  return names.map((name) => identifierRule(known(name), header, path))
}

/** The rules have refused groups. */
function known(name: Config['identifier']): Identifier {
  return name === 'consumer-group' ? 'consumer' : name
}

/** HOT PATH. None of the parts can hold a line break, so that no two lists of them read the same. */
export function identify(ctx: RequestContext, { identifiers }: Use): string {
  const [first, ...others] = identifiers
  let text = first === undefined ? ctx.request.clientIp : identifierOf(ctx, first)
  for (const rule of others) text += `\n${identifierOf(ctx, rule)}`
  return text
}

/** Notes for the headers what has been counted, and when a request passes again. HOT PATH */
export function note(
  limit: Limit,
  { isSliding }: { readonly isSliding: boolean },
  counted: Counted,
  isStop: boolean,
): void {
  const { previous, current, elapsed } = counted
  const { sizeMs } = limit
  limit.count = Math.ceil(carriedOver(limit, previous, elapsed) + current - ROUNDING)
  const wait = isStop && isSliding ? waitMs(limit, previous, current, elapsed) : sizeMs - elapsed
  limit.resetSeconds = Math.max(1, Math.ceil((wait - ROUNDING) / 1000))
}
