// One call: its tries, one after the other, and what the observer hears of them.
import { expected, UpstreamError } from '../errors/gateway-error.js'
import type { ErrorCode } from '../errors/codes.js'
import type { ResponseHead } from '../model/response-head.js'
import { hostAndPort } from '../util/host.js'
import type { TunnelEnd } from '../util/http1/tunnel-end.js'
import type { Connection, ConnectionUser, Dialer } from './connection.js'
import type { Failure } from './failure.js'
import { RequestBody } from './request-body.js'
import type { CallObserver, RunningCall, Target, Timeouts, UpstreamCall } from './transport.js'

/** nginx: `invalid_header` is not in proxy_next_upstream's default, `error` and `timeout` are. */
const NEVER_REPEATED: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'UPSTREAM_NAME',
  'UPSTREAM_INVALID_RESPONSE',
  'INTERNAL',
])

export class Call implements RunningCall, ConnectionUser {
  #dialer: Dialer
  #head: string
  readonly #call: UpstreamCall
  readonly #observer: CallObserver
  #connection: Connection | null = null
  #body: RequestBody | null = null
  #tries = 1
  #retriesLeft: number
  /** Until the next try. */
  #backoff: NodeJS.Timeout | null = null
  #isPaused = false
  /** The observer has heard of the answer, so that pausing means pausing the connection. */
  #hasResponse = false
  #isOver = false

  constructor(dialer: Dialer, call: UpstreamCall, observer: CallObserver) {
    this.#dialer = dialer
    this.#head = call.head
    this.#call = call
    this.#observer = observer
    this.#retriesLeft = call.retry?.attempts ?? call.retries
  }

  get method(): string {
    return this.#call.method
  }

  get upgrades(): boolean {
    return this.#call.upgrades
  }

  get timeouts(): Timeouts {
    return this.#call.timeouts
  }

  /** @param idle a connection that has served before, or null for a new one */
  // HOT PATH
  start(idle: Connection | null): void {
    this.#call.retry?.onRequest()
    if (idle === null) this.#connect()
    else this.onReady(idle)
  }

