// One request on a connection of this engine and its answer: the contract of model/exchange.ts.
import type { ErrorCode } from '../../errors/codes.js'
import type {
  BodyReader,
  Exchange,
  ExchangeObserver,
  HttpVersion,
  ListenerInfo,
} from '../../model/exchange.js'
import type { RequestHeaders } from '../../util/header-list.js'
import type { TunnelEnd } from '../../util/http1/tunnel-end.js'
import { BodyQueue, EMPTY, FORGOTTEN_BYTES, HELD_BYTES } from '../body-queue.js'
import { NOBODY } from '../observer.js'
import { lengthField, mayAnnounceLength, mayHaveBody, sizeOf } from '../response-text.js'
import { answerHead, CHUNKED, CLOSE, KEEP_ALIVE, SWITCH } from './answer-head.js'
import type { Peer } from './peer.js'
import type { RequestParser } from './request-parser.js'

/** What an exchange needs of the connection that it came on. */
export interface ExchangeHome {
  /** Bytes of the body that are still to come; Infinity while only the end will tell. */
  readonly remaining: number
  /** The connection is not to be kept, whatever the client wants. */
  readonly isLast: boolean
  /** Sends a head with what there is of a body. False when the client does not keep up. */
  send(head: string, body: Uint8Array | string | null): boolean
  sendChunk(head: string, chunk: Uint8Array): boolean
  sendContinue(): void
  pauseReading(): void
  resumeReading(): void
  /** The answer is complete. */
  answered(exchange: Http1Exchange, closes: boolean): void
  /** Sends the head and gives the connection away. */
  tunnel(head: string): TunnelEnd
  /** @param isReset tells a client who reads up to the end of the connection that this is not all */
  cut(isReset: boolean): void
  report(error: unknown, message: string): void
}

const OPEN = 0
const STARTED = 1
const DONE = 2

// How the body of an answer that has begun is framed.
const BY_LENGTH = 0
const BY_CHUNKS = 1
const BY_CLOSE = 2
const SILENT = 3

export class Http1Exchange implements Exchange {
  readonly method: string
  readonly target: string
  readonly httpVersion: HttpVersion
  readonly headers: RequestHeaders
  readonly host: string
  readonly encoding: 'utf8' | 'latin1'
  readonly fault: ErrorCode | null
  readonly wantsTunnel: boolean
  readonly bodyLength: number
  readonly listener: ListenerInfo
  readonly peerAddress: string
  readonly announcedAddress: string
  readonly serverName: string
  observer: ExchangeObserver = NOBODY

  readonly #home: ExchangeHome
  readonly #body: BodyQueue | null
  readonly #keepsAlive: boolean
  /** The client waits for it. */
  #awaitsContinue: boolean
  /** The rest of the body cannot be had, and so nothing behind it. */
  #isBroken = false
  #state = OPEN
  #framing = SILENT
  #left = 0
  #closes = false
  /** The head of an answer that has begun, until its first piece. */
  #head = ''

  // HOT PATH
  constructor(home: ExchangeHome, request: RequestParser, peer: Peer) {
    this.#home = home
    this.method = request.method
    this.target = request.target
    this.httpVersion = request.httpVersion
    this.headers = request.headers
    this.host = request.host
    this.encoding = request.encoding
    this.fault = request.fault
    this.wantsTunnel = request.wantsTunnel
    this.bodyLength = request.bodyLength
    this.listener = peer.listener
    this.peerAddress = peer.address
    this.announcedAddress = peer.announcedAddress
    this.serverName = peer.serverName
    this.#keepsAlive = request.keepsAlive
    this.#awaitsContinue = request.expectsContinue
    this.#body = request.bodyLength === 0 ? null : new BodyQueue()
  }

  get isDone(): boolean {
    return this.#state === DONE
  }

  /** The client is not to be held to its time: it has been told to wait. */
  get isTimeless(): boolean {
    return this.#awaitsContinue || (this.#body !== null && this.#wantsRest(this.#body))
  }

  // Body

