// Reads one request after the other from the bytes of a connection: line, header fields, body by its framing. Strict
// where two parsers could differ (RFC 9112, 2.2, 6.3 and 11): what is not clear is refused. No sockets here.
import { isUtf8 } from 'node:buffer'
import type { ErrorCode } from '../../errors/codes.js'
import type { HttpVersion } from '../../model/exchange.js'
import { RequestHeaders } from '../../util/header-list.js'
import { ChunkedDecoder } from '../../util/http1/chunked-decoder.js'
import { trimmed } from '../../util/http1/fields.js'
import { HeadScanner } from '../../util/http1/head-scanner.js'
import type { EngineSettings } from '../settings.js'
import { contentLength, isHost, isTarget, listsClose } from '../request-rules.js'
import { isAscii } from '../response-text.js'
import { readAbsolute, RequestLineScanner } from './request-line.js'

export type ParserLimits = Pick<
  EngineSettings,
  'lineBytes' | 'lineBuffers' | 'headerLines' | 'maxBodyBytes'
>

// Stages of a request.
const LINE = 0
const FIELDS = 1
const LENGTH_BODY = 2
const CHUNKED_BODY = 3
const COMPLETE = 4
const REFUSED = 5

const CR = 13
const LF = 10
const SLASH = 47

/** Bytes and lines of the trailers, which are checked and dropped. */
const TRAILER_LIMITS = { headBytes: 8192, headLines: 100 }

const LISTS_KEEP_ALIVE = /(?:^|,)[ \t]*keep-alive[ \t]*(?:,|$)/i
const HIGH_BYTES = /[\x80-\xff]/g
export class RequestParser {
  method = ''
  /** The origin form, whatever form came. */
  target = ''
  host = ''
  headers = new RequestHeaders()
  httpVersion: HttpVersion = '1.1'
  encoding: 'utf8' | 'latin1' = 'utf8'
  /** As in BodySource. */
  bodyLength = 0
  keepsAlive = false
  /** The client may wait for `100 Continue` before it sends the body. */
  expectsContinue = false
  /** What is wrong with the request, once something is; nothing behind it is read. */
  fault: ErrorCode | null = null
  /** The same in words, for the log. */
  reason = ''
  /** Where the last piece of the (decoded) body is in the buffer that `execute` got. */
  bodyStart = 0
  bodyEnd = 0
  /** Position in that buffer behind what belongs to this request. */
  consumed = 0

  readonly #limits: ParserLimits
  readonly #line: RequestLineScanner
  readonly #scanner: HeadScanner
  readonly #chunked = new ChunkedDecoder(TRAILER_LIMITS)
  #stage = LINE
  /** What earlier reads had of the head. */
  #text = ''
  /** Half an empty line has come before the request. */
  #hasCr = false
  /** Bytes of the body that are to come, or of a chunked one that may still come. */
  #left = 0

  #lastHost = ''

  // What the fields say of framing.
  #hosts = 0
  #lengths = 0
  #lengthText = ''
  #codings = 0
  #coding = ''
  #connection = ''