  // HOT PATH
  onReady(connection: Connection): void {
    const call = this.#call
    this.#connection = connection
    connection.begin(this)
    if (call.body.bodyLength === 0) {
      connection.writeOnly(this.#head, call.encoding, call.timeouts.readMs)
      return
    }
    // Together, so that a body which is there already leaves in the same packet.
    connection.cork()
    connection.write(this.#head, call.encoding)
    this.#body ??= new RequestBody(call.body, call.replayBytes, (what) => this.#refuseBody(what))
    this.#body.attach(connection)
    connection.uncork()
  }

  onWritable(): void {
    this.#body?.onWritable()
  }

  // HOT PATH
  onResponse(head: ResponseHead, length: number, chunk: Buffer | null, last: boolean): void {
    if (this.#call.retry !== null && this.#dropsAnswer(head.status, last)) return
    this.#hasResponse = true
    // An answer before the end of the request: nobody reads the rest (nginx: the same).
    if (this.#body !== null) this.#body.stop()
    if (last) this.#end()
    this.#observer.onResponse(head, length, chunk, last)
    if (this.#isPaused) this.#connection?.pause()
  }

  onSwitched(head: ResponseHead, target: TunnelEnd): void {
    this.#end()
    this.#observer.onSwitched(head, target)
  }

  // HOT PATH
  onChunk(chunk: Buffer | null, last: boolean): void {
    if (last) this.#end()
    this.#observer.onChunk(chunk, last)
  }

  onBroken(connection: Connection, failure: Failure): void {
    this.#connection = null
    this.#body?.detach()
    const what = `${addressOf(this.#dialer.target)} ${failure.what}`
    const isSent = connection.calls > 0
    if (!this.#mayRepeat(failure.code, isSent)) {
      this.#fail(failure.code, what, failure)
      return
    }
    // A connection that has served before may have been closed by the target at any moment.
    const isStale = connection.calls > 1 && failure.code === 'UPSTREAM_RESET'
    if (isStale) {
      this.#tries++
      this.#connect()
      return
    }
    if (!this.#mayRetry(failure.code, isSent)) this.#fail(failure.code, what, failure)
    else if (this.#moveOn(failure.code)) this.#tryAgain()
    else this.#fail('NO_PEER_LEFT', `no peer is left: ${what}`, failure)
  }

  /** Whether an answer is dropped for another try, which is on its way then. */
  #dropsAnswer(status: number, last: boolean): boolean {
    if (this.#body !== null && !this.#body.isReplayable) return false
    if (!this.#mayRetry(status, true) || !this.#moveOn(status)) return false
    const connection = this.#connection
    this.#connection = null
    this.#body?.detach()
    // One whose answer has ended has gone back to its pool.
    if (!last) connection?.destroy()
    this.#tryAgain()
    return true
  }

  #tryAgain(): void {
    const { retry } = this.#call
    this.#tries++
    const ms = retry === null ? 0 : retry.delayMs(retry.attempts - this.#retriesLeft)
    if (ms < 1) this.#connect()
    else this.#backoff = setTimeout(() => this.#connect(), ms).unref()
  }

  #connect(): void {
    try {
      this.#connection = this.#dialer.connect(this)
    } catch (error) {
      // Node.js throws at once for a host or a port that can be none.
      const cause = error instanceof Error ? error : null
      const what = `${addressOf(this.#dialer.target)} cannot be connected to`
      process.nextTick(() =>
        this.#fail('UPSTREAM_NAME', what, { code: 'UPSTREAM_NAME', what, cause }),
      )
    }
  }

  pause(): void {
    this.#isPaused = true
    if (this.#hasResponse) this.#connection?.pause()
  }

  resume(): void {
    this.#isPaused = false
    this.#connection?.resume()
  }

  abort(): void {
    this.#end()?.destroy()
  }

  /** Goes on to the target of the next try; false when there is none. */
  #moveOn(failed: ErrorCode | number): boolean {
    const { tries } = this.#call
    if (tries === null) return true
    const next = tries.next(failed)
    if (next === null) return false
    this.#dialer = next.origin
    this.#head = next.head
    return true
  }

  /** Whether the request may be sent once more, anywhere. */
  #mayRepeat(code: ErrorCode, isSent: boolean): boolean {
    if (this.#hasResponse || NEVER_REPEATED.has(code)) return false
    if (this.#body !== null && !this.#body.isReplayable) return false
    const { method, retry } = this.#call
    return !isSent || isIdempotent(method) || (retry?.covers(method) ?? false)
  }

  /** Decides about one of the `retries`, and counts it. */
  #mayRetry(failed: ErrorCode | number, isSent: boolean): boolean {
    const { method, retry } = this.#call
    if (this.#retriesLeft <= 0) return false
    if (retry !== null) {
      if (isSent && !retry.covers(method)) return false
      if (!retry.allows(failed) || !retry.take()) return false
    }
    this.#retriesLeft--
    return true
  }

  #refuseBody(what: string): void {
    // Later, because this may come while the caller is still waiting for `send` to return.
    process.nextTick(() => {
      if (this.#isOver) return
      this.#connection?.destroy()
      this.#fail('INTERNAL', what, null)
    })
  }

  #fail(code: ErrorCode, what: string, failure: Failure | null): void {
    if (this.#isOver) return
    this.#end()
    const detail = this.#tries > 1 ? `${what}, try ${this.#tries}` : what
    const cause = failure?.cause ?? undefined
    this.#observer.onFailure(
      expected(UpstreamError, code, cause === undefined ? { detail } : { detail, cause }),
    )
  }

  /** Nothing is heard of the call from here on. */
  #end(): Connection | null {
    const connection = this.#connection
    this.#isOver = true
    if (this.#backoff !== null) clearTimeout(this.#backoff)
    this.#connection = null
    this.#body?.stop()
    return connection
  }
}

function isIdempotent(method: string): boolean {
  return method !== 'POST' && method !== 'PATCH' && method !== 'LOCK'
}

function addressOf({ host, port }: Target): string {
  return hostAndPort(host, port)
}
