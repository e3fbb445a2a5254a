// An answer that leaves in pieces: its head, what the socket did not take, and the client that does not keep up.
import { sendBuffered, sendChunk, sendEnd, sendPart, sendWhole } from './corked.js'
import type { UwsResponse } from './native.js'
import { EMPTY } from '../body-queue.js'
import type { Ticked, Ticker } from './ticker.js'

/** What the stream needs of its exchange. */
export interface StreamOwner {
  /** The read that brought the request may still be under way: the answer must not end now. */
  mustNotEndYet(): boolean
  /** The last byte is about to leave. */
  settleSocket(): void
  /** Starts the library's 10 s clock anew. */
  restartClock(): void
  /** Pauses the socket again if the reader of the body wants it paused; true when it is. */
  keepPaused(): boolean
  /** Every byte is on its way; nothing may be called on the response any more. */
  onSent(): void
  onDrained(): void
  /** The client takes nothing any more. */
  onStalled(): void
  /** The body ends short of its length. */
  onCutShort(): void
}

export interface StreamPlan {
  readonly head: string | Buffer
  /** Of the body; -1 when not known. */
  readonly length: number
  /** HEAD, 204, 304: nothing of the body is sent. */
  readonly isSilent: boolean
  /** Sent when there is nothing else to send, so that the head can leave; null to wait for the first piece. */
  readonly opening: Buffer | null
}

const EVENT_STREAM = /^content-type:[ \t]*text\/event-stream/im
/** In front of what is compressed it would be a fault. */
const ENCODED = /^content-encoding:/im
// An empty comment (HTML, 9.2.6), which readers of event streams skip: the only way to send such an answer's head
// before its first event, which may be minutes away while the reader waits for `open`.
const EVENT_STREAM_OPENING = Buffer.from(':\n\n')

/** What an answer with those header lines may begin with. */
export function openingOf(fields: string, length: number): Buffer | null {
  if (length >= 0 || !EVENT_STREAM.test(fields) || ENCODED.test(fields)) return null
  return EVENT_STREAM_OPENING
}

const FIRST_RETRY_MS = 10
const LONGEST_RETRY_MS = 320

export class AnswerStream implements Ticked {
  readonly #res: UwsResponse
  readonly #owner: StreamOwner
  readonly #ticker: Ticker
  /** Ticks without progress that a client is allowed. */
  readonly #patience: number
  readonly #length: number
  readonly #isSilent: boolean
  readonly #opening: Buffer | null
  /** Until it has left. */
  #head: string | Buffer | null
  /** What uWebSockets.js has not taken of `length` bytes. */
  #left: number
  /** A piece that was not taken, or its end. */
  #rest: Buffer | null = null
  #isBlocked = false
  #isEnding = false
  #isOver = false
  #isReadOver = false
  #isWatching = false
  #stalledTicks = 0
  #retry: NodeJS.Timeout | null = null
  #retryMs = FIRST_RETRY_MS

  constructor(
    res: UwsResponse,
    owner: StreamOwner,
    ticker: Ticker,
    patience: number,
    plan: StreamPlan,
  ) {
    this.#res = res
    this.#owner = owner
    this.#ticker = ticker
    this.#patience = patience
    this.#head = plan.head
    this.#length = this.#left = plan.isSilent ? 0 : plan.length
    this.#isSilent = plan.isSilent
    this.#opening = plan.opening
  }

