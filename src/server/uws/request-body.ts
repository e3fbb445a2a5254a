// A request's body on its way from uWebSockets.js to whoever reads it: copied, held back until somebody asks, and
// paused when more comes than is taken.
import type { ErrorCode } from '../../errors/codes.js'
import type { BodyReader } from '../../model/exchange.js'
import { BodyQueue, EMPTY, HELD_BYTES } from '../body-queue.js'
import type { UwsResponse } from './native.js'
import type { Ticked, Ticker } from './ticker.js'

// uSockets does not look at a pause as long as each of its reads comes back full (512 KB): a client that sends faster
// than the bytes can be copied, which takes a loopback, never lets it. Past this the upload is cut, before memory is.
const FLOOD_BYTES = 64 * 1024 * 1024

/** What the body needs to hear from its exchange. */
export interface BodyOwner {
  /** Nothing has come for too long (REQUEST_TIMEOUT), or more than a client may send (BODY_TOO_LARGE). */
  onBodyFault(code: ErrorCode): void
  /** More has come than can be held, and the client does not stop. */
  onBodyFlood(): void
  /** The socket has been paused, and so will not say any more when it can be written to. */
  onBodyPaused(): void
}

export class RequestBody implements Ticked {
  readonly #res: UwsResponse
  readonly #owner: BodyOwner
  readonly #ticker: Ticker
  readonly #patience: number
  readonly #mostBytes: number
  readonly #queue = new BodyQueue()
  /** Past this many held bytes the socket is paused (again). */
  #pauseAt = HELD_BYTES
  #received = 0
  #idleTicks = 0
  /** The last piece has come from the client; it may still be held. */
  #isComplete = false
  #isSocketPaused = false
  #isDropped = false

  /**
   * @param patience how many ticks may pass without a piece
   * @param mostBytes how long the body may become
   */
  constructor(
    res: UwsResponse,
    owner: BodyOwner,
    ticker: Ticker,
    patience: number,
    mostBytes: number,
  ) {
    this.#res = res
    this.#owner = owner
    this.#ticker = ticker
    this.#patience = patience
    this.#mostBytes = mostBytes
    ticker.add(this)
  }

  /** Bytes that have come from the client so far. */
  get received(): number {
    return this.#received
  }

  get isComplete(): boolean {
    return this.#isComplete
  }

  /** Pauses the socket anew, after a write of the answer that has undone it; true when it is to be paused. */
  keepPaused(): boolean {
    if (!this.#isSocketPaused) return false
    this.#res.resume()
    this.#res.pause()
    return true
  }

  /** Trap 4: an answer that ends on a paused socket leaves the connection deaf. */
  wakeSocket(): void {
    if (!this.#isSocketPaused) return
    this.#isSocketPaused = false
    this.#res.resume()
  }

  /** Called by uWebSockets.js, which takes the bytes back when this returns. */
  onData(chunk: ArrayBuffer, last: boolean): void {
    this.#idleTicks = 0
    this.#received += chunk.byteLength
    if (last) this.#isComplete = true
    if (this.#isDropped) return
    if (this.#received > this.#mostBytes) {
      this.#owner.onBodyFault('BODY_TOO_LARGE')
      return
    }
    const copy = chunk.byteLength === 0 ? EMPTY : Buffer.from(new Uint8Array(chunk))
    if (last) this.#ticker.delete(this)
    if (this.#queue.push(copy, last)) this.#limitHeld()
  }

  read(reader: BodyReader): void {
    if (this.#isDropped) return
    this.#queue.read(reader)
    this.#resumeSocket()
  }

  pause(): void {
    if (this.#isDropped) return
    this.#queue.pause()
    if (!this.#isSocketPaused) this.#pauseSocket()
  }

  resume(): void {
    if (this.#isDropped) return
    this.#queue.resume()
    this.#resumeSocket()
  }

  /** Whatever still comes is nobody's. It is counted, so that it can be told when the client is done. */
  drop(): void {
    this.#isDropped = true
    this.#queue.drop()
    this.#ticker.delete(this)
  }

  onTick(): void {
    // The library's clock stands still while the socket is paused, and so does ours: it is not the client who waits.
    if (this.#isSocketPaused || this.#isComplete) return
    if (++this.#idleTicks > this.#patience) {
      this.#owner.onBodyFault('REQUEST_TIMEOUT')
      return
    }
    // Trap 6: an upload slower than 16 KB/s is cut after 10 s, unless the clock starts anew. After the last piece it
    // must not be started: it would run against a slow target.
    this.restartClock()
  }

  /** Gives the client another 10 s, or none to a socket that is paused: there the clock stands. */
  restartClock(): void {
    if (this.#isSocketPaused) this.#res.resume()
    this.#res.pause()
    if (!this.#isSocketPaused) this.#res.resume()
  }

  #limitHeld(): void {
    const { heldBytes } = this.#queue
    if (heldBytes < this.#pauseAt) return
    if (heldBytes > FLOOD_BYTES) {
      this.#owner.onBodyFlood()
      return
    }
    this.#pauseAt = heldBytes + HELD_BYTES
    this.#pauseSocket()
  }

  #pauseSocket(): void {
    if (this.#isComplete) return
    // It may listen again, after a write of the answer that stayed incomplete.
    if (this.#isSocketPaused) this.#res.resume()
    this.#isSocketPaused = true
    this.#res.pause()
    this.#owner.onBodyPaused()
  }

  #resumeSocket(): void {
    if (!this.#isSocketPaused || this.#queue.isPaused || this.#isDropped) return
    // When all has come, the socket stays paused until the answer ends: resuming starts the 10 s clock, and a target
    // may well take longer.
    if (this.#isComplete) return
    this.#isSocketPaused = false
    this.#pauseAt = HELD_BYTES
    this.#idleTicks = 0
    this.#res.resume()
  }
}
