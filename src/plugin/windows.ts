// The fixed windows that limits count in: aligned to the calendar, in UTC, as Kong's.

export const PERIODS = ['second', 'minute', 'hour', 'day', 'month', 'year'] as const
export type Period = (typeof PERIODS)[number]

/** Nominal lengths, which Kong reckons resets by: a month has 30 days there, a year 365. */
export const PERIOD_SECONDS: Readonly<Record<Period, number>> = {
  second: 1,
  minute: 60,
  hour: 3600,
  day: 86_400,
  month: 2_592_000,
  year: 31_536_000,
}

/** When the window that holds the instant began. Milliseconds since the epoch, as everywhere here. */
export function windowStart(period: Period, now: number): number {
  const date = new Date(now)
  switch (period) {
    case 'month':
      return Date.UTC(date.getUTCFullYear(), date.getUTCMonth())
    case 'year':
      return Date.UTC(date.getUTCFullYear(), 0)
    default: {
      // UTC has no offset, and Unix time no leap seconds: from a day down all windows are of one length.
      const length = PERIOD_SECONDS[period] * 1000
      return Math.floor(now / length) * length
    }
  }
}

/** When the window that began at `start` is over, which is when the next one begins. */
export function windowEnd(period: Period, start: number): number {
  const date = new Date(start)
  switch (period) {
    case 'month':
      return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1)
    case 'year':
      return Date.UTC(date.getUTCFullYear() + 1, 0)
    default:
      return start + PERIOD_SECONDS[period] * 1000
  }
}
