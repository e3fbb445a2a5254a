// Dates as HTTP writes them today (RFC 9110, 5.6.7: IMF-fixdate).

const DATE =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (\d\d) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d) (?:GMT|UTC)$/
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Milliseconds since the epoch, or null for what is no such date. The name of the day is not looked at, as in nginx. */
export function parseHttpDate(text: string): number | null {
  const found = DATE.exec(text)
  if (found === null) return null
  const [, day, monthName = '', year, hour, minute, second] = found
  const month = MONTHS.indexOf(monthName)
  if (month < 0 || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return null
  const time = new Date(0)
  time.setUTCFullYear(Number(year), month, Number(day))
  // The 31st of a shorter month would be a day of the next.
  if (time.getUTCMonth() !== month || time.getUTCDate() !== Number(day)) return null
  return time.setUTCHours(Number(hour), Number(minute), Number(second))
}
