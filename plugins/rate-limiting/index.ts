// Limits how many requests a consumer, credential, address, service, header or path may make in a period.
import {
  RedisError,
  RedisStores,
  definePlugin,
  identifierOf,
  secondsToReset,
  setLimitHeaders,
  type AccessContext,
  type CounterTable,
  type Digest,
  type Exit,
  type Headers,
  type Window,
} from 'gw/plugin'
import { useOf, type Limit, type Use } from './limits.js'
import { counterOf, type RemoteCounts } from './remote.js'
import { rules } from './rules.js'
import { schema } from './schema.js'

export default definePlugin({
  name: 'rate-limiting',
  version: '3.9.1',
  priority: 910,
  schema,
  rules,

  init(env) {
    counters = env.counters
    now = () => env.now()
    stores = new RedisStores(env)
  },

  prepare: useOf,

  configure(live) {
    stores.serve(live.flatMap((use) => use.remote ?? []))
  },

  close: () => stores.close(),

  // HOT PATH. Nothing waits between reading a count and raising it, so that no request slips past a limit.
  access(ctx, use) {
    return use.remote === null ? local(ctx, use, now()) : remote(ctx, use, use.remote)
  },
})

let now: () => number = Date.now

/** Outlives reloads, which change limits, not what has been counted. */
let counters: CounterTable

let stores: RedisStores

function local(ctx: AccessContext, use: Use, time: number): Exit | undefined {
  const stop = count(use, identifierOf(ctx, use.identifier), time)
  return conclude(ctx, use, stop, time)
}

/** The same, counted for all nodes. Redis may not serve: then the use says what happens, or the gateway's settings do. */
async function remote(
  ctx: AccessContext,
  use: Use,
  counts: RemoteCounts,
): Promise<Exit | undefined> {
  const time = now()
  const identifier = identifierOf(ctx, use.identifier)
  findWindows(use.limits, time)
  // Other requests set the windows of the limits while this one waits.
  const windows = use.limits.map(({ window }) => window)
  const wanted = use.limits.map((limit) => counterOf(limit, identifier, limit.window))
  let usages: readonly number[]
  try {
    usages = await counts.usage(wanted)
  } catch (error) {
    if (!(error instanceof RedisError)) throw error
    if (stores.mayCountLocally(counts)) return local(ctx, use, time)
    return use.isTolerant ? undefined : ctx.error(500)
  }
  stores.hasServed(counts)
  const stop = measure(use.limits, usages, windows)
  if (stop === null) counts.accept(wanted)
  return conclude(ctx, use, stop, time)
}

/** Kong: the request is taken off all that is left, or off the limit alone that has refused it. */
function measure(
  limits: readonly Limit[],
  usages: readonly number[],
  windows: readonly Window[],
): Limit | null {
  let stop: Limit | null = null
  for (const [i, limit] of limits.entries()) {
    limit.window = windows[i] ?? limit.window
    limit.count = usages[i] ?? 0
    if (stop === null && limit.count >= limit.limit) stop = limit
  }
  for (const limit of limits) if (stop === null || stop === limit) limit.count++
  return stop
}

function conclude(
  ctx: AccessContext,
  use: Use,
  stop: Limit | null,
  time: number,
): Exit | undefined {
  if (!use.hideHeaders) setHeaders(ctx.response.headers, use, stop, time)
  return stop === null ? undefined : ctx.error(use.errorCode, use.errorMessage)
}

/**
 * Counts the request for all limits, or for none. Returns the limit that is used up, or null. HOT PATH
 *
 * Each count is raised only while it is below its limit, and taken back when a later limit is used up. Another thread may
 * see a count that is about to be taken back, and refuse for it; but the later limit would have refused its request,
 * too. For limits come shortest first, and who counts in the same minute counts in the same hour. So the number of
 * requests that pass is exact; only which limit is named, and what headers say is left, may be that of an instant.
 */
function count(use: Use, identifier: string, time: number): Limit | null {
  const { limits } = use
  const client = counters.identify(identifier)
  findWindows(limits, time)
  for (const limit of limits) {
    const { end } = limit.window
    limit.count = counters.addBelow(scopeOf(limit), client, end, limit.limit, time)
    if (limit.count >= limit.limit) {
      takeBack(limits, limit, client)
      return limit
    }
    limit.count++
  }
  return null
}

function findWindows(limits: readonly Limit[], time: number): void {
  let at = time
  for (const limit of limits) {
    limit.window = counters.windows[limit.period].at(at)
    // A thread that read the clock before the others may find that they have turned to the next minute. It goes along,
    // and so into the hour of that minute.
    at = Math.max(at, limit.window.start)
  }
}

function scopeOf(limit: Limit): Digest {
  return (limit.scope ??= counters.scope(limit.scopeName))
}

/** Takes back what was counted before `stop`, and reads what was not looked at after it. */
function takeBack(limits: readonly Limit[], stop: Limit, client: Digest): void {
  let isCounted = true
  for (const limit of limits) {
    if (limit === stop) isCounted = false
    else if (isCounted) {
      counters.takeBack(scopeOf(limit), client, limit.window.end)
      limit.count--
    } else limit.count = counters.read(scopeOf(limit), client, limit.window.end)
  }
}

/** What is left, as Kong shows it: this request is taken off, but not once another limit has refused it. */
function setHeaders(headers: Headers, use: Use, stop: Limit | null, time: number): void {
  const reported = setLimitHeaders(headers, use.limits)
  if (reported === null) return
  const reset = String(secondsToReset(reported.windowSeconds, reported.window.start, time))
  headers.set('RateLimit-Reset', reset)
  if (stop !== null) headers.set('Retry-After', reset)
}
