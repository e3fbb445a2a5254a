// Limits what a consumer, credential or address may use up in a period, as the target counts it: in a header of its answer
// it says what each request has used.
import {
  contextKey,
  definePlugin,
  luaText,
  RedisError,
  RedisLeases,
  type AccessContext,
  type CounterTable,
  type Digest,
  type Exit,
  type Headers,
  type Window,
} from 'gw/plugin'
import { useOf, type Limit, type LimitedName, type Use } from './limits.js'
import { additionOf, keyOf, type RemoteCounts } from './remote.js'
import { reportedUses } from './reported.js'
import { spec } from './spec.js'

/** A request between its two looks at the counters. */
interface Visit {
  /** Null for what is counted in Redis. */
  readonly client: Digest | null
  /** By the place of the limit: the window that the request counts in, and what it had counted. */
  readonly windows: readonly Window[]
  readonly counts: number[]
  /** In Redis, by the place of the limit. */
  readonly keys: readonly string[]
  isOver: boolean
}

const visits = contextKey<Visit>('response-ratelimiting')

let now: () => number = Date.now

/** Outlives reloads, which change limits, not what has been counted. */
let counters: CounterTable

let leases: RedisLeases<RemoteCounts>

export default definePlugin({
  ...spec,
  version: '3.9.1',
  priority: 900,

  init(env) {
    counters = env.counters
    now = () => env.now()
    leases = new RedisLeases(env)
  },

  prepare: useOf,

  configure(live) {
    leases.serve(live.flatMap(({ remote }) => remote ?? []))
  },

  close() {
    leases.close()
  },

  // HOT PATH
  access(ctx, use) {
    if (use.remote !== null) return lookInRedis(ctx, use, use.remote)
    return proceed(ctx, use, look(use, counters.identify(identifierOf(ctx, use))))
  },

  // HOT PATH
  header_filter(ctx, use) {
    const visit = ctx.get(visits)
    const { response } = ctx
    if (visit !== undefined) {
      if (response.source === 'upstream') {
        // Kong: of several lines the first.
        const uses = reportedUses(response.headers.get(use.headerName))
        if (uses.size > 0) visit.isOver = !countUses(use, visit, uses)
        response.headers.remove(use.headerName)
      }
      if (!use.hideHeaders) setHeaders(response.headers, use, visit)
    }
    if (visit?.isOver === true) {
      response.status = 429
      for (const name of OF_THE_BODY) response.headers.remove(name)
    } else ctx.leaveBody()
  },

  body_filter() {
    // Only of an answer past the limit.
    return null
  },
})

/** Headers that say something of the body that is not sent, or let others keep the refusal. */
const OF_THE_BODY = [
  'accept-ranges',
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-range',
  'content-type',
  'etag',
  'expires',
  'last-modified',
]

/** HOT PATH */
function proceed(ctx: AccessContext, use: Use, visit: Visit): Exit | undefined {
  if (use.blocksAtOnce) {
    for (const { name, limits } of use.names) {
      if (limits.some((limit) => left(limit, visit) <= 0)) {
        return ctx.error(429, `API rate limit exceeded for '${name}'`)
      }
    }
  }
  // Kong 3.8 and later: in the answer, where they say what was left before it, whatever hide_client_headers says.
  for (const { remainingHeader, limits } of use.names) {
    ctx.response.headers.set(remainingHeader, luaText(leastLeft(limits, visit)))
  }
  ctx.set(visits, visit)
  return undefined
}

/** Kong: while Redis does not serve, requests that may pass do so without limits, and without headers that tell of them. */
async function lookInRedis(
  ctx: AccessContext,
  use: Use,
  remote: RemoteCounts,
): Promise<Exit | undefined> {
  const identifier = identifierOf(ctx, use)
  const windows = windowsOf(use)
  const limits = use.names.flatMap((name) => name.limits)
  const keys = limits.map((limit) => keyOf(limit, identifier, windows[limit.place] ?? NO_WINDOW))
  let counts: number[]
  try {
    counts = await remote.read(keys)
  } catch (error) {
    if (!(error instanceof RedisError)) throw error
    return use.isTolerant ? undefined : ctx.error(500)
  }
  return proceed(ctx, use, { client: null, windows, counts, keys, isOver: false })
}

