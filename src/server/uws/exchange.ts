// One request on uWebSockets.js and its answer: the contract of model/exchange.ts over a response object that
// throws after its end, loses its socket's place in the protocol, and closes whatever rests for 10 s.
import type { ErrorCode } from '../../errors/codes.js'
import type { BodyReader, Exchange, ExchangeObserver, ListenerInfo } from '../../model/exchange.js'
import type { HeaderList } from '../../util/header-list.js'
import { headBytes, mayHaveBody, statusLine } from '../response-text.js'
import { sendBuffered, sendChunk, sendEnd, sendPart, sendWhole } from './corked.js'
import type { UwsResponse } from './native.js'
import { type BodyOwner, EMPTY, RequestBody } from './request-body.js'
import type { RequestHead } from './request-head.js'
import type { Ticked, Ticker } from './ticker.js'

/** What an exchange needs of its engine. */
export interface ExchangeHost {
  readonly ticker: Ticker
  /** Ticks without a piece of the body, and without progress of the answer, that a client is allowed. */
  readonly bodyPatience: number
  readonly sendPatience: number
  readonly isDraining: boolean
  pending: number
  /** uWebSockets.js is inside a read: bytes behind this request may be next. */
  isReading: boolean
  /** Calls `flush` when this turn of the event loop is over. */
  flushSoon(exchange: UwsExchange): void
  report(error: unknown, message: string): void
}

const OPEN = 0
const QUEUED = 1
const STARTED = 2
const DONE = 3

// An upload with no more than this to come is read to its end and forgotten, so that the connection can be kept.
const FORGOTTEN_BYTES = 256 * 1024

// A larger body goes out piece by piece: what `end` cannot send at once is left to the 10 s clock (trap 7).
const WHOLE_BYTES = 64 * 1024

const CLOSE_FIELD = 'Connection: close\r\n'
const EVENT_STREAM = /^content-type:[ \t]*text\/event-stream/im
// An empty comment (HTML, 9.2.6): readers of event streams skip it.
const EVENT_STREAM_START = Buffer.from(':\n\n')

const NOBODY: ExchangeObserver = { onAborted: nothing, onDrain: nothing }

export class UwsExchange implements Exchange, BodyOwner, Ticked {
  readonly httpVersion = '1.1'
  readonly encoding = 'utf8'
  /** uWebSockets.js cannot tell it. */
  readonly serverName = ''
  readonly method: string
  readonly target: string
  readonly headers: HeaderList
  readonly host: string
  readonly fault: ErrorCode | null
  readonly bodyLength: number
  readonly listener: ListenerInfo
  readonly peerAddress: string
  observer: ExchangeObserver = NOBODY

  readonly #host: ExchangeHost
  readonly #res: UwsResponse
  readonly #body: RequestBody | null
  readonly #wantsClose: boolean
  readonly #closesByItself: boolean
  #state = OPEN
  /** Of a started answer: its head until it has left. */
  #head: string | Buffer | null = null
  /** As in `start`; and how much of it uWebSockets.js has not taken yet. */
  #length = 0
  #left = 0
  /** HEAD, 204, 304: nothing of the body is sent. */
  #isSilent = false
  #isClosing = false
  #isEventStream = false
  #isDeaf = false
  /** A piece that was not taken, or its end. */
  #rest: Buffer | null = null
  #isBlocked = false
  #isEnding = false
  #hasWritable = false
  #stalledTicks = 0

