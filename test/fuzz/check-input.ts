// One input of the fuzzing: what must not be, and the table of where we alone refuse.
import type { ErrorCode } from '../../src/errors/codes.js'
import { compare, type Comparison } from './compare-requests.js'
import type { Input } from './request-inputs.js'

export interface Stricter {
  readonly fault: ErrorCode
  /** Our words. */
  readonly words: RegExp
  readonly reason: string
  /** A request that shows it, within SMALL_LIMITS. */
  readonly example: string
  /** The llhttp of Node 22 refuses the example as well. */
  readonly newerAgrees?: boolean
}

const HEAD = 'POST / HTTP/1.1\r\nHost: a\r\n'
const CHUNKS = `${HEAD}Transfer-Encoding: chunked\r\n\r\n`
const TO_USER = 'llhttp leaves limits to who uses it'

/** Where we refuse what llhttp takes. */
export const STRICTER: readonly Stricter[] = [
  {
    fault: 'BAD_REQUEST',
    words: /^a carriage return stands alone$/,
    reason: 'empty lines before a request end in CRLF (RFC 9112, 2.2)',
    example: `\r\r\n${HEAD}\r\n`,
  },
  {
    fault: 'BAD_REQUEST',
    words: /^the request line is /,
    reason: 'llhttp takes HTTP/0.9, with a version and without, and several spaces',
    example: 'GET / HTTP/0.9\r\nHost: a\r\n\r\n',
  },
  {
    fault: 'VERSION_NOT_SUPPORTED',
    words: /^the request line is not one of HTTP\/1\.x$/,
    reason: 'llhttp takes HTTP/2.0 there',
    example: 'GET / HTTP/2.0\r\nHost: a\r\n\r\n',
  },
  {
    fault: 'BAD_REQUEST',
    words: /^method or target are none$/,
    reason: 'llhttp takes escapes that are none, paths that leave the root, and fragments',
    example: 'GET /%0g HTTP/1.1\r\nHost: a\r\n\r\n',
  },
  {
    fault: 'METHOD_NOT_ALLOWED',
    words: /^the method is (TRACE|CONNECT)$/,
    reason: 'Kong does not serve them',
    example: 'TRACE / HTTP/1.1\r\nHost: a\r\n\r\n',
  },
  {
    fault: 'BAD_REQUEST',
    words: /^there is no Host$/,
    reason: 'every request of HTTP/1.1 has one (RFC 9112, 3.2)',
    example: 'GET / HTTP/1.1\r\n\r\n',
  },
  {
    fault: 'BAD_REQUEST',
    words: /^Host is not one host$/,
    reason: 'nobody else may take another host from it (RFC 9112, 3.2)',
    example: `${HEAD}Host: b\r\n\r\n`,
  },
  {
    fault: 'BAD_REQUEST',
    words: /^Content-Length is not one number$/,
    reason: 'llhttp counts to 2^64; our numbers are exact to 2^53',
    example: `${HEAD}Content-Length: 0000000000000003\r\n\r\nabc`,
  },
  {
    fault: 'BAD_REQUEST',
    words: /^Transfer-Encoding is not chunked, or not alone$/,
    reason: 'llhttp takes other codings before it, and all of them in HTTP/1.0',
    example: `${HEAD}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`,
  },
  {
    fault: 'BAD_REQUEST',
    words: /^a chunk size is not a number$/,
    reason: 'llhttp takes any number of zeros, and extensions without name or value',
    example: `${CHUNKS}0;a=\r\n\r\n`,
  },
  {
    fault: 'BAD_REQUEST',
    words: /^framing is in the trailers$/,
    reason: 'llhttp of Node 20 takes an empty coding there',
    example: `${CHUNKS}0\r\nTransfer-Encoding:\r\n\r\n`,
    newerAgrees: true,
  },
  {
    fault: 'URI_TOO_LONG',
    words: /^the request line is too long$/,
    reason: TO_USER,
    example: `GET /${'a'.repeat(160)} HTTP/1.1\r\nHost: a\r\n\r\n`,
  },
  {
    fault: 'HEADERS_TOO_LARGE',
    words: /^(a header line is too long|the head is too large|there are too many lines)$/,
    reason: TO_USER,
    example: `${HEAD}${'A: b\r\n'.repeat(32)}\r\n`,
  },
  {
    fault: 'BODY_TOO_LARGE',
    words: /^the body (has \d+ bytes|is too large)$/,
    reason: TO_USER,
    example: `${HEAD}Content-Length: 49\r\n\r\n`,
  },
  {
    fault: 'BAD_REQUEST',
    words: /^(the line of a chunk size is too long|in the trailers .* too (large|many lines))$/,
    reason: TO_USER,
    example: `${CHUNKS}1;${'a'.repeat(5000)}\r\na\r\n0\r\n\r\n`,
  },
]

/** Compares, and asks whether what comes out is known. */
export function checkInput({ text, cuts, limits, isValid }: Input): Comparison {
  const comparison = compare(text, cuts, limits)
  const { failure, reading } = comparison
  if (failure !== '') return comparison
  if (isValid && reading.fault !== null) {
    return { ...comparison, failure: `a valid request is refused: ${reading.reason}` }
  }
  if (isOursAlone(comparison) && !isKnown(comparison)) {
    return { ...comparison, failure: `we alone refuse it: ${reading.fault} ${reading.reason}` }
  }
  return comparison
}

/** We have refused what llhttp takes, or where it waits for more. */
export function isOursAlone({ reading, judgement }: Comparison): boolean {
  if (reading.fault === null) return false
  const complete = reading.requests.filter(({ end }) => end >= 0).length
  return judgement.error === '' || (judgement.requests[complete]?.end ?? -1) >= 0
}

function isKnown({ reading: { fault, reason } }: Comparison): boolean {
  return STRICTER.some((known) => known.fault === fault && known.words.test(reason))
}
