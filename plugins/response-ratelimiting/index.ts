// Limits what a consumer, credential or address may use up in a period, as the target counts it: in a header of its answer
// it says what each request has used.
import {
  contextKey,
  definePlugin,
  luaText,
  type AccessContext,
  type CounterTable,
  type Digest,
  type Headers,
} from 'gw/plugin'
import { useOf, type Limit, type LimitedName, type Use } from './limits.js'
import { reportedUses } from './reported.js'
import { spec } from './spec.js'

/** A request between its two looks at the counters. */
interface Visit {
  readonly client: Digest
  /** By the place of the limit: when the window ends that the request counts in, and what it had counted. */
  readonly ends: number[]
  readonly counts: number[]
  isOver: boolean
}

const visits = contextKey<Visit>('response-ratelimiting')

let now: () => number = Date.now

/** Outlives reloads, which change limits, not what has been counted. */
let counters: CounterTable

export default definePlugin({
  ...spec,
  version: '3.9.1',
  priority: 900,

  init(env) {
    counters = env.counters
    now = () => env.now()
  },

  prepare: useOf,

  // HOT PATH
  access(ctx, use) {
    const visit = look(use, counters.identify(identifierOf(ctx, use)))
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
  },

  // HOT PATH
  header_filter(ctx, use) {
    const visit = ctx.get(visits)
    const { response } = ctx
    if (visit !== undefined) {
      if (response.source === 'upstream') {
        // Kong: of several lines the first.
        const uses = reportedUses(response.headers.get(use.headerName))
        if (uses.size > 0) visit.isOver = !count(use, visit, uses)
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

/** Reads all counters and raises none: what the request uses is not known yet. */
function look({ names, limitCount }: Use, client: Digest): Visit {
  let at = now()
  const ends = new Array<number>(limitCount).fill(0)
  const counts = new Array<number>(limitCount).fill(0)
  for (const { limits } of names) {
    for (const limit of limits) {
      const window = counters.windows[limit.period].at(at)
      ends[limit.place] = window.end
      counts[limit.place] = counters.read(scopeOf(limit), client, window.end)
      // Another thread may have turned to the next minute already: then its hour counts, too.
      at = Math.max(at, window.start)
    }
  }
  return { client, ends, counts, isOver: false }
}

/** Adds what was used to all counters, or to none when one of them was at its limit. False then. */
function count(use: Use, visit: Visit, uses: ReadonlyMap<string, number>): boolean {
  const { client, ends, counts } = visit
  const time = now()
  const raised: { readonly limit: Limit; readonly amount: number }[] = []
  for (const { limits, amount } of used(use, uses)) {
    for (const limit of limits) {
      const end = ends[limit.place] ?? 0
      const before = counters.addBelow(scopeOf(limit), client, end, limit.limit, time, amount)
      counts[limit.place] = before
      if (before < limit.limit) {
        counts[limit.place] = before + amount
        raised.push({ limit, amount })
        continue
      }
      for (const { limit: other, amount: added } of raised) {
        counters.takeBack(scopeOf(other), client, ends[other.place] ?? 0, added)
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
