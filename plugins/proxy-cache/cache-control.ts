// What Cache-Control says, read as leniently as Kong reads it: names in any case, values that are no number as text.
import type { ReadonlyHeaders } from 'gw/plugin'

/** By name, in lower case; true for one without a value. */
export type Directives = ReadonlyMap<string, number | string | true>

export const NO_DIRECTIVES: Directives = new Map()

export function directivesOf(headers: ReadonlyHeaders): Directives {
  const lines = headers.getAll('cache-control')
  if (lines.length === 0) return NO_DIRECTIVES
  const directives = new Map<string, number | string | true>()
  for (const item of lines.join(',').split(',')) {
    const equals = item.indexOf('=')
    const name = (equals < 0 ? item : item.slice(0, equals)).trim().toLowerCase()
    if (name !== '') directives.set(name, equals < 0 ? true : valueOf(item.slice(equals + 1)))
  }
  return directives
}

function valueOf(text: string): number | string {
  // Some quote the number, which RFC 9111, 5.2, has recipients accept.
  const value = text.trim().replace(/^"(.*)"$/, '$1')
  return /^\d{1,15}$/.test(value) ? Number(value) : value
}

/** The seconds that a directive gives; undefined without one, or for what is no number. */
export function secondsOf(directives: Directives, name: string): number | undefined {
  const value = directives.get(name)
  return typeof value === 'number' ? value : undefined
}

/** For how many seconds the target lets an answer be kept: s-maxage, else max-age, else Expires; 0 when it says nothing. */
export function resourceTtl(directives: Directives, headers: ReadonlyHeaders, now: number): number {
  for (const name of ['s-maxage', 'max-age']) {
    // What cannot be read is over already (RFC 9111, 4.2.1).
    if (directives.has(name)) return secondsOf(directives, name) ?? 0
  }
  const expires = Date.parse(headers.get('expires') ?? '')
  return Number.isNaN(expires) ? 0 : Math.max(0, Math.floor((expires - now) / 1000))
}