  // HOT PATH
  constructor(
    host: ExchangeHost,
    res: UwsResponse,
    head: Readonly<RequestHead>,
    listener: ListenerInfo,
    peerAddress: string,
  ) {
    // Trap 1: without this a request that is not answered at once ends the process.
    res.onAborted(() => this.#onAborted())
    this.#host = host
    this.#res = res
    this.method = head.method
    this.target = head.target
    this.headers = head.headers
    this.host = head.host
    this.fault = head.fault
    this.bodyLength = head.bodyLength
    this.listener = listener
    this.peerAddress = peerAddress
    this.#wantsClose = head.wantsClose
    this.#closesByItself = head.closesByItself
    this.#body = head.bodyLength === 0 ? null : this.#receive()
    host.pending++
  }

  readBody(reader: BodyReader): void {
    if (this.#body !== null) this.#body.read(reader)
    else if (this.#state !== DONE) reader.onBodyChunk(EMPTY, true)
  }

  pauseBody(): void {
    this.#body?.pause()
  }

  resumeBody(): void {
    this.#body?.resume()
  }

  // HOT PATH
  respond(status: number, fields: string, body: Uint8Array | string | null): void {
    if (this.#state !== OPEN) {
      if (this.#state === STARTED) this.close()
      return
    }
    if (this.#mustNotEndYet()) {
      this.#state = QUEUED
      setImmediate(respondQueued, this, status, fields, body)
      return
    }
    const isSilent = this.method === 'HEAD' || !mayHaveBody(status)
    if (!isSilent && body !== null && body.length > WHOLE_BYTES) {
      this.#respondInPieces(status, fields, typeof body === 'string' ? Buffer.from(body) : body)
      return
    }
    this.#isClosing = this.#mustClose()
    // With an upload under way, closing at once would reset the connection and take the answer with it.
    const closesAtOnce = this.#isClosing && !isSilent && !this.#closesByItself && !this.#isUploading
    let added = this.#isClosing && !closesAtOnce ? CLOSE_FIELD : ''
    if (isSilent && mayAnnounce(status)) added += lengthField(body === null ? 0 : sizeOf(body))
    if (closesAtOnce) this.#body?.wakeSocket()
    else this.#settleSocket()
    this.#finish()
    const head = headBytes(headText(status, fields, added))
    sendWhole(this.#res, head, isSilent ? null : (body ?? ''), closesAtOnce)
  }

  /** Called when a queued answer may go. */
  respondNow(status: number, fields: string, body: Uint8Array | string | null): void {
    if (this.#state !== QUEUED) return
    this.#state = OPEN
    this.respond(status, fields, body)
  }

  start(status: number, fields: string, length: number): void {
    if (this.#state !== OPEN) {
      if (this.#state === STARTED) this.close()
      return
    }
    this.#state = STARTED
    this.#isSilent = this.method === 'HEAD' || !mayHaveBody(status)
    this.#isClosing = this.#mustClose()
    this.#isEventStream = !this.#isSilent && length < 0 && EVENT_STREAM.test(fields)
    this.#length = this.#left = this.#isSilent ? 0 : length
    let added = this.#isClosing ? CLOSE_FIELD : ''
    // Trap 2: the length of an answer to HEAD goes into the head, never into endWithoutBody.
    if (this.#isSilent && length >= 0 && mayAnnounce(status)) added += lengthField(length)
    this.#head = headBytes(headText(status, fields, added))
    // Not at once: mostly the first piece follows in this very turn, and one packet will do for both.
    this.#host.flushSoon(this)
  }

  /** Sends the head of a started answer if it is still here. */
  flush(): void {
    if (this.#state !== STARTED || this.#head === null) return
    if (this.#length === 0) this.#sendEnd()
    else if (this.#length > 0) this.#send(EMPTY)
    // Trap 20: chunked, the head's last line leaves with the first byte of the body and not before; an event stream
    // may not have one for minutes, while its reader waits for `open`.
    else if (this.#isEventStream) this.#send(EVENT_STREAM_START)
  }

  write(chunk: Uint8Array): boolean {
    if (this.#state !== STARTED || this.#isSilent) return true
    const held = this.#rest?.length ?? 0
    const isTooLong = this.#length >= 0 && chunk.length > this.#left - held
    const piece = isTooLong ? chunk.subarray(0, this.#left - held) : chunk
    if (piece.length === 0) return !this.#isBlocked
    if (this.#rest !== null) {
      this.#rest = Buffer.concat([this.#rest, piece])
      return false
    }
    if (piece.length === this.#left && this.#mustNotEndYet()) {
      this.#block(Buffer.from(piece))
      setImmediate(pushQueued, this)
      return false
    }
    return this.#send(piece)
  }

  end(): void {
    if (this.#state !== STARTED) return
    if (this.#isBlocked) this.#isEnding = true
    // Trap 21: only a cut connection tells the client that this is not all of it.
    else if (this.#left > 0) this.close()
    else if (this.#mustNotEndYet()) setImmediate(endQueued, this)
    else this.#sendEnd()
  }

  close(): void {
    if (this.#state === DONE) return
    this.#finish()
    this.#res.close()
  }

  /** The handler has thrown: the client gets an answer all the same. */
  fail(): void {
    if (this.#state === OPEN) {
      this.respond(500, 'Content-Type: text/plain; charset=utf-8\r\n', 'Internal server error\n')
    } else if (this.#state === STARTED) this.close()
  }

  onBodyTimeout(): void {
    this.#cut()
  }

  onTick(): void {
    if (this.#isBlocked && ++this.#stalledTicks > this.#host.sendPatience) this.#cut()
    // Trap 7: a client that takes nothing for 10 s is cut unless something is written to it.
    else if (this.#rest !== null) this.pushOn()
    else if (this.#state === STARTED) sendBuffered(this.#res)
  }

  /** The socket takes bytes again, or may. False when it took less than there was. */
  pushOn(): boolean {
    if (this.#state !== STARTED) return true
    const rest = this.#rest
    if (rest === null) sendBuffered(this.#res)
    else {
      this.#rest = null
      if (!this.#send(rest)) return false
    }
    if (!this.#isBlocked) return true
    this.#isBlocked = false
    // A chunked answer stays with the ticker: the library does not say when its own buffer is empty.
    if (this.#length >= 0) this.#host.ticker.delete(this)
    if (this.#isEnding) this.end()
    else this.#tell('onDrain')
    return true
  }

  #receive(): RequestBody {
    const host = this.#host
    const body = new RequestBody(this.#res, this, host.ticker, host.bodyPatience)
    this.#res.onData((chunk, last) => {
      host.isReading = true
      try {
        body.onData(chunk, last)
      } catch (error) {
        host.report(error, 'the reader of a request body failed')
        this.fail()
      } finally {
        host.isReading = false
      }
    })
    return body
  }

  get #isUploading(): boolean {
    return this.#body !== null && !this.#body.isComplete
  }

  /**
   * Traps 11 and 12: behind such a request uWebSockets.js may take part of its body for the next request, trailers
   * for one. While the answer is pending, a next request closes the connection instead of being served; so the
   * answer must not end within the read that may hold those bytes.
   */
  #mustNotEndYet(): boolean {
    return this.#host.isReading && (this.fault !== null || this.bodyLength < 0)
  }

  #mustClose(): boolean {
    if (this.#wantsClose || this.#closesByItself || this.#host.isDraining) return true
    if (this.fault !== null || this.bodyLength < 0) return true
    const body = this.#body
    return body !== null && this.bodyLength - body.received > FORGOTTEN_BYTES
  }

  /**
   * Called before the last byte. `end(body, true)` would write `Connection: close` into a body that has begun, so
   * such a connection is made deaf instead: it reads no further request, and the 10 s clock closes it if the client,
   * who has been told, does not. Any other is woken (trap 4).
   */
  #settleSocket(): void {
    this.#body?.wakeSocket()
    if (!this.#isClosing || this.#closesByItself) return
    // A write that stayed incomplete made it listen again.
    if (this.#isDeaf) this.#res.resume()
    this.#isDeaf = true
    this.#res.pause()
  }

  #respondInPieces(status: number, fields: string, body: Uint8Array): void {
    this.start(status, fields, body.length)
    this.write(body)
    this.end()
  }

  #send(piece: Uint8Array): boolean {
    const head = this.#head
    this.#head = null
    if (this.#length < 0) {
      if (sendChunk(this.#res, head, piece)) return true
      this.#block(null)
      return false
    }
    const isLast = piece.length === this.#left
    if (isLast) this.#settleSocket()
    if (sendPart(this.#res, head, piece, this.#length)) {
      this.#left -= piece.length
      if (isLast) this.#finishStarted()
      return true
    }
    const taken = this.#res.getWriteOffset() - (this.#length - this.#left)
    this.#left -= taken
    this.#block(taken < piece.length ? Buffer.from(piece.subarray(taken)) : null)
    return false
  }

  #block(rest: Buffer | null): void {
    this.#rest = rest
    this.#isBlocked = true
    this.#host.ticker.add(this)
    if (this.#hasWritable) return
    this.#hasWritable = true
    this.#res.onWritable(() => {
      this.#stalledTicks = 0
      return this.pushOn()
    })
  }

  #sendEnd(): void {
    const head = this.#head
    this.#settleSocket()
    this.#finish()
    if (this.#isSilent) sendWhole(this.#res, head ?? '', null, false)
    else sendEnd(this.#res, head)
  }

  /** Every byte that was promised is on its way; the pipeline may not have said `end` yet. */
  #finishStarted(): void {
    this.#finish()
  }

  /** Trap 3: past this nothing may be called on the response. */
  #finish(): void {
    this.#state = DONE
    this.#head = this.#rest = null
    this.#host.pending--
    if (this.#hasWritable) this.#host.ticker.delete(this)
    this.#body?.drop()
  }

  #cut(): void {
    if (this.#state === DONE) return
    this.close()
    this.#tell('onAborted')
  }

  #onAborted(): void {
    if (this.#state === DONE) return
    this.#finish()
    this.#tell('onAborted')
  }

  /** Trap 1 holds for every callback: none may throw into the library. */
  #tell(what: 'onAborted' | 'onDrain'): void {
    try {
      this.observer[what]()
    } catch (error) {
      this.#host.report(error, 'the observer of an exchange failed')
      this.close()
    }
  }
}

function nothing(): void {
  // Nobody listens yet.
}

function respondQueued(
  exchange: UwsExchange,
  status: number,
  fields: string,
  body: Uint8Array | string | null,
): void {
  exchange.respondNow(status, fields, body)
}

function pushQueued(exchange: UwsExchange): void {
  exchange.pushOn()
}

function endQueued(exchange: UwsExchange): void {
  exchange.end()
}

/** The whole head as one status line: a call per header line would cost more than all else (DATA-PATH). */
function headText(status: number, fields: string, added: string): string {
  const lines = added === '' ? fields : fields + added
  return lines === '' ? statusLine(status) : `${statusLine(status)}\r\n${lines.slice(0, -2)}`
}

function lengthField(length: number): string {
  return `Content-Length: ${length}\r\n`
}

/** RFC 9110, 8.6: no Content-Length with 1xx and 204. */
function mayAnnounce(status: number): boolean {
  return status >= 200 && status !== 204
}

function sizeOf(body: Uint8Array | string): number {
  return typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength
}