  readBody(reader: BodyReader): void {
    if (this.#state === DONE) return
    if (this.#body === null) {
      reader.onBodyChunk(EMPTY, true)
      return
    }
    if (this.#state === OPEN) this.#sendContinue()
    this.#body.read(reader)
    this.#settleReading(this.#body)
  }

  pauseBody(): void {
    const body = this.#body
    if (body === null || this.#state === DONE) return
    body.pause()
    this.#settleReading(body)
  }

  resumeBody(): void {
    const body = this.#body
    if (body === null || this.#state === DONE) return
    body.resume()
    this.#settleReading(body)
  }

  /** A piece of the body has come. */
  takeBody(chunk: Buffer, last: boolean): void {
    const body = this.#body
    if (body === null || this.#state === DONE) return
    try {
      body.push(chunk, last)
    } catch (error) {
      this.#home.report(error, 'the reader of a request body failed')
      this.fail()
    }
    this.#settleReading(body)
  }

  /** The rest of the body cannot be had. */
  failBody(code: ErrorCode): void {
    if (this.#state === DONE || this.#isBroken) return
    this.#isBroken = true
    this.#tell((observer) => observer.onBodyFault(code))
    // Nobody has cared.
    if (!this.isDone) this.close()
  }

  // Answer

  // HOT PATH
  respond(status: number, fields: string, body: Uint8Array | string | null): void {
    if (!this.#isOpen()) return
    this.#sendContinue()
    const closes = (this.#closes = this.#mustClose())
    const isSilent = this.#isSilent(status)
    let head = answerHead(status, fields) + this.#connectionField(closes)
    if (!isSilent || mayAnnounceLength(status))
      head += lengthField(body === null ? 0 : sizeOf(body))
    this.#state = DONE
    this.#home.send(`${head}\r\n`, isSilent ? null : body)
    this.#finish()
  }

  start(status: number, fields: string, length: number): void {
    if (!this.#isOpen()) return
    this.#sendContinue()
    this.#state = STARTED
    this.#chooseFraming(status, length)
    this.#closes = this.#framing === BY_CLOSE || this.#mustClose()
    let head = answerHead(status, fields) + this.#connectionField(this.#closes)
    if (this.#framing === BY_CHUNKS) head += CHUNKED
    else if (length >= 0 && mayAnnounceLength(status)) head += lengthField(length)
    this.#head = `${head}\r\n`
    // Not at once: mostly the first piece follows in this very turn, and one packet will do for both.
    process.nextTick(flushHead, this)
  }

  // HOT PATH
  write(chunk: Uint8Array): boolean {
    if (this.#state !== STARTED || this.#framing === SILENT || chunk.length === 0) return true
    const head = this.#head
    this.#head = ''
    if (this.#framing === BY_CHUNKS) return this.#home.sendChunk(head, chunk)
    if (this.#framing === BY_CLOSE) return this.#home.send(head, chunk)
    const piece = chunk.length > this.#left ? chunk.subarray(0, this.#left) : chunk
    this.#left -= piece.length
    return piece.length === 0 || this.#home.send(head, piece)
  }

  end(): void {
    if (this.#state !== STARTED) return
    // Only a cut connection tells the client that this is not all of it.
    if (this.#framing === BY_LENGTH && this.#left > 0) {
      this.close()
      return
    }
    const rest = this.#framing === BY_CHUNKS ? `${this.#head}0\r\n\r\n` : this.#head
    this.#state = DONE
    if (rest !== '') this.#home.send(rest, null)
    this.#finish()
  }

  tunnel(fields: string): TunnelEnd | null {
    if (!this.wantsTunnel || !this.#isOpen()) return null
    this.#sendContinue()
    this.#state = DONE
    return this.#home.tunnel(`${answerHead(101, fields)}${SWITCH}\r\n`)
  }

  close(): void {
    if (this.#state === DONE) return
    this.#state = DONE
    this.#body?.drop()
    this.#home.cut(this.#framing === BY_CLOSE)
  }

  /** Sends the head if nothing else has. */
  flush(): void {
    if (this.#state !== STARTED || this.#head === '') return
    const head = this.#head
    this.#head = ''
    this.#home.send(head, null)
  }

  /** The handler, or a callback of the pipeline, has thrown: the client gets an answer all the same. */
  fail(): void {
    if (this.#state === OPEN) {
      this.respond(500, 'Content-Type: text/plain; charset=utf-8\r\n', 'Internal server error\n')
    } else this.close()
  }

  /** The connection is gone. */
  abort(): void {
    if (this.#state === DONE) return
    this.#state = DONE
    this.#body?.drop()
    this.#tell((observer) => observer.onAborted())
  }

  drained(): void {
    if (this.#state === STARTED) this.#tell((observer) => observer.onDrain())
  }

  /** Before a refusal, too (nginx): what the client does then can be told, and the connection kept. */
  #sendContinue(): void {
    if (!this.#awaitsContinue || this.#isBroken) return
    this.#awaitsContinue = false
    this.#home.sendContinue()
  }

  // HOT PATH
  #finish(): void {
    this.#body?.drop()
    this.#home.answered(this, this.#closes)
  }

  /** Whether an answer may begin. A second one behind the start of another can only be told by a cut. */
  #isOpen(): boolean {
    if (this.#state === STARTED) this.close()
    return this.#state === OPEN
  }

  #isSilent(status: number): boolean {
    return this.method === 'HEAD' || !mayHaveBody(status)
  }

  #chooseFraming(status: number, length: number): void {
    this.#left = length
    if (this.#isSilent(status)) this.#framing = SILENT
    else if (length >= 0) this.#framing = BY_LENGTH
    // RFC 9112, 6.1: HTTP/1.0 knows no chunks.
    else this.#framing = this.httpVersion === '1.0' ? BY_CLOSE : BY_CHUNKS
  }

  // HOT PATH
  #mustClose(): boolean {
    if (!this.#keepsAlive || this.fault !== null || this.#isBroken || this.#home.isLast) return true
    const body = this.#body
    if (body === null || body.isComplete) return false
    return this.bodyLength >= 0 && this.#home.remaining > FORGOTTEN_BYTES
  }

  #connectionField(closes: boolean): string {
    if (closes) return CLOSE
    return this.httpVersion === '1.0' ? KEEP_ALIVE : ''
  }

  #wantsRest(body: BodyQueue): boolean {
    return !body.isComplete && (body.isPaused || body.heldBytes >= HELD_BYTES)
  }

  #settleReading(body: BodyQueue): void {
    if (this.#state === DONE) return
    if (this.#wantsRest(body)) this.#home.pauseReading()
    else this.#home.resumeReading()
  }

  #tell(call: (observer: ExchangeObserver) => void): void {
    try {
      call(this.observer)
    } catch (error) {
      this.#home.report(error, 'the observer of an exchange failed')
      this.close()
    }
  }
}

function flushHead(exchange: Http1Exchange): void {
  exchange.flush()
}
