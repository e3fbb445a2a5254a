// Reads one request after the other from the bytes of a connection, wherever the reads are cut: empty lines, request
// line, fields, body by its framing (RFC 9112). No sockets here.
import type { ErrorCode } from '../../errors/codes.js'
import { ChunkedDecoder } from '../../util/http1/chunked-decoder.js'
import { HeadScanner } from '../../util/http1/head-scanner.js'
import type { EngineSettings } from '../settings.js'
import { RequestHead } from './request-head.js'
import { RequestLineScanner } from './request-line.js'

export type ParserLimits = Pick<
  EngineSettings,
  | 'lineBytes'
  | 'lineBuffers'
  | 'headerLines'
  | 'maxBodyBytes'
  | 'ignoresInvalidHeaders'
  | 'takesUnderscores'
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

/** Bytes and lines of the trailers, which are checked and dropped. */
const TRAILER_LIMITS = { headBytes: 8192, headLines: 100 }

export class RequestParser extends RequestHead {
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

  constructor(limits: ParserLimits) {
    super(limits)
    this.#limits = limits
    this.#line = new RequestLineScanner(limits.lineBytes)
    this.#scanner = new HeadScanner({
      headBytes: limits.lineBytes * limits.lineBuffers,
      headLines: limits.headerLines,
    })
  }

  /** Nothing of a request has come yet; empty lines do not count. */
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
    this.beginHead()
    this.#line.begin()
    this.#stage = LINE
    this.#text = ''
    this.#hasCr = false
  }

  /** The rest has not come in time. */
  giveUp(): void {
    this.refuse('REQUEST_TIMEOUT', 'the head has not come in time')
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

  protected override refuse(fault: ErrorCode, reason: string): void {
    super.refuse(fault, reason)
    this.#stage = REFUSED
    this.bodyEnd = this.bodyStart
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
      if (at < 0) {
        const { fault } = this.#line
        if (fault === null) return this.#keep(buffer, start, to)
        this.refuse(fault, fault === 'URI_TOO_LONG' ? TOO_LONG : NO_LINE)
        return to
      }
      this.#stage = FIELDS
      this.#scanner.beginFields()
      if (at === to) return this.#keep(buffer, start, to)
    }
    const scanner = this.#scanner
    const end = scanner.scan(buffer, at, to)
    if (end < 0 && scanner.fault === '') return this.#keep(buffer, start, to)
    const text = this.#text + buffer.toString('latin1', start, end < 0 ? to : end)
    this.#text = ''
    const { lineBytes } = this.#limits
    if (end < 0) {
      this.refuse(scanner.isTooLarge ? 'HEADERS_TOO_LARGE' : 'BAD_REQUEST', scanner.fault)
      this.takePart(text, this.#line, scanner, lineBytes)
      return to
    }
    this.takeHead(text, this.#line, scanner, lineBytes)
    if (this.fault === null) this.#beginBody()
    return end
  }

  /** More of the head has to come. */
  #keep(buffer: Buffer, from: number, to: number): number {
    this.#text += buffer.toString('latin1', from, to)
    return to
  }

  /**
   * Takes CRLFs, whose CR may have come with an earlier read.
   * @returns the position behind them, or -1 for a fault
   */
  #skipEmptyLines(buffer: Buffer, from: number, to: number): number {
    let at = from
    if (this.#line.seen > 0) return at
    while (at < to && (this.#hasCr || buffer[at] === CR)) {
      if (!this.#hasCr) at++
      this.#hasCr = at === to
      if (this.#hasCr) break
      if (buffer[at] !== LF) {
        this.refuse('BAD_REQUEST', 'a carriage return stands alone')
        return -1
      }
      at++
    }
    return at
  }

  #beginBody(): void {
    const { bodyLength } = this
    const { maxBodyBytes } = this.#limits
    if (bodyLength === 0) {
      this.#stage = COMPLETE
    } else if (bodyLength < 0) {
      this.#left = maxBodyBytes === 0 ? Infinity : maxBodyBytes
      this.#chunked.begin()
      this.#stage = CHUNKED_BODY
    } else if (maxBodyBytes > 0 && bodyLength > maxBodyBytes) {
      this.refuse('BODY_TOO_LARGE', `the body has ${bodyLength} bytes`)
    } else {
      this.#left = bodyLength
      this.#stage = LENGTH_BODY
    }
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
    if (this.#left < 0) this.refuse('BODY_TOO_LARGE', 'the body is too large')
    else if (chunked.fault !== '') this.refuse('BAD_REQUEST', chunked.fault)
    else if (chunked.isComplete) this.#stage = COMPLETE
  }
}

const TOO_LONG = 'the request line is too long'
const NO_LINE = 'the request line is not one of HTTP/1.x'
