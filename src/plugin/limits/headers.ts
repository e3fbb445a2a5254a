// The headers that tell a client how much of its limits is left, as Kong writes them.
import type { Headers } from '../../util/header-list.js'

/** A limit as the headers show it: names and texts made at load, `count` set for each request. */
export interface ShownLimit {
  readonly limit: number
  readonly limitText: string
  readonly limitHeader: string
  readonly remainingHeader: string
  /** How much is used up. */
  count: number
}

/** @param window as it stands in the names of headers, such as `Minute` */
export function shownLimit(limit: number, window: string): ShownLimit {
  return {
    limit,
    limitText: decimal(limit),
    limitHeader: `X-RateLimit-Limit-${window}`,
    remainingHeader: `X-RateLimit-Remaining-${window}`,
    count: 0,
  }
}

/**
 * Writes what is left of each limit, and RateLimit-Limit and RateLimit-Remaining for the one with least left. Returns that
 * one; RateLimit-Reset is left to the caller. HOT PATH
 * @param limits shortest window first, so that the longer one wins a tie, as in Kong
 */
export function setLimitHeaders<L extends ShownLimit>(
  headers: Headers,
  limits: readonly L[],
): L | null {
  let reported: L | null = null
  let least = 0
  for (const limit of limits) {
    const remaining = Math.max(0, limit.limit - limit.count)
    headers.set(limit.limitHeader, limit.limitText)
    headers.set(limit.remainingHeader, decimal(remaining))
    if (reported === null || remaining <= least) {
      reported = limit
      least = remaining
    }
  }
  if (reported === null) return null
  headers.set('RateLimit-Limit', reported.limitText)
  headers.set('RateLimit-Remaining', decimal(least))
  return reported
}

/** Seconds to the end of the nominal window; at least 1, on the 31st of a month too. */
export function secondsToReset(windowSeconds: number, start: number, now: number): number {
  const elapsed = Math.max(0, Math.floor((now - start) / 1000))
  return Math.max(1, windowSeconds - elapsed)
}

/** As Lua prints numbers: 14 digits, so that 1.1 - 1 is 0.1. */
function decimal(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(14)))
}
