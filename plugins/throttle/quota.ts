// Quotas: how many requests an identifier may make in a day, a week or a month of the calendar, in UTC.
import { shownLimit, windowEnd, windowStart, type ShownLimit, type Window } from 'gw/plugin'

export const QUOTA_PERIODS = ['day', 'week', 'month'] as const
export type QuotaPeriod = (typeof QUOTA_PERIODS)[number]

export interface Quota extends ShownLimit {
  readonly period: QuotaPeriod
  readonly scopeName: string
}

const DAY_MS = 86_400_000
const WEEK_MS = 7 * DAY_MS
/** 1970 began on a Thursday, weeks begin on Monday (ISO 8601). */
const FIRST_MONDAY_MS = 4 * DAY_MS

export function quotaOf(limit: number, period: QuotaPeriod, scopeName: string): Quota {
  const name = period.charAt(0).toUpperCase() + period.slice(1)
  return { ...shownLimit(limit, name), period, scopeName: `${scopeName}:${period}` }
}

export function quotaWindow(period: QuotaPeriod, now: number): Window {
  if (period === 'week') {
    const start = now - ((now - FIRST_MONDAY_MS) % WEEK_MS)
    return { start, end: start + WEEK_MS }
  }
  const start = windowStart(period, now)
  return { start, end: windowEnd(period, start) }
}
