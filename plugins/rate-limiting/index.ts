// Limits how many requests a consumer, credential, address, service, header or path may make in a period.
import {
  definePlugin,
  valueOf,
  type AccessContext,
  type CounterTable,
  type Digest,
  type Exit,
  type Headers,
} from 'gw/plugin'
import { decimal, useOf, type Limit, type Use } from './limits.js'
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
  },

  prepare: useOf,

  // HOT PATH. Nothing waits between reading a count and raising it, so that no request slips past a limit.
  access(ctx, use) {
    const time = now()
    const stop = count(use, identifierOf(ctx, use), time)
    if (!use.hideHeaders) setHeaders(ctx.response.headers, use, stop, time)
    return stop === null ? undefined : refuse(ctx, use)
  },
})

let now: () => number = Date.now

/** Outlives reloads, which change limits, not what has been counted. */
let counters: CounterTable

function identifierOf(ctx: AccessContext, use: Use): string {
  return preferredIdentifier(ctx, use) ?? ctx.request.clientIp
}

function preferredIdentifier(ctx: AccessContext, use: Use): string | undefined {
  switch (use.limitBy) {
    case 'consumer':
      return ctx.consumer?.id ?? ctx.credential?.id
    case 'credential':
      return ctx.credential?.id
    case 'service':
      return ctx.service?.id
    case 'header':
      return valueOf(ctx.request.headers, use.header)
    case 'path':
      return ctx.request.path === use.path ? use.path : undefined
    case 'ip':
      return undefined
  }
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
  let at = time
  for (const limit of limits) {
    limit.window = counters.windows[limit.period].at(at)
    // A thread that read the clock before the others may find that they have turned to the next minute. It goes along,
    // and so into the hour of that minute.
    at = Math.max(at, limit.window.start)
  }
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
  let reported: Limit | null = null
  let least = 0
  for (const limit of use.limits) {
    const remaining = Math.max(0, limit.limit - limit.count)
    headers.set(limit.limitHeader, limit.limitText)
    headers.set(limit.remainingHeader, decimal(remaining))
    // Limits come shortest first, so that the longer one wins a tie.
    if (reported === null || remaining <= least) {
      reported = limit
      least = remaining
    }
  }
  if (reported === null) return
  const reset = resetOf(reported, time)
  headers.set('RateLimit-Limit', reported.limitText)
  headers.set('RateLimit-Remaining', decimal(least))
  headers.set('RateLimit-Reset', reset)
  if (stop !== null) headers.set('Retry-After', reset)
}

/** Seconds to the end of the nominal window; at least 1, on the 31st of a month too. */
function resetOf({ window, windowSeconds }: Limit, time: number): string {
  const elapsed = Math.max(0, Math.floor((time - window.start) / 1000))
  return String(Math.max(1, windowSeconds - elapsed))
}

function refuse(ctx: AccessContext, use: Use): Exit {
  return ctx.error(use.errorCode, use.errorMessage)
}
