// Holds requests to a rate with a burst: beyond it they are refused, or wait for their turn; and to a quota of the calendar.
import {
  RedisError,
  RedisStores,
  contextKey,
  definePlugin,
  identifierOf,
  setLimitHeaders,
  type AccessContext,
  type Awaitable,
  type CounterTable,
  type Exit,
} from 'gw/plugin'
import { delayMs, remainingAt, secondsTo } from './bucket.js'
import { quotaWindow, type Quota } from './quota.js'
import { WaitingRoom, type Stay } from './waiting-room.js'
import { rules } from './rules.js'
import { schema } from './schema.js'
import { useOf, type Use } from './use.js'
import type { Level, LevelsInRedis } from './remote.js'

/** Of a request that waits. */
const stays = contextKey<Stay>('throttle')

let now: () => number = Date.now

/** Both outlive reloads, which change limits, not what has been counted. */
let counters: CounterTable
let buckets: CounterTable

let stores: RedisStores

/** By the id of the use: those who wait under an older configuration keep their places. */
let rooms = new Map<string, WaitingRoom>()

export default definePlugin({
  name: 'throttle',
  version: '0.1.0',
  priority: 905,
  schema,
  rules,

  init(env) {
    counters = env.counters
    buckets = env.buckets
    now = () => env.now()
    stores = new RedisStores(env)
  },

  prepare: useOf,

  configure(live) {
    stores.serve(live.flatMap(({ remote }) => remote ?? []))
    const before = rooms
    rooms = new Map()
    for (const use of live) {
      const room = before.get(use.id)
      use.room = room?.places === use.maxQueued ? room : new WaitingRoom(use.maxQueued)
      rooms.set(use.id, use.room)
    }
  },

  close: () => stores.close(),

  // HOT PATH. Nothing waits between reading a level and raising it, so that no request slips past a limit.
  access(ctx, use) {
    const identifier = identifierOf(ctx, use.identifier)
    if (use.remote !== null) return remote(ctx, use, use.remote, identifier)
    return conclude(ctx, use, take(use, identifier))
  },

  // A client that leaves gives its place to another.
  log(ctx) {
    ctx.get(stays)?.leave()
  },
})

async function remote(
  ctx: AccessContext,
  use: Use,
  levels: LevelsInRedis,
  identifier: string,
): Promise<Exit | undefined> {
  let level: Level
  try {
    level = await levels.take(identifier, mostOf(use), now())
  } catch (error) {
    if (!(error instanceof RedisError)) throw error
    if (stores.mayCountLocally(levels)) return conclude(ctx, use, take(use, identifier))
    return use.isTolerant ? undefined : ctx.error(500)
  }
  stores.hasServed(levels)
  // Others may have taken the last places meanwhile.
  const isCrowded = delayMs(use.bucket, level.lead) > 0 && use.room?.isFull === true
  return conclude(ctx, use, isCrowded ? { ...level, passes: false } : level)
}

/** When nobody else may wait, those alone pass that need not. */
function mostOf({ bucket, room }: Use): number {
  return room?.isFull === true ? Math.min(bucket.free, bucket.most) : bucket.most
}

/** Counts for quota and bucket, or for neither, in the memory of this node. HOT PATH */
function take(use: Use, identifier: string): Level {
  const most = mostOf(use)
  const level = buckets.identify(identifier)
  const { quota } = use
  if (quota === null) {
    const lead = use.levels.take(buckets, level, most, now)
    return { lead, passes: lead <= most, isQuotaUsedUp: false, used: 0, resetMs: 0 }
  }
  const time = now()
  const { end } = quotaWindow(quota.period, time)
  const client = counters.identify(identifier)
  const scope = (use.quotaScope ??= counters.scope(quota.scopeName))
  const used = counters.addBelow(scope, client, end, quota.limit, time)
  const resetMs = end - time
  if (used >= quota.limit) return { lead: 0, passes: false, isQuotaUsedUp: true, used, resetMs }
  const lead = use.levels.take(buckets, level, most, now)
  const passes = lead <= most
  if (!passes) counters.takeBack(scope, client, end)
  return { lead, passes, isQuotaUsedUp: false, used: passes ? used + 1 : used, resetMs }
}

function conclude(ctx: AccessContext, use: Use, level: Level): Awaitable<Exit | undefined> {
  if (!use.hideHeaders) setHeaders(ctx, use, level)
  if (!level.passes) return ctx.error(use.errorCode, use.errorMessage)
  const delay = delayMs(use.bucket, level.lead)
  if (delay === 0 || use.room === null) return undefined
  const stay = use.room.enter(delay)
  ctx.set(stays, stay)
  return stay.turn
}

function setHeaders(ctx: AccessContext, use: Use, level: Level): void {
  const { headers } = ctx.response
  const { bucket, quota } = use
  if (quota !== null) setQuotaHeaders(ctx, quota, level)
  if (level.isQuotaUsedUp) return
  const lead = level.passes ? level.lead + bucket.cost : level.lead
  headers.set('RateLimit-Limit', use.atOnceText)
  headers.set('RateLimit-Remaining', String(remainingAt(bucket, lead)))
  headers.set('RateLimit-Reset', String(secondsTo(bucket, lead, 0)))
  if (!level.passes) headers.set('Retry-After', String(secondsTo(bucket, lead, mostOf(use))))
}

function setQuotaHeaders(
  { response: { headers } }: AccessContext,
  quota: Quota,
  level: Level,
): void {
  quota.count = level.used
  setLimitHeaders(headers, [quota])
  if (!level.isQuotaUsedUp) return
  const reset = String(Math.max(1, Math.ceil(level.resetMs / 1000)))
  headers.set('RateLimit-Reset', reset)
  headers.set('Retry-After', reset)
}
