// Counts in the memory that all workers of the node share.
import type { CounterTable, Digest } from 'gw/plugin'
import { note, type Limit, type Use } from './limits.js'
import { ceilingOf, startOf } from './window.js'

/** Of the limit at hand; nothing waits between setting and using them. */
const counted = { previous: 0, current: 0, elapsed: 0 }

/**
 * Counts the request, for all limits or for none; with a penalty for all in any case. Returns the first limit that is used
 * up, or null. HOT PATH
 *
 * Each count is raised in one step, and only while it is below what the limit leaves, so that no more pass than may; a
 * count that is taken back since another limit refuses may for that instant hold up a request that would have passed.
 */
export function countHere(
  counters: CounterTable,
  use: Use,
  identifier: string,
  time: number,
): Limit | null {
  const client = counters.identify(identifier)
  let stop: Limit | null = null
  for (const limit of use.limits) {
    const isRefused = stop !== null && !use.hasPenalty
    if (isRefused) read(counters, use, limit, client, time)
    else if (!raise(counters, use, limit, client, time)) {
      if (!use.hasPenalty) takeBack(counters, use, limit, client, time)
      stop ??= limit
    }
  }
  return stop
}

/** False when the limit is used up. */
function raise(
  counters: CounterTable,
  use: Use,
  limit: Limit,
  client: Digest,
  time: number,
): boolean {
  const previous = lookBack(counters, use, limit, client, time)
  const { elapsed } = counted
  const ceiling = ceilingOf(limit, previous, elapsed)
  const most = use.hasPenalty ? Infinity : ceiling
  const before = counters.addBelow(
    scopeOf(counters, limit),
    client,
    endOf(use, limit, time),
    most,
    time,
  )
  const hasPassed = before < ceiling
  counted.current = hasPassed || use.hasPenalty ? before + 1 : before
  note(limit, use, counted, !hasPassed)
  return hasPassed
}

function read(counters: CounterTable, use: Use, limit: Limit, client: Digest, time: number): void {
  const previous = lookBack(counters, use, limit, client, time)
  counted.current = counters.read(scopeOf(counters, limit), client, endOf(use, limit, time))
  const isUsedUp = counted.current >= ceilingOf(limit, previous, counted.elapsed)
  note(limit, use, counted, isUsedUp)
}

/** Takes back what was counted for the limits before `stop`. */
function takeBack(
  counters: CounterTable,
  use: Use,
  stop: Limit,
  client: Digest,
  time: number,
): void {
  for (const limit of use.limits) {
    if (limit === stop) return
    counters.takeBack(scopeOf(counters, limit), client, endOf(use, limit, time))
    limit.count--
  }
}

/** What was counted in the window before. */
function lookBack(
  counters: CounterTable,
  use: Use,
  limit: Limit,
  client: Digest,
  time: number,
): number {
  counted.elapsed = time - startOf(limit, time)
  counted.previous = use.isSliding
    ? counters.read(scopeOf(counters, limit), client, endOf(use, limit, time) - limit.sizeMs)
    : 0
  return counted.previous
}

/** How long the count of this window is kept: a sliding one looks back at it from the next. */
function endOf({ isSliding }: Use, limit: Limit, time: number): number {
  return startOf(limit, time) + (isSliding ? 2 : 1) * limit.sizeMs
}

function scopeOf(counters: CounterTable, limit: Limit): Digest {
  return (limit.scope ??= counters.scope(limit.scopeName))
}