  /** Sends the head if it is still here. */
  flush(): void {
    if (this.#isOver || this.#head === null) return
    if (this.#length === 0) this.#sendEnd()
    else if (this.#length > 0) this.#send(EMPTY)
    // Trap 20: chunked, the last line of the head leaves with the first byte of the body and not before.
    else if (this.#opening !== null) this.#send(this.#opening)
  }

  // HOT PATH
  write(chunk: Uint8Array): boolean {
    if (this.#isSilent) return true
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
      setImmediate(afterRead, this)
      return false
    }
    return this.#send(piece)
  }

  end(): void {
    if (this.#isOver) return
    // What is buffered when the library hears of the end, it sends under its 10 s clock alone (trap 7).
    if (this.#isBlocked) this.#isEnding = true
    // Trap 21: only a cut connection tells the client that this is not all of it.
    else if (this.#left > 0) this.#owner.onCutShort()
    else if (this.#mustNotEndYet()) setImmediate(afterRead, this)
    else this.#sendEnd()
  }

  /** Does what had to wait until the read was over. */
  afterRead(): void {
    this.#isReadOver = true
    if (this.#rest !== null) this.#push()
    else this.end()
    this.#isReadOver = false
  }

  /** The response is dead. */
  drop(): void {
    this.#isOver = true
    this.#head = this.#rest = null
    if (this.#isWatching) this.#ticker.delete(this)
    if (this.#retry !== null) clearTimeout(this.#retry)
  }

  /** The reader of the body has paused the socket. */
  onBodyPaused(): void {
    if (this.#isBlocked) this.#retrySoon()
  }

  onTick(): void {
    if (this.#isBlocked && ++this.#stalledTicks > this.#patience) {
      this.#owner.onStalled()
      return
    }
    // Trap 7: a client that takes nothing for 10 s is cut unless something is written to it.
    if (this.#rest !== null) this.#push()
    else sendBuffered(this.#res)
    if (this.#isOver) return
    // Whether that restarted the clock depends on what was left in the library's buffer; and one that an incomplete
    // write has started runs on when the next succeeds, against a client who waits for a slow target.
    this.#owner.restartClock()
    if (this.#isBlocked && this.#owner.keepPaused()) this.#retrySoon()
  }

  #mustNotEndYet(): boolean {
    return !this.#isReadOver && this.#owner.mustNotEndYet()
  }

  /** The socket takes bytes again, or may. False when it took less than there was. */
  #push(): boolean {
    if (this.#isOver) return true
    const rest = this.#rest
    if (rest === null) sendBuffered(this.#res)
    else {
      this.#rest = null
      if (!this.#send(rest)) return false
    }
    if (!this.#isBlocked) return true
    this.#isBlocked = false
    if (this.#isEnding) this.end()
    else this.#owner.onDrained()
    return true
  }

  #send(piece: Uint8Array): boolean {
    const head = this.#head
    this.#head = null
    if (this.#length < 0) {
      if (!sendChunk(this.#res, head, piece)) return this.#block(null)
      this.#stalledTicks = 0
      return true
    }
    const isLast = piece.length === this.#left
    if (isLast) this.#owner.settleSocket()
    if (sendPart(this.#res, head, piece, this.#length)) {
      this.#left -= piece.length
      this.#stalledTicks = 0
      if (isLast) this.#sent()
      return true
    }
    const taken = this.#res.getWriteOffset() - (this.#length - this.#left)
    this.#left -= taken
    if (taken > 0) this.#stalledTicks = 0
    return this.#block(taken < piece.length ? Buffer.from(piece.subarray(taken)) : null)
  }

  #block(rest: Buffer | null): false {
    this.#rest = rest
    this.#isBlocked = true
    // An incomplete write makes the library listen again, whatever was paused.
    if (this.#owner.keepPaused()) this.#retrySoon()
    if (this.#isWatching) return false
    // From here to its end: the library does not say when its own buffer is empty.
    this.#isWatching = true
    this.#ticker.add(this)
    this.#res.onWritable(() => {
      this.#stalledTicks = 0
      this.#retryMs = FIRST_RETRY_MS
      return this.#push()
    })
    return false
  }

  /** A paused socket is not told when it may write again: ask now and then, ever more rarely. */
  #retrySoon(): void {
    if (this.#retry !== null) return
    this.#retry = setTimeout(retry, this.#retryMs, this)
    this.#retryMs = Math.min(this.#retryMs * 2, LONGEST_RETRY_MS)
  }

  /** Called by the timer of `retrySoon`. */
  onRetry(): void {
    this.#retry = null
    if (!this.#isBlocked) return
    if (this.#push()) this.#retryMs = FIRST_RETRY_MS
    // Flushing what is buffered may have made the socket listen again.
    if (!this.#isOver) this.#owner.keepPaused()
  }

  #sendEnd(): void {
    const head = this.#head
    this.#owner.settleSocket()
    if (this.#isSilent) sendWhole(this.#res, head ?? '', null, false)
    else sendEnd(this.#res, head)
    this.#sent()
  }

  #sent(): void {
    this.drop()
    this.#owner.onSent()
  }
}

function afterRead(stream: AnswerStream): void {
  stream.afterRead()
}

function retry(stream: AnswerStream): void {
  stream.onRetry()
}
