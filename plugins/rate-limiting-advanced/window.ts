// Fixed and sliding windows as numbers: how much of a limit is used up, and when a request passes again.

export interface SlidingLimit {
  readonly limit: number
  readonly sizeMs: number
}

/** What one identifier has used of a limit. */
export interface Counted {
  /** In the window before. */
  readonly previous: number
  /** In this window, with the request at hand if that counts. */
  readonly current: number
  /** Milliseconds since this window began. */
  readonly elapsed: number
}

/** Windows follow one another from the epoch on, the same for all nodes. */
export function startOf({ sizeMs }: SlidingLimit, now: number): number {
  return now - (now % sizeMs)
}

/**
 * What the window before still counts for: as much of it as a window that ends now would reach back into, taking its
 * requests for evenly spread (Kong's two-window counter). HOT PATH
 */
export function carriedOver({ sizeMs }: SlidingLimit, previous: number, elapsed: number): number {
  return previous * (1 - elapsed / sizeMs)
}

/** Of a request: less than this is the rounding of fractions, not something that has been counted. */
export const ROUNDING = 1e-6

/** How many requests may have been counted in this window so that one more passes: fewer than this. */
export function ceilingOf(limit: SlidingLimit, previous: number, elapsed: number): number {
  return Math.floor(limit.limit - carriedOver(limit, previous, elapsed) + ROUNDING)
}

/** Milliseconds until one request would pass if none came before it; for a limit below 1 two windows. */
export function waitMs(
  { limit, sizeMs }: SlidingLimit,
  previous: number,
  current: number,
  elapsed: number,
): number {
  const free = limit - 1
  if (current <= free) return Math.max(0, reaches(previous, free - current, sizeMs) - elapsed)
  return sizeMs - elapsed + (free < 0 ? sizeMs : reaches(current, free, sizeMs))
}

/** How far into a window no more than `share` of what the one before has counted is left. */
function reaches(counted: number, share: number, sizeMs: number): number {
  return counted <= share ? 0 : sizeMs * (1 - share / counted)
}
