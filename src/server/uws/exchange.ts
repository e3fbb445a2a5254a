// One request on uWebSockets.js and its answer: the contract of model/exchange.ts over a response object that throws
// after its end, and a connection that is deaf, closed or out of step when it ends in the wrong way.
import type { ErrorCode } from '../../errors/codes.js'
import type { BodyReader, Exchange, ExchangeObserver, ListenerInfo } from '../../model/exchange.js'
import type { RequestHeaders } from '../../util/header-list.js'
import type { TunnelEnd } from '../../util/http1/tunnel-end.js'
import { NOBODY } from '../observer.js'
import {
  headBytes,
  headText,
  lengthField,
  mayAnnounceLength,
  mayHaveBody,
  sizeOf,
} from '../response-text.js'
import { AnswerStream, openingOf, type StreamOwner } from './answer-stream.js'
import { sendWhole } from './corked.js'
import type { ExchangeHost } from './exchange-host.js'
import type { UwsResponse } from './native.js'
import { EMPTY, FORGOTTEN_BYTES } from '../body-queue.js'
import { type Handshake, switchingFields } from './handshake.js'
import { type BodyOwner, RequestBody } from './request-body.js'
import type { RequestHead } from './request-head.js'
import { openWebSocket } from './websockets.js'

const OPEN = 0
const QUEUED = 1
const STARTED = 2
const DONE = 3

// A larger body goes out piece by piece: what `end` cannot send at once is left to the 10 s clock (trap 7).
const WHOLE_BYTES = 64 * 1024

const CLOSE_FIELD = 'Connection: close\r\n'

export class UwsExchange implements Exchange, BodyOwner, StreamOwner {
  readonly httpVersion = '1.1'
  readonly encoding = 'utf8'
  readonly announcedAddress = ''
  readonly wantsTunnel: boolean
  readonly method: string
  readonly target: string
  readonly headers: RequestHeaders
  readonly host: string
  readonly fault: ErrorCode | null
  readonly bodyLength: number
  readonly listener: ListenerInfo
  readonly peerAddress: string
  /** uWebSockets.js tells only which of the names it knows was meant: a wildcard stands for all of its names. */
  readonly serverName: string
  observer: ExchangeObserver = NOBODY

  readonly #engine: ExchangeHost
  readonly #res: UwsResponse
  readonly #body: RequestBody | null
  readonly #wantsClose: boolean
  readonly #closesByItself: boolean
  readonly #handshake: Handshake | null
  #stream: AnswerStream | null = null
  #state = OPEN
  /** The pipeline has given its last byte; it may not have left. */
  #isAnswered = false
  /** Why the rest of the body cannot be had. */
  #bodyFault: ErrorCode | null = null
  #isClosing = false
  #isDeaf = false

