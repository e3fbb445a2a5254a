// The formats that Kong knows, by RFC 3339, 5.6 and 5.7. All others are remarks, as in Kong.

const DATE = /^(\d{4})-(\d\d)-(\d\d)$/
const TIME =
  /^([01]\d|2[0-3]):([0-5]\d):([0-5]\d|60)(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/

function isDate(text: string): boolean {
  const [, year = '', month = '', day = ''] = DATE.exec(text) ?? []
  if (year === '') return false
  const last = new Date(Date.UTC(2000, Number(month), 0))
  // A year of four digits below 100 is not one of the twentieth century.
  last.setUTCFullYear(Number(year), Number(month), 0)
  return Number(month) >= 1 && Number(month) <= 12 && isWithin(Number(day), last.getUTCDate())
}

function isWithin(day: number, last: number): boolean {
  return day >= 1 && day <= last
}

function isTime(text: string): boolean {
  return TIME.test(text)
}

function isDateTime(text: string): boolean {
  return /^[Tt ]$/.test(text.charAt(10)) && isDate(text.slice(0, 10)) && isTime(text.slice(11))
}

export const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  date: isDate,
  time: isTime,
  'date-time': isDateTime,
}
