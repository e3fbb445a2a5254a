// Paths as the router compares them (normalised) and as they go to the target (escaped).
import { isUtf8 } from 'node:buffer'

const NEEDS_WORK = /%|\/\/|\/\.\.?(?:\/|$)/
const UNTIDY = /\/\/|\/\.\.?(?:\/|$)/
const TRIPLETS = /(?:%[0-9A-Fa-f]{2})+/g

/** RFC 3986, 2.2, and the percent sign itself: decoding one of these would change what the path means. */
const RESERVED = new Set(Buffer.from("!*'();:@&=+$,/?%#[]"))

const UNSAFE = /[^!#$&'()*+,/:;=?@[\]A-Za-z0-9\-_.~%]+/g
const HAS_UNSAFE = new RegExp(UNSAFE.source)

/**
 * A request path as Kong's router sees it: triplets of all but reserved characters decoded, dot segments removed,
 * runs of slashes merged.
 *
 * The result is text. Triplets that together are valid UTF-8 become the character; a byte that is not part of valid
 * UTF-8 stays a triplet in upper case, which nothing else can be mistaken for, as `%25` is never decoded.
 *
 * @param raw the request target up to its query
 */
// HOT PATH: most paths leave at the first line, as the string they came as.
export function normalizePath(raw: string): string {
  if (!NEEDS_WORK.test(raw)) return raw
  const decoded = raw.includes('%') ? raw.replace(TRIPLETS, decodeTriplets) : raw
  // Anything else than an absolute path is the `*` of OPTIONS.
  return decoded.startsWith('/') && UNTIDY.test(decoded) ? tidySegments(decoded) : decoded
}

/** The path as it may stand in a request line. Triplets stay as they are: the percent sign is never escaped. */
// HOT PATH
export function escapePath(path: string): string {
  return HAS_UNSAFE.test(path) ? path.replace(UNSAFE, escapeBytes) : path
}

/** @param triplets `%41%42...`, nothing else */
function decodeTriplets(triplets: string): string {
  const bytes = Buffer.from(triplets.replaceAll('%', ''), 'hex')
  let out = ''
  for (let at = 0; at < bytes.length;) {
    const length = characterLength(bytes, at)
    if (length === 0 || RESERVED.has(bytes[at] ?? 0)) {
      out += triplets.slice(at * 3, at * 3 + 3).toUpperCase()
      at++
    } else {
      out += bytes.toString('utf8', at, at + length)
      at += length
    }
  }
  return out
}

/** How many bytes the UTF-8 character at that place takes; 0 where none begins or it is incomplete. */
function characterLength(bytes: Buffer, at: number): number {
  const lead = bytes[at] ?? 0
  if (lead < 0x80) return 1
  // RFC 3629: C2..DF lead two bytes, E0..EF three, F0..F4 four.
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
  return isUtf8(bytes.subarray(at, at + length)) ? length : 0
}

/** @param path absolute, with dot segments (RFC 3986, 5.2.4) or runs of slashes */
function tidySegments(path: string): string {
  const segments = path.split('/')
  const last = segments.length - 1
  const kept: string[] = []
  for (let i = 1; i <= last; i++) {
    const segment = segments[i] ?? ''
    if (segment === '..') kept.pop()
    const isName = segment !== '' && segment !== '.' && segment !== '..'
    if (isName) kept.push(segment)
    else if (i === last) kept.push('')
  }
  return `/${kept.join('/')}`
}

function escapeBytes(text: string): string {
  let out = ''
  for (const byte of Buffer.from(text, 'utf8')) {
    out += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }
  return out
}
