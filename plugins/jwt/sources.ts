// Where a token may stand in a request, and how it is taken out of there.
import { headerSpellings, valueOf, type ClientRequest, type UpstreamRequest } from 'gw/plugin'

export interface Sources {
  /** Query arguments, where spelling counts. */
  readonly arguments: readonly string[]
  /** In lower case: nginx finds cookies whatever the case. */
  readonly cookies: readonly string[]
  /** Each with its spellings. */
  readonly headers: readonly (readonly string[])[]
}

export const NONE = Symbol('no token')
export const SEVERAL = Symbol('more than one token')
/** `?jwt`, an argument without `=`. */
export const NO_TEXT = Symbol('a token that is no text')
export type Found = string | typeof NONE | typeof SEVERAL | typeof NO_TEXT

interface SourceNames {
  readonly uri_param_names?: readonly string[]
  readonly cookie_names?: readonly string[]
  readonly header_names?: readonly string[]
}

export function sourcesOf(names: SourceNames): Sources {
  return {
    arguments: names.uri_param_names ?? [],
    cookies: names.cookie_names?.map((name) => name.toLowerCase()) ?? [],
    headers: names.header_names?.map(headerSpellings) ?? [],
  }
}

/** The one token of the request; the same text in several places is one. HOT PATH */
export function findToken({ query, headers }: ClientRequest, sources: Sources): Found {
  let found: Found = NONE
  if (query.text !== '') {
    for (const name of sources.arguments) {
      for (const value of query.getAll(name))
        found = joined(found, value === true ? NO_TEXT : value)
    }
  }
  if (sources.cookies.length > 0) {
    const lines = headers.getAll('cookie')
    for (const name of sources.cookies) found = joined(found, cookieIn(lines, name))
  }
  for (const spellings of sources.headers) {
    const value = valueOf(headers, spellings)
    if (value !== undefined) found = joined(found, bearerToken(value))
  }
  return found
}

function joined(found: Found, token: string | typeof NO_TEXT): Found {
  if (token === '' || found === token) return found
  return found === NONE ? token : SEVERAL
}

// Kong: text may stand before it, and the rest of the line is the token.
const BEARER = /[Bb]earer[ \t]+(.+)/
const USUAL_START = 'Bearer '

/** Empty for none. */
function bearerToken(value: string): string {
  const isUsual = value.startsWith(USUAL_START) && value.charCodeAt(USUAL_START.length) > 0x20
  if (isUsual) return value.slice(USUAL_START.length)
  return BEARER.exec(value)?.[1] ?? ''
}

/** nginx: the first of that name. Empty for none. */
function cookieIn(lines: readonly string[], wanted: string): string {
  for (const line of lines) {
    for (const pair of line.split(';')) {
      if (cookieName(pair) === wanted) return pair.slice(pair.indexOf('=') + 1).trim()
    }
  }
  return ''
}

/** Null for what is no pair. */
function cookieName(pair: string): string | null {
  const mark = pair.indexOf('=')
  return mark < 0 ? null : pair.slice(0, mark).trim().toLowerCase()
}

/** Takes out every place that may hold a token: of headers those that do, of cookies those of that name alone. */
export function hideTokens({ query, headers }: UpstreamRequest, sources: Sources): void {
  for (const name of sources.arguments) {
    if (query.get(name) !== undefined) query.remove(name)
  }
  for (const spellings of sources.headers) {
    for (const spelling of spellings) {
      if (headers.getAll(spelling).some((value) => bearerToken(value) !== '')) {
        headers.remove(spelling)
      }
    }
  }
  if (sources.cookies.length > 0 && headers.has('cookie')) {
    const before = headers.getAll('cookie')
    const lines = before.map((line) => withoutCookies(line, sources.cookies))
    if (lines.every((line, index) => line === before[index])) return
    headers.set(
      'cookie',
      lines.filter((line) => line !== ''),
    )
  }
}

function withoutCookies(line: string, names: readonly string[]): string {
  const pairs = line.split(';')
  const kept = pairs.filter((pair) => !names.includes(cookieName(pair) ?? ''))
  return kept.length === pairs.length ? line : kept.join(';').trim()
}
