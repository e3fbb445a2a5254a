// Takes a request's head out of uWebSockets.js while its request object lives, and judges what that parser lets pass.
import type { ErrorCode } from '../../errors/codes.js'
import { RequestHeaders } from '../../util/header-list.js'
import type { EngineSettings } from '../settings.js'
import {
  contentLength,
  droppedNames,
  isHost,
  isMethod,
  isTarget,
  listsClose,
} from '../request-rules.js'
import { asksForWebSocket } from './handshake.js'
import type { UwsRequest } from './native.js'

/** One object for all requests, filled anew by `readHead`: whoever needs a field copies it before the next request. */
export interface RequestHead {
  method: string
  target: string
  host: string
  headers: RequestHeaders
  /** As in BodySource; 0 when the request is at fault, because its body must not be read then. */
  bodyLength: number
  fault: ErrorCode | null
  /** That is the fault, and so a body comes that is not wanted. */
  isTooLarge: boolean
  /** The client wants the connection closed. */
  wantsClose: boolean
  /** uWebSockets.js has noticed that by itself: it looks for a first Connection field of five characters. */
  closesByItself: boolean
}

export type HeadLimits = Pick<
  EngineSettings,
  | 'lineBytes'
  | 'lineBuffers'
  | 'headerLines'
  | 'maxBodyBytes'
  | 'ignoresInvalidHeaders'
  | 'takesUnderscores'
>

const head: RequestHead = {
  method: '',
  target: '',
  host: '',
  headers: new RequestHeaders(),
  bodyLength: 0,
  fault: null,
  isTooLarge: false,
  wantsClose: false,
  closesByItself: false,
}

// What `collect` notes while it runs over one request's header lines.
let names: string[] = []
let values: string[] = []
let hosts = 0
let lengths = 0
let lengthText = ''
let codings = 0
let coding = ''
let connections = 0
let authorizations = 0
let isDamaged = false
/** A name has other characters than letters, digits and `-`. */
let hasOddName = false
let hasUpgrade = false
/** Of all header lines together, and of the longest. */
let fieldChars = 0
let longestChars = 0

// What a line has besides: `METHOD `, ` HTTP/1.1` and CRLF; a colon, a space (as far as can be told) and CRLF.
const LINE_EXTRA = 12
const FIELD_EXTRA = 4
// Of UTF-8, for a UTF-16 unit.
const MOST_BYTES = 3

// HOT PATH: once a request; `collect` once a header line, a fixed function because a closure per request costs more.
/** @param hasKey the library has seen a Sec-WebSocket-Key that it can answer */
export function readHead(
  req: UwsRequest,
  limits: HeadLimits,
  hasKey: boolean,
): Readonly<RequestHead> {
  head.headers = new RequestHeaders()
  names = head.headers.names
  values = head.headers.values
  hosts = lengths = codings = connections = authorizations = fieldChars = longestChars = 0
  isDamaged = hasOddName = hasUpgrade = head.wantsClose = head.closesByItself = false
  head.host = ''
  // Trap 15: getMethod() would write lower case into the request itself.
  head.method = req.getCaseSensitiveMethod()
  const query = req.getQuery()
  const path = req.getUrl()
  // Trap 14: this is the target byte for byte, nothing of it is decoded or normalised.
  head.target = query === undefined ? path : `${path}?${query}`
  req.forEach(collect)
  head.fault = findLongLine(limits) ?? findFault(limits.maxBodyBytes)
  dropNames(limits)
  head.isTooLarge = head.fault === 'BODY_TOO_LARGE'
  head.bodyLength = head.fault !== null ? 0 : codings === 1 ? -1 : lengths === 1 ? length() : 0
  if (!hasKey) head.fault ??= findMissingKey()
  return head
}

function collect(name: string, value: string): void {
  names.push(name)
  values.push(value)
  const chars = name.length + value.length + FIELD_EXTRA
  fieldChars += chars
  if (chars > longestChars) longestChars = chars
  if (!hasOddName && !isPlain(name)) hasOddName = true
  // Bytes that are no UTF-8 come as U+FFFD: what they were is lost, so they cannot be passed on.
  if (value.includes('\ufffd')) isDamaged = true
  switch (name.length) {
    case 4:
      if (name === 'host') {
        hosts++
        head.host = value
      }
      break
    case 7:
      if (name === 'upgrade') hasUpgrade = true
      break
    case 10:
      if (name === 'connection') noteConnection(value)
      break
    case 13:
      if (name === 'authorization') authorizations++
      break
    case 14:
      if (name === 'content-length') {
        lengths++
        lengthText = value
      }
      break
    case 17:
      if (name === 'transfer-encoding') {
        codings++
        coding = value
      }
      break
  }
}

