// Limits requests by several windows at once, fixed or sliding, on this node or in Redis for all nodes.
import {
  RedisError,
  RedisStores,
  definePlugin,
  setLimitHeaders,
  type AccessContext,
  type CounterTable,
  type Exit,
} from 'gw/plugin'
import { identify, note, useOf, type Limit, type Use } from './limits.js'
import { countHere } from './local.js'
import { rules } from './rules.js'
import { schema } from './schema.js'
import type { CountsInRedis, Verdict } from './remote.js'

let now: () => number = Date.now

/** Outlives reloads, which change limits, not what has been counted. */
let counters: CounterTable

let stores: RedisStores

export default definePlugin({
  name: 'rate-limiting-advanced',
  version: '3.9.1',
  priority: 910,
  schema,
  rules,

  init(env) {
    counters = env.counters
    now = () => env.now()
    // Kong: while Redis is away, limits hold on each node.
    stores = new RedisStores(env, true)
  },

  prepare: useOf,

  configure(live) {
    stores.serve(live.flatMap(({ remote, synced }) => remote ?? synced ?? []))
  },

  close: () => stores.close(),

  // HOT PATH. Nothing waits between reading a count and raising it, so that no request slips past a limit.
  access(ctx, use) {
    if (use.remote !== null) return remote(ctx, use, use.remote)
    const identifier = identify(ctx, use)
    if (use.synced === null) return local(ctx, use, identifier)
    return conclude(ctx, use, noteAll(use, use.synced.count(identifier, now())))
  },
})

function local(ctx: AccessContext, use: Use, identifier: string): Exit | undefined {
  return conclude(ctx, use, countHere(counters, use, identifier, now()))
}

async function remote(
  ctx: AccessContext,
  use: Use,
  counts: CountsInRedis,
): Promise<Exit | undefined> {
  const identifier = identify(ctx, use)
  let verdict: Verdict
  try {
    verdict = await counts.count(identifier)
  } catch (error) {
    if (!(error instanceof RedisError)) throw error
    return stores.mayCountLocally(counts) ? local(ctx, use, identifier) : undefined
  }
  stores.hasServed(counts)
  return conclude(ctx, use, noteAll(use, verdict))
}

/** Returns the first limit that is used up, or null. */
function noteAll(use: Use, { looks }: Verdict): Limit | null {
  let stop: Limit | null = null
  for (const [i, limit] of use.limits.entries()) {
    const look = looks[i]
    if (look === undefined) continue
    note(limit, use, look, look.isUsedUp)
    if (look.isUsedUp) stop ??= limit
  }
  return stop
}

function conclude(ctx: AccessContext, use: Use, stop: Limit | null): Exit | undefined {
  if (!use.hideHeaders) setHeaders(ctx, use, stop)
  return stop === null ? undefined : ctx.error(use.errorCode, use.errorMessage)
}

function setHeaders({ response: { headers } }: AccessContext, use: Use, stop: Limit | null): void {
  const reported = setLimitHeaders(headers, use.limits)
  if (reported === null) return
  headers.set('RateLimit-Reset', String(reported.resetSeconds))
  if (stop === null) return
  const jitter = Math.floor(Math.random() * (use.jitterSeconds + 1))
  headers.set('Retry-After', String(reported.resetSeconds + jitter))
}
