// What a request line and a Host must look like for the gateway to serve them: what two parsers could read
// differently is refused here, before anybody decides on it. Both engines ask the same questions.
import type { EngineSettings } from './settings.js'

// nginx takes capitals, - and _ alone; Kong therefore answers 400 to `get`.
const METHOD = /^[A-Z_-]+$/

// Names, IPv4 and what else RFC 3986 has for a host, without % (an encoded host) and the comma (two hosts in one
// line); or an IP literal. A port may be empty (RFC 3986, 3.2.3).
const HOST = /^(?:[A-Za-z0-9_~!$&'()*+;=.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{0,5})?$/

// A fragment has no place in a request; U+FFFD stands for bytes that were no UTF-8.
const BAD_IN_TARGET = /[\0-\x20#\x7f\ufffd]/
const NEEDS_A_LOOK = /%|\/\.\./
const BAD_ESCAPE = /%(?:00|(?![0-9A-Fa-f]{2}))/

// HOT PATH: each of these runs once a request.

export function isMethod(method: string): boolean {
  return METHOD.test(method)
}

export function isHost(host: string): boolean {
  return HOST.test(host) && !host.includes('..') && host !== '.'
}

/**
 * Whether a target is an origin form that can be routed. Escapes are checked in the path alone: nobody decodes the
 * query on the way, and Kong lets `?discount=100%` pass.
 */
export function isTarget(target: string): boolean {
  if (BAD_IN_TARGET.test(target) || target.charCodeAt(0) !== 0x2f) return false
  if (!NEEDS_A_LOOK.test(target)) return true
  const query = target.indexOf('?')
  const path = query < 0 ? target : target.slice(0, query)
  return !BAD_ESCAPE.test(path) && !climbsAboveRoot(path)
}

/** Whether `..` leads out of the root, escapes of dots and slashes counted; nginx answers 400 to that. */
function climbsAboveRoot(path: string): boolean {
  const plain = path.replace(/%2e/gi, '.').replace(/%2f/gi, '/')
  let depth = 0
  for (const segment of plain.split('/').slice(1)) {
    if (segment === '..') depth--
    else if (segment !== '.') depth++
    if (depth < 0) return true
  }
  return false
}

// RFC 9112, 6.2: digits; up to 15 of them stay exact numbers.
const LENGTH = /^\d{1,15}$/

/** The number of a Content-Length, or -1 when it is none. */
export function contentLength(text: string): number {
  return LENGTH.test(text) ? Number(text) : -1
}

const CLOSE = /(?:^|,)[ \t]*close[ \t]*(?:,|$)/i

/** Whether a Connection field lists `close`. */
export function listsClose(connection: string): boolean {
  return CLOSE.test(connection)
}

/** What nginx takes for an invalid name, and lets pass or not, is a token all the same (RFC 9110, 5.6.2). */
export type NameRules = Pick<EngineSettings, 'ignoresInvalidHeaders' | 'takesUnderscores'>

const ODD = /[^A-Za-z0-9-]/
const ODD_BUT_UNDERSCORE = /[^A-Za-z0-9_-]/

/** Which names are to be dropped with their lines; null for none. */
export function droppedNames({
  ignoresInvalidHeaders,
  takesUnderscores,
}: NameRules): ((name: string) => boolean) | null {
  if (!ignoresInvalidHeaders) return null
  const odd = takesUnderscores ? ODD_BUT_UNDERSCORE : ODD
  return (name) => odd.test(name)
}
