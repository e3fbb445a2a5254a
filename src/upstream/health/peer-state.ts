// What is known of the health of one address, in 32 bits, so that threads can change it in one step; and how events
// change it. Pure: sharing, limits and probes are for others.

/** What has happened: a good answer, an answer of a bad status, no connection or a broken one, no answer in time. */
export type HealthEvent = 'success' | 'http' | 'tcp' | 'timeout'

/** Trusted until proven bad: all zeros. */
export const HEALTHY = 0
/** Gets no requests. */
export const UNHEALTHY = 1
/** Something has been counted against the state, which goes on until a limit is reached: Kong's mostly_*. */
const DOUBTED = 2
/** What is counted are successes. They and failures never count at the same time: the one ends the other. */
const SUCCEEDING = 4

/** Eight bits for each; successes have those of the first kind of failure. */
const SHIFTS = { success: 8, http: 8, tcp: 16, timeout: 24 } as const
const COUNT = 0xff
const COUNTS = ~0xff

/** HOT PATH */
export function isHealthy(state: number): boolean {
  return (state & UNHEALTHY) === 0
}

export function countOf(state: number, event: HealthEvent): number {
  const counts = ((state & SUCCEEDING) !== 0) === (event === 'success') ? state & COUNTS : 0
  return (counts >>> SHIFTS[event]) & COUNT
}

/** As in Kong's library; its four states are the two, doubted or not. */
export function stateName(
  state: number,
): 'healthy' | 'mostly_healthy' | 'mostly_unhealthy' | 'unhealthy' {
  const isDoubted = (state & DOUBTED) !== 0
  if (isHealthy(state)) return isDoubted ? 'mostly_healthy' : 'healthy'
  return isDoubted ? 'mostly_unhealthy' : 'unhealthy'
}

/**
 * The state after an event.
 * @param limit of such events, from 0 to 255, for the one who saw it; 0: they do not count
 */
export function stateAfter(state: number, event: HealthEvent, limit: number): number {
  if (limit === 0) return state
  const isSuccess = event === 'success'
  // What agrees with a state that nobody doubts is no news.
  if ((state & DOUBTED) === 0 && isSuccess === isHealthy(state)) return state
  const count = countOf(state, event) + 1
  if (isSuccess) {
    const counted = (count << SHIFTS.success) | SUCCEEDING
    return counted | (count >= limit ? HEALTHY : (state & UNHEALTHY) | DOUBTED)
  }
  // Kinds of failures neither reset each other nor add up.
  const others = (state & SUCCEEDING) !== 0 ? 0 : state & COUNTS & ~(COUNT << SHIFTS[event])
  const counted = others | (count << SHIFTS[event])
  return counted | (count >= limit ? UNHEALTHY : (state & UNHEALTHY) | DOUBTED)
}
