// A use of proxy-cache as the requests need it, and what it says about an answer that is kept or may be.
import {
  UnsupportedFault,
  type ClientResponse,
  type ConfigOf,
  type ReadonlyHeaders,
} from 'gw/plugin'
import {
  NO_DIRECTIVES,
  directivesOf,
  resourceTtl,
  secondsOf,
  type Directives,
} from './cache-control.js'
import { varyHeader, type KeyRules } from './cache-key.js'
import { includes, parseMediaType, type MediaType } from './media-type.js'
import { RemoteEntries } from './remote.js'
import type { schema } from './schema.js'
import type { Entry } from './store.js'

type Config = ConfigOf<typeof schema>

export interface Use {
  readonly methods: ReadonlySet<string>
  readonly statuses: ReadonlySet<number>
  readonly types: readonly MediaType[]
  readonly usesCacheControl: boolean
  /** Seconds. */
  readonly ttl: number
  readonly storageTtl: number | undefined
  readonly key: KeyRules
  readonly shows: { readonly age: boolean; readonly status: boolean; readonly key: boolean }
  /** 0 for not at all. */
  readonly coalesceMs: number
  /** Seconds; 0 for not at all. */
  readonly staleWhileRevalidate: number
  readonly staleIfError: number
  /** Null: kept in the memory of the worker. */
  readonly remote: RemoteEntries | null
}

export function useOf(config: Config): Use {
  const { response_headers: shown, vary_query_params: params, redis } = config
  if (config.strategy === 'redis' && redis.cluster_nodes !== undefined) throw clusterFault()
  return {
    methods: new Set(config.request_method),
    statuses: new Set(config.response_code),
    // Kong: an entry that is no content type matches nothing.
    types: config.content_type.flatMap((type) => parseMediaType(type) ?? []),
    usesCacheControl: config.cache_control,
    ttl: config.cache_ttl,
    storageTtl: config.storage_ttl,
    key: {
      ignoresCase: config.ignore_uri_case,
      // Kong: an empty list is none.
      arguments: params === undefined || params.length === 0 ? null : params,
      headers: (config.vary_headers ?? []).map(varyHeader),
    },
    shows: { age: shown.age, status: shown['X-Cache-Status'], key: shown['X-Cache-Key'] },
    coalesceMs: (config.coalesce_wait ?? 0) * 1000,
    staleWhileRevalidate: config.stale_while_revalidate ?? 0,
    staleIfError: config.stale_if_error ?? 0,
    remote: config.strategy === 'redis' ? new RemoteEntries(redis) : null,
  }
}

function clusterFault(): UnsupportedFault {
  const hint = 'use one server, or sentinels'
  return new UnsupportedFault('redis.cluster_nodes', 'no cache in a Redis Cluster yet', hint)
}

/** What the client asks for with Cache-Control, as far as that counts. */
export function wishesOf(use: Use, headers: ReadonlyHeaders): Directives {
  return use.usesCacheControl ? directivesOf(headers) : NO_DIRECTIVES
}

/** In whole seconds, as Kong's clock. */
export function ageOf({ storedAt }: Entry, now: number): number {
  return Math.max(0, Math.floor(now / 1000) - Math.floor(storedAt / 1000))
}

/** What an entry is to a request: the answer, too old for anybody, or too old for this client. */
export type Freshness = 'fresh' | 'stale' | 'unwanted'

export function freshnessOf(use: Use, wishes: Directives, entry: Entry, now: number): Freshness {
  if (entry.staleFrom <= now) return 'stale'
  const age = ageOf(entry, now)
  const { ttl } = entry
  // Kong: what is kept longer than the target allowed is fresh to a client that does not say otherwise.
  if (!use.usesCacheControl) return age > use.ttl ? 'stale' : 'fresh'
  const maxAge = secondsOf(wishes, 'max-age') ?? Infinity
  const maxStale = secondsOf(wishes, 'max-stale') ?? Infinity
  const minFresh = secondsOf(wishes, 'min-fresh') ?? -Infinity
  return age > maxAge || age - ttl > maxStale || ttl - age < minFresh ? 'unwanted' : 'fresh'
}

/** Whether it may serve although its time has been over for at most so many seconds. */
export function servesStale(entry: Entry, window: number, now: number): boolean {
  return window > 0 && entry.mayBeStale && ageOf(entry, now) - entry.ttl <= window
}

/** How long an answer is to be kept. */
export type Terms = Pick<Entry, 'ttl' | 'staleFrom' | 'keptUntil' | 'mayBeStale'>

/** Null for what may not be kept. */
export function termsOf(
  use: Use,
  { status, headers, source }: ClientResponse,
  now: number,
): Terms | null {
  if (source === 'error' || !use.statuses.has(status) || !hasWantedType(use, headers)) return null
  const directives = directivesOf(headers)
  let { ttl } = use
  if (use.usesCacheControl) {
    if (FORBIDDING.some((name) => directives.has(name))) return null
    ttl = resourceTtl(directives, headers, now)
    if (ttl <= 0) return null
  }
  const { storageTtl = ttl, staleWhileRevalidate, staleIfError } = use
  // Kong's shared memory: 0 is for ever.
  const storage = storageTtl === 0 ? Infinity : storageTtl
  const kept = Math.max(storage, ttl + Math.max(staleWhileRevalidate, staleIfError))
  return {
    ttl,
    staleFrom: now + storage * 1000,
    keptUntil: now + kept * 1000,
    mayBeStale: !NEVER_STALE.some((name) => directives.has(name)),
  }
}

const FORBIDDING = ['private', 'no-store', 'no-cache']
/** RFC 9111, 4.2.4 and 5.2.2.10. */
const NEVER_STALE = ['must-revalidate', 'proxy-revalidate', 's-maxage']

function hasWantedType({ types }: Use, headers: ReadonlyHeaders): boolean {
  const lines = headers.getAll('content-type')
  const actual = lines.length === 1 ? parseMediaType(lines[0] ?? '') : null
  return actual !== null && types.some((type) => includes(type, actual))
}