  // HOT PATH
  constructor(
    engine: ExchangeHost,
    res: UwsResponse,
    head: Readonly<RequestHead>,
    listener: ListenerInfo,
    peerAddress: string,
    serverName: string,
    handshake: Handshake | null,
  ) {
    // Trap 1: without this a request that is not answered at once ends the process.
    res.onAborted(() => this.#onAborted())
    this.#engine = engine
    this.#res = res
    this.method = head.method
    this.target = head.target
    this.headers = head.headers
    this.host = head.host
    this.fault = head.fault
    this.bodyLength = head.bodyLength
    this.listener = listener
    this.peerAddress = peerAddress
    this.serverName = serverName
    this.wantsTunnel = handshake !== null
    this.#handshake = handshake
    this.#wantsClose = head.wantsClose
    this.#closesByItself = head.closesByItself
    this.#body = head.bodyLength === 0 && !head.isTooLarge ? null : this.#receive(head.isTooLarge)
    engine.pending++
  }

  readBody(reader: BodyReader): void {
    if (this.bodyLength !== 0) this.#body?.read(reader)
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
    if (!this.#isOpen()) return
    this.#isAnswered = true
    if (this.mustNotEndYet()) {
      this.#state = QUEUED
      setImmediate(() => {
        if (this.#state === QUEUED) this.#respond(status, fields, body)
      })
      return
    }
    this.#respond(status, fields, body)
  }

  start(status: number, fields: string, length: number): void {
    if (!this.#isOpen()) return
    this.#state = STARTED
    this.#isClosing = this.#mustClose()
    const isSilent = this.#isSilent(status)
    let added = this.#isClosing ? CLOSE_FIELD : ''
    // Trap 2: the length of an answer to HEAD goes into the head, never into endWithoutBody.
    if (isSilent && length >= 0 && mayAnnounceLength(status)) added += lengthField(length)
    const { ticker, sendPatience } = this.#engine
    const stream = new AnswerStream(this.#res, this, ticker, sendPatience, {
      head: headBytes(headText(status, fields, added)),
      length,
      isSilent,
      opening: openingOf(fields, length),
    })
    this.#stream = stream
    // Not at once: mostly the first piece follows in this very turn, and one packet will do for both.
    this.#engine.flushSoon(stream)
  }

  write(chunk: Uint8Array): boolean {
    return this.#state !== STARTED || this.#stream === null || this.#stream.write(chunk)
  }

  end(): void {
    if (this.#state !== STARTED) return
    this.#isAnswered = true
    this.#stream?.end()
  }

  tunnel(fields: string): TunnelEnd | null {
    const handshake = this.#handshake
    if (handshake === null || !this.#isOpen()) return null
    const ownFields = switchingFields(fields, handshake.key)
    if (ownFields === null) {
      const error = new Error('Sec-WebSocket-Accept of the 101 does not fit the key')
      this.#engine.report(error, 'a target did not accept the WebSocket that it was asked for')
      this.respond(502, 'Content-Type: text/plain; charset=utf-8\r\n', 'Bad gateway\n')
      return null
    }
    this.#state = DONE
    return openWebSocket(this.#engine, this.#res, ownFields, handshake)
  }

  close(): void {
    if (this.#state === DONE) return
    this.#finish()
    this.#res.close()
  }

  /** The handler, or a callback of the pipeline, has thrown: the client gets an answer all the same. */
  fail(): void {
    if (this.#state === OPEN) {
      this.respond(500, 'Content-Type: text/plain; charset=utf-8\r\n', 'Internal server error\n')
    } else if (this.#state === STARTED) this.close()
  }

  /**
   * Traps 11 and 12: behind such a request uWebSockets.js may take part of its body for the next request, trailers
   * for one. While the answer is pending, a next request closes the connection instead of being served; so the
   * answer must not end before the read that may hold those bytes is over.
   */
  mustNotEndYet(): boolean {
    return this.fault !== null || this.bodyLength < 0
  }

  /**
   * `end(body, true)` would write `Connection: close` into a body that has begun, so such a connection is made deaf
   * instead: it reads no further request, and the 10 s clock closes it if the client, who has been told, does not.
   * Any other is woken (trap 4).
   */
  settleSocket(): void {
    this.#body?.wakeSocket()
    if (!this.#isClosing || this.#closesByItself) return
    // A write that stayed incomplete made it listen again.
    if (this.#isDeaf) this.#res.resume()
    this.#isDeaf = true
    this.#res.pause()
  }

  restartClock(): void {
    if (this.#body !== null) this.#body.restartClock()
    else {
      this.#res.pause()
      this.#res.resume()
    }
  }

  keepPaused(): boolean {
    return this.#body?.keepPaused() ?? false
  }

  onBodyPaused(): void {
    this.#stream?.onBodyPaused()
  }

  onBodyFault(code: ErrorCode): void {
    this.#body?.drop()
    if (this.#isAnswered) return
    this.#bodyFault = code
    this.#tell((observer) => {
      observer.onBodyFault(code)
      // Nobody has cared.
      if (!this.#isAnswered) this.close()
    })
  }

  onBodyFlood(): void {
    const error = new Error(
      'the client sends faster than the target takes, and cannot be held back',
    )
    this.#engine.report(error, 'an upload was cut')
    this.#cut()
  }

  onStalled(): void {
    this.#cut()
  }

  onCutShort(): void {
    this.close()
  }

  onSent(): void {
    this.#finish()
  }

  onDrained(): void {
    this.#tell((observer) => observer.onDrain())
  }

  #receive(isUnwanted: boolean): RequestBody {
    const { ticker, bodyPatience, mostBodyBytes } = this.#engine
    const body = new RequestBody(this.#res, this, ticker, bodyPatience, mostBodyBytes)
    this.#res.onData((chunk, last) => {
      try {
        body.onData(chunk, last)
      } catch (error) {
        this.#engine.report(error, 'the reader of a request body failed')
        this.fail()
      }
    })
    if (isUnwanted) body.drop()
    return body
  }

  #respond(status: number, fields: string, body: Uint8Array | string | null): void {
    const isSilent = this.#isSilent(status)
    if (!isSilent && body !== null && body.length > WHOLE_BYTES) {
      this.#respondInPieces(status, fields, typeof body === 'string' ? Buffer.from(body) : body)
      return
    }
    this.#isClosing = this.#mustClose()
    const mayCloseAtOnce = !isSilent && !this.#closesByItself && !this.#isUploading()
    const closesAtOnce = this.#isClosing && mayCloseAtOnce
    let added = this.#isClosing && !closesAtOnce ? CLOSE_FIELD : ''
    if (isSilent && mayAnnounceLength(status))
      added += lengthField(body === null ? 0 : sizeOf(body))
    if (closesAtOnce) this.#body?.wakeSocket()
    else this.settleSocket()
    this.#finish()
    const head = headBytes(headText(status, fields, added))
    sendWhole(this.#res, head, isSilent ? null : (body ?? ''), closesAtOnce)
  }

  #respondInPieces(status: number, fields: string, body: Uint8Array): void {
    this.#state = OPEN
    this.start(status, fields, body.length)
    this.write(body)
    this.end()
  }

  /** Whether an answer may begin. A second one behind the start of another can only be told by a cut. */
  #isOpen(): boolean {
    if (this.#state === STARTED) this.close()
    return this.#state === OPEN
  }

  /** With an upload under way, closing at once would reset the connection and take the answer with it. */
  #isUploading(): boolean {
    const isStuck = this.#bodyFault === 'REQUEST_TIMEOUT'
    return this.#body !== null && !this.#body.isComplete && !isStuck
  }

  #isSilent(status: number): boolean {
    return this.method === 'HEAD' || !mayHaveBody(status)
  }

  #mustClose(): boolean {
    if (this.#wantsClose || this.#closesByItself || this.#engine.isDraining) return true
    if (this.fault !== null || this.#bodyFault !== null || this.bodyLength < 0) return true
    const body = this.#body
    return body !== null && this.bodyLength - body.received > FORGOTTEN_BYTES
  }

  /** Trap 3: past this nothing but the one call that ends the answer may be made on the response. */
  #finish(): void {
    this.#state = DONE
    this.#engine.pending--
    this.#stream?.drop()
    this.#body?.drop()
  }

  #cut(): void {
    if (this.#state === DONE) return
    this.close()
    this.#tell((observer) => observer.onAborted())
  }

  #onAborted(): void {
    if (this.#state === DONE) return
    this.#finish()
    this.#tell((observer) => observer.onAborted())
  }

  /** Trap 1 holds for every callback: none may throw into the library. */
  #tell(what: (observer: ExchangeObserver) => void): void {
    try {
      what(this.observer)
    } catch (error) {
      this.#engine.report(error, 'the observer of an exchange failed')
      this.close()
    }
  }
}
