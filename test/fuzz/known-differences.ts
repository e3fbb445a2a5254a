// Where our parser of requests and llhttp differ on purpose, with an example each. Whatever is not here is a failure of
// the fuzzing.
import { METHODS } from 'node:http'
import type { ErrorCode } from '../../src/errors/codes.js'

export interface RequestLine {
  readonly method: string
  readonly target: string
  /** The y of HTTP/1.y. */
  readonly minor: string
}

/** Where we take a request line that llhttp refuses. It is shown another one, and all else is compared as ever. */
export interface Difference {
  readonly name: string
  readonly reason: string
  readonly example: string
  /** The line for llhttp, or null when there is no difference. */
  rewrite(line: RequestLine): RequestLine | null
}

const KNOWN_METHODS = new Set(METHODS)
const HIGH_BYTES = /[\x80-\xff]/g

export const LOOSER: readonly Difference[] = [
  {
    name: 'method',
    reason: 'Kong serves every method of capitals, - and _; llhttp knows some',
    example: 'FOO / HTTP/1.1\r\nHost: a\r\n\r\n',
    rewrite: (line) => (KNOWN_METHODS.has(line.method) ? null : { ...line, method: 'POST' }),
  },
  {
    name: 'version',
    reason: 'Kong serves HTTP/1.2 to 1.9 like 1.1 (RFC 9110, 2.5)',
    example: 'GET / HTTP/1.2\r\nHost: a\r\n\r\n',
    rewrite: (line) => (line.minor <= '1' ? null : { ...line, minor: '1' }),
  },
  {
    name: 'target beyond ASCII',
    reason: 'Kong takes such bytes in a target',
    example: 'GET /\xe9 HTTP/1.1\r\nHost: a\r\n\r\n',
    rewrite: (line) => {
      const target = line.target.replace(HIGH_BYTES, 'x')
      return target === line.target ? null : { ...line, target }
    },
  },
]

/** What we read otherwise on purpose. `newerAgrees`: the llhttp of Node 22 reads it like us. */
export const OTHERWISE = {
  closesOld: {
    name: 'keep-alive and close in HTTP/1.0',
    reason: 'close wins, as in HTTP/1.1 (RFC 9112, 9.3); for llhttp it does not',
    example: 'GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive, close\r\n\r\n',
    newerAgrees: false,
  },
  tabs: {
    name: 'a tab in Connection',
    reason: 'a tab may stand around an option (RFC 9110, 5.6.1); llhttp takes it for a part of it',
    example: 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\t\r\n\r\n',
    newerAgrees: true,
  },
  trailers: {
    name: 'Connection in trailers',
    reason: 'trailers are dropped; llhttp lets them close the connection',
    example:
      'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n' +
      '0\r\nConnection: close\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n',
    newerAgrees: false,
  },
} as const

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
    words: /^the request line is not one of HTTP\/1\.x$/,
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
    words: /^the target is none$/,
    reason: 'llhttp takes escapes that are none, paths that leave the root, and fragments',
    example: 'GET /%0g HTTP/1.1\r\nHost: a\r\n\r\n',
  },
  {
    fault: 'BAD_REQUEST',
    words: /^the target is neither a path nor absolute$/,
    reason: 'Kong has no use for another form; llhttp takes *, and any scheme and authority',
    example: 'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n',
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
    words: /^a tab is in (content-length|transfer-encoding)$/,
    reason: 'for some it belongs to the value (nginx), for llhttp only behind it',
    example: `${HEAD}Content-Length:\t3\r\n\r\nabc`,
  },
  {
    fault: 'BAD_REQUEST',
    words: /^Transfer-Encoding is not chunked, or not alone$/,
    reason: 'llhttp takes other codings before it',
    example: `${HEAD}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`,
  },
  {
    fault: 'BAD_REQUEST',
    words: /^Transfer-Encoding is not chunked, or not alone$/,
    reason: 'in HTTP/1.0 its framing counts as broken (RFC 9112, 6.1)',
    example: 'POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
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
