// Limits how many requests a consumer, credential, address, service, header or path may make in a period.
import {
  WindowCounters,
  definePlugin,
  valueOf,
  type AccessContext,
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
    now = () => env.now()
  },

  prepare: useOf,

  configure(live) {
    counters.sweep(new Set(live.map((use) => use.scope)), now())
  },

  // HOT PATH. Nothing waits between reading a count and raising it, so that no request slips past a limit.
  access(ctx, use) {
    const time = now()
    const stop = findExhausted(use, identifierOf(ctx, use), time)
    if (stop === null) for (const limit of use.limits) limit.cell.count++
    if (!use.hideHeaders) setHeaders(ctx.response.headers, use, stop, time)
    return stop === null ? undefined : refuse(ctx, use)
  },
})

let now: () => number = Date.now

/** For the life of the process: a reload changes limits, not what has been counted. */
const counters = new WindowCounters()

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

/** Looks up the counts of all limits; the first that is used up, or null. HOT PATH */
function findExhausted(use: Use, identifier: string, time: number): Limit | null {
  let stop: Limit | null = null
  for (const limit of use.limits) {
    limit.counter ??= counters.open(use.scope, limit.period)
    limit.cell = limit.counter.cell(identifier, time)
    if (stop === null && limit.cell.count >= limit.limit) stop = limit
  }
  return stop
}

/** What is left, as Kong shows it: this request is taken off, but not once another limit has refused it. */
function setHeaders(headers: Headers, use: Use, stop: Limit | null, time: number): void {
  let reported: Limit | null = null
  let least = 0
  for (const limit of use.limits) {
    const remaining = Math.max(0, limit.limit - limit.cell.count)
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
function resetOf({ counter, windowSeconds }: Limit, time: number): string {
  const start = counter === null ? time : counter.start
  const elapsed = Math.max(0, Math.floor((time - start) / 1000))
  return String(Math.max(1, windowSeconds - elapsed))
}

function refuse(ctx: AccessContext, use: Use): Exit {
  return ctx.error(use.errorCode, use.errorMessage)
}