  constructor(limits: ParserLimits) {
    this.#limits = limits
    this.#line = new RequestLineScanner(limits.lineBytes)
    this.#scanner = new HeadScanner({
      headBytes: limits.lineBytes * limits.lineBuffers,
      headLines: limits.headerLines,
    })
  }

  /** Nothing of a request has come yet. */
  get isFresh(): boolean {
    return this.#stage === LINE && this.#line.seen === 0
  }

  /** Line and fields have been read and are in order. */
  get hasHead(): boolean {
    return this.#stage >= LENGTH_BODY && this.#stage !== REFUSED
  }

  get isComplete(): boolean {
    return this.#stage === COMPLETE
  }

  /** Bytes of the body that are still to come; Infinity while only the end will tell. */
  get remaining(): number {
    if (this.#stage === LENGTH_BODY) return this.#left
    return this.#stage === COMPLETE ? 0 : Infinity
  }

  /** Expects a new request. */
  begin(): void {
    this.#stage = LINE
    this.#line.begin()
    this.#text = ''
    this.#hasCr = false
    this.method = this.target = this.host = ''
    this.headers = new RequestHeaders()
    this.httpVersion = '1.1'
    this.encoding = 'utf8'
    this.bodyLength = 0
    this.keepsAlive = this.expectsContinue = false
    this.fault = null
    this.reason = ''
    this.#hosts = this.#lengths = this.#codings = 0
    this.#connection = ''
  }

  /** Takes a read, wherever it is cut. May move bytes within the buffer. */
  // HOT PATH
  execute(buffer: Buffer, from: number, to: number): void {
    let at = from
    if (this.#stage <= FIELDS) at = this.#readHead(buffer, at, to)
    this.bodyStart = this.bodyEnd = this.consumed = at
    if (this.#stage === LENGTH_BODY) this.#readLength(at, to)
    else if (this.#stage === CHUNKED_BODY) this.#readChunks(buffer, at, to)
  }

  // HOT PATH
  #readHead(buffer: Buffer, from: number, to: number): number {
    let at = from
    if (this.#stage === LINE) {
      // RFC 9112, 2.2: empty lines may stand before a request, for the sake of old clients.
      at = this.#skipEmptyLines(buffer, from, to)
      if (at < 0 || at === to) return to
    }
    const start = at
    if (this.#stage === LINE) {
      at = this.#line.scan(buffer, start, to)
      if (at < 0) return this.#awaitMore(buffer, start, to, this.#line.fault)
      this.#stage = FIELDS
      this.#scanner.beginFields()
      if (at === to) return this.#awaitMore(buffer, start, to, null)
    }
    const scanner = this.#scanner
    const end = scanner.scan(buffer, at, to)
    if (end < 0) {
      const fault = scanner.isTooLarge ? 'HEADERS_TOO_LARGE' : 'BAD_REQUEST'
      return this.#awaitMore(buffer, start, to, scanner.fault === '' ? null : fault)
    }
    const text = buffer.toString('latin1', start, end)
    this.#takeHead(this.#text === '' ? text : this.#text + text)
    this.#text = ''
    return end
  }

  /** The head is not complete; nor will it be if there is a fault. */
  #awaitMore(buffer: Buffer, from: number, to: number, fault: ErrorCode | null): number {
    if (fault === null) this.#text += buffer.toString('latin1', from, to)
    else {
      const isLine = this.#stage === LINE
      this.#refuse(fault, isLine ? 'the request line is not one of HTTP/1.x' : this.#scanner.fault)
      if (!isLine) this.#takeWhatIsThere(this.#text + buffer.toString('latin1', from, to))
    }
    return to
  }

  /** Takes CRLFs, whose CR may have come with an earlier read. @returns the position behind them, or -1 for a fault */
  #skipEmptyLines(buffer: Buffer, from: number, to: number): number {
    let at = from
    if (this.#line.seen > 0) return at
    while (at < to && (this.#hasCr || buffer[at] === CR)) {
      if (!this.#hasCr) at++
      this.#hasCr = at === to
      if (this.#hasCr) break
      if (buffer[at] !== LF) {
        this.#refuse('BAD_REQUEST', 'a carriage return stands alone')
        return -1
      }
      at++
    }
    return at
  }

  /** A fault in the fields: the answer to it depends on those before, such as Accept. */
  #takeWhatIsThere(text: string): void {
    this.#takeLine(text)
    // The last of the lines may run into the fault.
    this.#collect(text, this.#scanner.lines - 1)
  }

  // HOT PATH
  #takeHead(text: string): void {
    this.#takeLine(text)
    this.#collect(text, this.#scanner.lines)
    if (this.#stage !== REFUSED) this.#judge(text)
  }

  // HOT PATH
  #takeLine(text: string): void {
    const { methodEnd, targetEnd, version } = this.#line
    this.method = text.slice(0, methodEnd)
    this.httpVersion = version
    this.target = text.slice(methodEnd + 1, targetEnd)
    if (this.target.charCodeAt(0) === SLASH) return
    const absolute = readAbsolute(this.target)
    if (absolute === null) this.#refuse('BAD_REQUEST', 'the target is neither a path nor absolute')
    else {
      this.host = absolute.host
      this.target = absolute.target
    }
  }

  // HOT PATH
  #collect(text: string, count: number): void {
    const { starts, colons, lines } = this.#scanner
    const { names, values } = this.headers
    const { lineBytes } = this.#limits
    // The scanner counts from the first field on.
    const fields = this.#line.length
    let start = fields
    for (let i = 0; i < count; i++) {
      const colon = fields + (colons[i] ?? 0)
      const next = i + 1 < lines ? fields + (starts[i + 1] ?? 0) : text.length - 2
      if (next - start > lineBytes) {
        this.#refuse('HEADERS_TOO_LARGE', 'a header line is too long')
        return
      }
      const name = text.slice(start, colon).toLowerCase()
      const value = trimmed(text, colon + 1, next - 2)
      names.push(name)
      values.push(value)
      this.#note(name, value)
      // A tab is white space (RFC 9110, 5.6.3), but not to every parser.
      if (this.#isFraming(name) && text.slice(colon, next).includes('\t')) {
        this.#refuse('BAD_REQUEST', `a tab is in ${name}`)
      }
      start = next
    }
  }

  #note(name: string, value: string): void {
    switch (name.length) {
      case 4:
        if (name !== 'host') return
        // RFC 9112, 3.2.2: what an absolute target names counts, and not the field.
        if (this.#hosts++ > 0 || !this.#isHost(value)) {
          this.#refuse('BAD_REQUEST', 'Host is not one host')
        } else if (this.host === '') this.host = value
        else this.headers.values[this.headers.values.length - 1] = this.host
        return
      case 6:
        if (name === 'expect' && value.toLowerCase() === '100-continue') this.expectsContinue = true
        return
      case 10:
        if (name !== 'connection') return
        this.#connection = this.#connection === '' ? value : `${this.#connection},${value}`
        return
      case 14:
        if (name !== 'content-length') return
        this.#lengths++
        this.#lengthText = value
        return
      case 17:
        if (name !== 'transfer-encoding') return
        this.#codings++
        this.#coding = value
        return
      default:
    }
  }

  #isFraming(name: string): boolean {
    return (
      (name.length === 14 && name === 'content-length') ||
      (name.length === 17 && name === 'transfer-encoding')
    )
  }

  /** Clients ask for the same few hosts: comparing costs a fifth of the pattern. */
  #isHost(value: string): boolean {
    if (value === this.#lastHost) return true
    if (!isHost(value)) return false
    this.#lastHost = value
    return true
  }

  // HOT PATH
  #judge(text: string): void {
    const isOld = this.httpVersion === '1.0'
    if (this.#hosts === 0 && !isOld) {
      this.#refuse('BAD_REQUEST', 'there is no Host')
      return
    }
    if (!isAscii(text)) this.#decode()
    if (!isTarget(this.target)) {
      this.#refuse('BAD_REQUEST', 'the target is none')
      return
    }
    if (this.method === 'TRACE' || this.method === 'CONNECT') {
      this.#refuse('METHOD_NOT_ALLOWED', `the method is ${this.method}`)
      return
    }
    const connection = this.#connection
    this.keepsAlive = isOld
      ? connection !== '' && LISTS_KEEP_ALIVE.test(connection) && !listsClose(connection)
      : connection === '' || !listsClose(connection)
    if (this.#codings === 0 && this.#lengths === 0) {
      this.#stage = COMPLETE
      this.expectsContinue = false
    } else this.#chooseFraming(isOld)
  }

  /** RFC 9112, 6.1 and 6.3: another coding, or both ways of framing at once, is how requests are smuggled. */
  #chooseFraming(isOld: boolean): void {
    if (isOld) this.expectsContinue = false
    if (this.#codings > 0) {
      if (this.#codings > 1 || this.#lengths > 0 || isOld || !isChunked(this.#coding)) {
        this.#refuse('BAD_REQUEST', 'Transfer-Encoding is not chunked, or not alone')
        return
      }
      this.bodyLength = -1
      this.#left = this.#limits.maxBodyBytes === 0 ? Infinity : this.#limits.maxBodyBytes
      this.#chunked.begin()
      this.#stage = CHUNKED_BODY
      return
    }
    const length = this.#lengths > 1 ? -1 : contentLength(this.#lengthText)
    if (length < 0) {
      this.#refuse('BAD_REQUEST', 'Content-Length is not one number')
      return
    }
    this.#setLength(length)
  }

  #setLength(length: number): void {
    const { maxBodyBytes } = this.#limits
    if (maxBodyBytes > 0 && length > maxBodyBytes) {
      this.#refuse('BODY_TOO_LARGE', `the body has ${length} bytes`)
      return
    }
    this.bodyLength = this.#left = length
    if (length === 0) this.expectsContinue = false
    this.#stage = length === 0 ? COMPLETE : LENGTH_BODY
  }

  /**
   * Text beyond ASCII is UTF-8 when all of it can be. Else each byte stands for itself, and those in the path become
   * escapes, as nginx sends them on.
   */
  #decode(): void {
    const { values } = this.headers
    const bytes = Buffer.from([this.target, ...values].join('\n'), 'latin1')
    if (isUtf8(bytes)) {
      const [target = '', ...decoded] = bytes.toString('utf8').split('\n')
      this.target = target
      values.splice(0, values.length, ...decoded)
      return
    }
    this.encoding = 'latin1'
    const query = this.target.indexOf('?')
    const path = query < 0 ? this.target : this.target.slice(0, query)
    this.target = path.replace(HIGH_BYTES, escapeByte) + this.target.slice(path.length)
  }

  // HOT PATH
  #readLength(at: number, to: number): void {
    const bytes = to - at < this.#left ? to - at : this.#left
    this.bodyEnd = this.consumed = at + bytes
    this.#left -= bytes
    if (this.#left === 0) this.#stage = COMPLETE
  }

  // HOT PATH
  #readChunks(buffer: Buffer, at: number, to: number): void {
    const chunked = this.#chunked
    this.consumed = chunked.decode(buffer, at, to)
    this.bodyStart = chunked.bodyStart
    this.bodyEnd = chunked.bodyEnd
    this.#left -= this.bodyEnd - this.bodyStart
    if (this.#left < 0) this.#refuse('BODY_TOO_LARGE', 'the body is too large')
    else if (chunked.fault !== '') this.#refuse('BAD_REQUEST', chunked.fault)
    else if (chunked.isComplete) this.#stage = COMPLETE
  }

  /** The rest has not come in time. */
  giveUp(): void {
    this.#refuse('REQUEST_TIMEOUT', 'the head has not come in time')
  }

  #refuse(fault: ErrorCode, reason: string): void {
    this.#stage = REFUSED
    this.fault ??= fault
    if (this.reason === '') this.reason = reason
    this.bodyEnd = this.bodyStart
    this.bodyLength = 0
    this.keepsAlive = this.expectsContinue = false
  }
}

function isChunked(coding: string): boolean {
  return coding.length === 7 && coding.toLowerCase() === 'chunked'
}

function escapeByte(byte: string): string {
  return `%${byte.charCodeAt(0).toString(16).toUpperCase()}`
}
