// The request line (RFC 9112, 3): method, target in any of its forms, version.
import type { ErrorCode } from '../../errors/codes.js'
import type { HttpVersion } from '../../model/exchange.js'
import { isHost } from '../request-rules.js'

/** One object for all requests, filled anew by `readRequestLine`. */
export interface RequestLine {
  method: string
  /** The origin form; of the absolute form what stands behind the authority. */
  target: string
  /** The authority of an absolute form, else empty. */
  host: string
  version: HttpVersion
}

// One space each, as the grammar has it; no control characters. Which bytes a method or a target may have beyond that
// is for request-rules.ts.
const LINE = /^([^\0-\x20\x7f]+) ([^\0-\x20\x7f]+) HTTP\/([1-9])\.([0-9])\r\n$/

const ABSOLUTE = /^https?:\/\/([^/?]*)(.*)$/i

const line: RequestLine = { method: '', target: '', host: '', version: '1.1' }

/**
 * HOT PATH.
 * @param text the line with its CRLF, one character per byte
 * @returns what is wrong with it, when something is
 */
export function readRequestLine(text: string): Readonly<RequestLine> | ErrorCode {
  const match = LINE.exec(text)
  if (match === null) return 'BAD_REQUEST'
  const [, method = '', target = '', major, minor] = match
  if (major !== '1') return 'VERSION_NOT_SUPPORTED'
  line.version = minor === '1' ? '1.1' : minor === '0' ? '1.0' : '1.x'
  line.method = method
  line.target = target
  line.host = ''
  return target.startsWith('/') ? line : readAbsolute(target)
}

/**
 * Kong takes the path of an absolute form and its authority for Host. Other forms are for methods that are not served:
 * `*` for OPTIONS gets a 400 there, the authority form goes with CONNECT.
 */
function readAbsolute(target: string): RequestLine | ErrorCode {
  const match = ABSOLUTE.exec(target)
  if (match === null) return 'BAD_REQUEST'
  const [, authority = '', rest = ''] = match
  if (!isHost(authority)) return 'BAD_REQUEST'
  line.host = authority
  line.target = rest.startsWith('/') ? rest : `/${rest}`
  return line
}