function identifierOf({ consumer, credential, request }: AccessContext, { limitBy }: Use): string {
  switch (limitBy) {
    case 'consumer':
      return consumer?.id ?? credential?.id ?? request.clientIp
    case 'credential':
      return credential?.id ?? request.clientIp
    case 'ip':
      return request.clientIp
  }
}

const NO_WINDOW: Window = { start: 0, end: 0 }
const NO_KEYS: readonly string[] = []

/** Those that are running, by the place of the limit. */
function windowsOf({ names, limitCount }: Use): readonly Window[] {
  let at = now()
  const windows = new Array<Window>(limitCount).fill(NO_WINDOW)
  for (const { limits } of names) {
    for (const limit of limits) {
      const window = counters.windows[limit.period].at(at)
      windows[limit.place] = window
      // Another thread may have turned to the next minute already: then its hour counts, too.
      at = Math.max(at, window.start)
    }
  }
  return windows
}

/** Reads all counters and raises none: what the request uses is not known yet. */
function look(use: Use, client: Digest): Visit {
  const windows = windowsOf(use)
  const counts = new Array<number>(use.limitCount).fill(0)
  for (const { limits } of use.names) {
    for (const limit of limits) {
      const end = windows[limit.place]?.end ?? 0
      counts[limit.place] = counters.read(scopeOf(limit), client, end)
    }
  }
  return { client, windows, counts, keys: NO_KEYS, isOver: false }
}

/** False when something that was used is past its limit: nothing is counted then. */
function countUses(use: Use, visit: Visit, uses: ReadonlyMap<string, number>): boolean {
  if (visit.client !== null) return count(use, visit, visit.client, uses)
  return use.remote === null || countInRedis(use, visit, uses, use.remote)
}

/** Kong: by what Redis has said before the target was asked. */
function countInRedis(
  use: Use,
  { windows, counts, keys }: Visit,
  uses: ReadonlyMap<string, number>,
  remote: RemoteCounts,
): boolean {
  const all = used(use, uses)
  const additions = all.flatMap(({ limits, amount }) =>
    limits.map((limit) =>
      additionOf(limit, keys[limit.place] ?? '', windows[limit.place] ?? NO_WINDOW, amount),
    ),
  )
  for (const { limits } of all) {
    if (limits.some(({ place, limit }) => (counts[place] ?? 0) >= limit)) return false
  }
  for (const { limits, amount } of all) {
    for (const { place } of limits) counts[place] = (counts[place] ?? 0) + amount
  }
  if (additions.length > 0) remote.add(additions)
  return true
}

/** Adds what was used to all counters, or to none when one of them was at its limit. False then. */
function count(use: Use, visit: Visit, client: Digest, uses: ReadonlyMap<string, number>): boolean {
  const { windows, counts } = visit
  const time = now()
  const raised: { readonly limit: Limit; readonly amount: number }[] = []
  for (const { limits, amount } of used(use, uses)) {
    for (const limit of limits) {
      const end = windows[limit.place]?.end ?? 0
      const before = counters.addBelow(scopeOf(limit), client, end, limit.limit, time, amount)
      counts[limit.place] = before
      if (before < limit.limit) {
        counts[limit.place] = before + amount
        raised.push({ limit, amount })
        continue
      }
      for (const { limit: other, amount: added } of raised) {
        counters.takeBack(scopeOf(other), client, windows[other.place]?.end ?? 0, added)
        counts[other.place] = (counts[other.place] ?? 0) - added
      }
      return false
    }
  }
  return true
}

function used(
  { names }: Use,
  uses: ReadonlyMap<string, number>,
): (LimitedName & { readonly amount: number })[] {
  return names.flatMap((name) => {
    const amount = uses.get(name.name) ?? 0
    return amount > 0 ? [{ ...name, amount }] : []
  })
}

function scopeOf(limit: Limit): Digest {
  return (limit.scope ??= counters.scope(limit.scopeName))
}

function left({ limit, place }: Limit, { counts }: Visit): number {
  return Math.max(0, limit - (counts[place] ?? 0))
}

function leastLeft(limits: readonly Limit[], visit: Visit): number {
  let least = Infinity
  for (const limit of limits) least = Math.min(least, left(limit, visit))
  return least
}

function setHeaders(headers: Headers, { names }: Use, visit: Visit): void {
  for (const { limits } of names) {
    for (const limit of limits) {
      headers.set(limit.limitHeader, limit.limitText)
      headers.set(limit.remainingHeader, luaText(left(limit, visit)))
    }
  }
}