/** As a plain request it would be answered by a target that knows nothing of what the client waits for. */
function findMissingKey(): ErrorCode | null {
  const isMissing = hasUpgrade && head.method === 'GET' && asksForWebSocket(head)
  return isMissing ? 'WEBSOCKET_KEY' : null
}

const DASH = 0x2d
const FIRST_LETTER = 0x61
const LAST_LETTER = 0x7a
const FIRST_DIGIT = 0x30
const LAST_DIGIT = 0x39

/** Names are in lower case. A third of what the pattern costs. */
function isPlain(name: string): boolean {
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i)
    if (code >= FIRST_LETTER ? code <= LAST_LETTER : code === DASH) continue
    if (code < FIRST_DIGIT || code > LAST_DIGIT) return false
  }
  return true
}

function dropNames(rules: HeadLimits): void {
  if (!hasOddName) return
  const isDropped = droppedNames(rules)
  if (isDropped !== null) head.headers.removeWhere(isDropped)
}

function noteConnection(value: string): void {
  if (connections++ === 0 && value.length === 5) head.closesByItself = true
  if (value !== 'keep-alive' && listsClose(value)) head.wantsClose = true
}

/** As nginx: a request line, or a header line, has to fit into one buffer, and all header lines into all of them. */
function findLongLine({ lineBytes, lineBuffers, headerLines }: HeadLimits): ErrorCode | null {
  const lineChars = head.method.length + head.target.length + LINE_EXTRA
  // Most are so short that nobody needs to know how many bytes their characters had.
  if (lineChars * MOST_BYTES > lineBytes) {
    const bytes = head.method.length + Buffer.byteLength(head.target) + LINE_EXTRA
    if (bytes > lineBytes) return 'URI_TOO_LONG'
  }
  if (names.length > headerLines) return 'HEADERS_TOO_LARGE'
  const mostChars = Math.max(longestChars, fieldChars / lineBuffers)
  if (mostChars * MOST_BYTES <= lineBytes) return null
  let sum = 0
  for (let i = 0; i < names.length; i++) {
    const bytes = (names[i]?.length ?? 0) + Buffer.byteLength(values[i] ?? '') + FIELD_EXTRA
    if (bytes > lineBytes) return 'HEADERS_TOO_LARGE'
    sum += bytes
  }
  return sum > lineBytes * lineBuffers ? 'HEADERS_TOO_LARGE' : null
}

/**
 * Traps 10 and 11: all of this passes uWebSockets.js, and a target behind us might read it differently. Header
 * lines behind an empty name, and bytes above 0x7f at either end of a value, are lost before we see them: limits of
 * this engine.
 */
function findFault(maxBodyBytes: number): ErrorCode | null {
  if (isDamaged || hosts !== 1 || !isHost(head.host)) return 'BAD_REQUEST'
  // As nginx: which of two logins counts is not for a plugin and a target to disagree about.
  if (authorizations > 1) return 'BAD_REQUEST'
  if (codings > 0 && !isChunkedAlone()) return 'BAD_REQUEST'
  if (lengths > 1 || (lengths === 1 && length() < 0)) return 'BAD_REQUEST'
  if (!isMethod(head.method) || !isTarget(head.target)) return 'BAD_REQUEST'
  // nginx answers these before any routing (proxying.md), the methods first.
  if (head.method === 'TRACE' || head.method === 'CONNECT') return 'METHOD_NOT_ALLOWED'
  return maxBodyBytes > 0 && lengths === 1 && length() > maxBodyBytes ? 'BODY_TOO_LARGE' : null
}

// Not toLowerCase(): that makes a k of the Kelvin sign, U+212A.
const CHUNKED = /^chunked$/i

/** RFC 9112, 6.1 and 6.3: another coding, or both ways of framing at once, is how requests are smuggled. */
function isChunkedAlone(): boolean {
  return codings === 1 && lengths === 0 && CHUNKED.test(coding)
}

function length(): number {
  return contentLength(lengthText)
}
