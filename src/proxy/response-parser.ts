// Reads one answer after the other from the bytes of a connection: interim answers, head, body by its framing. Strict
// where two parsers could differ (RFC 9112, 6.3 and 11): what is not clear is refused. No sockets here.
import { ResponseHead } from '../model/response-head.js'
import { ChunkedDecoder } from '../util/http1/chunked-decoder.js'
import { HeadFields } from './head-fields.js'
import { HeadScanner, type HeadLimits } from '../util/http1/head-scanner.js'

export const HEAD_LIMITS: HeadLimits = { headBytes: 65_536, headLines: 200 }

// Stages of an answer.
const HEAD = 0
const LENGTH_BODY = 1
const CHUNKED_BODY = 2
const CLOSE_BODY = 3
const COMPLETE = 4

export class ResponseParser {
  /** The final head, when the last read completed it; else null. */
  head: ResponseHead | null = null
  /** Bytes of the body, -1 when unknown; for HEAD what GET would have. */
  length = -1
  /** Where in the last read its part of the body is. */
  bodyStart = 0
  bodyEnd = 0
  /** How much of the last read belongs to this answer. */
  consumed = 0
  /** What is wrong with the answer; empty while nothing is. */
  fault = ''
  /** The answer lets the connection serve another one. */
  isReusable = false
  /** The answer is the last: behind it, from `consumed` on, begins another protocol. */
  hasSwitched = false
  readonly #scanner: HeadScanner
  readonly #fields = new HeadFields()
  readonly #chunked: ChunkedDecoder
  #stage = HEAD
  #isHeadRequest = false
  #maySwitch = false
  /** The part of the head that came with earlier reads. */
  #text = ''
  #left = 0

  constructor(limits: HeadLimits = HEAD_LIMITS) {
    this.#scanner = new HeadScanner(limits)
    this.#chunked = new ChunkedDecoder(limits)
  }

  get isComplete(): boolean {
    return this.#stage === COMPLETE
  }

  get hasHead(): boolean {
    return this.#stage !== HEAD
  }

  /** Seconds that the target says it keeps an idle connection, or -1. */
  get keepAliveSeconds(): number {
    return this.#fields.keepAliveSeconds
  }

  /**
   * Expects a new answer.
   * @param maySwitch the request asks for a WebSocket
   */
  begin(isHeadRequest: boolean, maySwitch = false): void {
    this.#isHeadRequest = isHeadRequest
    this.#maySwitch = maySwitch
    this.hasSwitched = false
    this.#stage = HEAD
    this.#text = ''
    this.fault = ''
    this.head = null
    this.#scanner.begin()
  }

  /** Takes a read: fills `head`, `bodyStart`, `bodyEnd`, `consumed`, `fault`. May move bytes within the buffer. */
  // HOT PATH
  execute(buffer: Buffer, length: number): void {
    this.head = null
    let at = 0
    while (this.#stage === HEAD && at < length) {
      const end = this.#scanner.scan(buffer, at, length)
      if (end < 0) {
        if (this.#scanner.fault !== '') this.fault = this.#scanner.fault
        else this.#text += buffer.toString('latin1', at, length)
        at = length
      } else {
        const text = buffer.toString('latin1', at, end)
        this.#readHead(this.#text === '' ? text : this.#text + text)
        at = end
      }
      if (this.fault !== '') return
    }
    this.#readBody(buffer, at, length)
  }

  /**
   * The target has ended its side.
   * @returns whether the answer is complete by that
   */
  end(): boolean {
    if (this.#stage === CLOSE_BODY) this.#stage = COMPLETE
    return this.#stage === COMPLETE
  }

  // HOT PATH
  #readBody(buffer: Buffer, at: number, length: number): void {
    this.bodyStart = at
    this.bodyEnd = at
    switch (this.#stage) {
      case LENGTH_BODY: {
        const bytes = length - at < this.#left ? length - at : this.#left
        this.bodyEnd = at + bytes
        this.#left -= bytes
        if (this.#left === 0) this.#stage = COMPLETE
        break
      }
      case CHUNKED_BODY: {
        const chunked = this.#chunked
        this.consumed = chunked.decode(buffer, at, length)
        this.bodyStart = chunked.bodyStart
        this.bodyEnd = chunked.bodyEnd
        this.fault = chunked.fault
        if (chunked.isComplete) this.#stage = COMPLETE
        return
      }
      case CLOSE_BODY:
        this.bodyEnd = length
        break
      default:
    }
    this.consumed = this.bodyEnd
  }

  #readHead(text: string): void {
    const { status, minor } = this.#scanner
    const fields = this.#fields
    fields.read(text, this.#scanner)
    this.#text = ''
    this.fault = fields.fault
    if (fields.isChunked) {
      if (fields.contentLength >= 0) this.fault = 'it has Content-Length and Transfer-Encoding'
      // RFC 9112, 6.1: such a message is to be taken for one whose framing is broken.
      if (minor === 0) this.fault = 'it has Transfer-Encoding in HTTP/1.0'
    }
    if (this.fault !== '') return
    if (status === 101 && this.#maySwitch) {
      this.#switch(minor)
      return
    }
    if (status < 200) {
      this.#skipInterim(status)
      return
    }
    if (status > 599) {
      this.fault = `its status is ${status}`
      return
    }
    this.isReusable = !fields.closes && (minor === 1 || fields.keepsAlive)
    this.#chooseFraming(status)
    this.head = new ResponseHead(status, fields.text, fields.overlap)
  }

  /** Framing fields mean nothing here (RFC 9112, 6.3), and are gone. */
  #switch(minor: number): void {
    const { text, overlap, upgrade } = this.#fields
    if (minor === 0 || upgrade !== ',websocket') {
      this.fault = 'it switches to another protocol than it has been asked for'
      return
    }
    this.hasSwitched = true
    this.isReusable = false
    this.#stage = COMPLETE
    this.head = new ResponseHead(101, text, overlap)
  }

  /** RFC 9110, 15.2: any number of 1xx may come first, also without having been asked for. */
  #skipInterim(status: number): void {
    const { contentLength, isChunked, closes } = this.#fields
    if (status < 100) this.fault = `its status is ${status}`
    else if (status === 101) this.fault = 'it switches protocols without having been asked to'
    else if (contentLength >= 0 || isChunked) this.fault = 'an interim answer announces a body'
    else if (closes || this.#scanner.minor === 0) {
      this.fault = 'an interim answer ends the connection'
    }
    this.#scanner.beginNext()
  }

  #chooseFraming(status: number): void {
    const { contentLength, isChunked } = this.#fields
    if (status === 204 || status === 304) {
      this.length = 0
      this.#stage = COMPLETE
      // A target that announces a body for 204 may well send one.
      if (status === 204 && (isChunked || contentLength > 0)) this.isReusable = false
      return
    }
    this.length = contentLength
    if (this.#isHeadRequest || contentLength === 0) {
      this.#stage = COMPLETE
    } else if (isChunked) {
      this.#chunked.begin()
      this.#stage = CHUNKED_BODY
    } else if (contentLength > 0) {
      this.#left = contentLength
      this.#stage = LENGTH_BODY
    } else {
      this.isReusable = false
      this.#stage = CLOSE_BODY
    }
  }
}
