// A request before its target: its body is waited for, it takes a place in the bulkhead, if there is one, and passes the
// breaker, or is refused.
import { ERRORS, type ErrorCode } from '../errors/codes.js'
import { GatewayError } from '../errors/gateway-error.js'
import type { Breaker, Pass } from '../upstream/breaker/breaker.js'
import type { Bulkhead, Waiting } from '../upstream/bulkhead/bulkhead.js'
import { BufferedBody, HeldBody } from './body.js'
import { Ending } from './ending.js'
import { NO_GUARDS } from './guards.js'

export abstract class Guarded extends Ending implements Waiting {
  /** Of the route's breaker, which has not heard yet what came of the call. */
  protected pass: Pass | null = null
  /** In which this request has a place, or waits for one. */
  protected bulkhead: Bulkhead | null = null

  /** HOT PATH. The target hears of a request when its body is there, or as much of it as is kept. */
  protected takeBody(): void {
    const { body, compiledRoute } = this
    const isReady = body.bodyLength === 0 || body instanceof BufferedBody
    // What will be refused all the same need not be sent to us first.
    const isWanted = compiledRoute?.target && compiledRoute.guards.breaker?.isRefusing !== true
    const bytes = isReady || !isWanted ? 0 : compiledRoute.requestBufferBytes
    if (bytes === 0) {
      this.#passGuards()
      return
    }
    const held = new HeldBody(body, bytes, (whole) => {
      if (this.isEnded) return
      if (whole !== null) this.replaceBody(whole)
      this.#passGuards()
    })
    this.body = held
    held.hold()
  }

  /** HOT PATH. Goes on to `forward`, now or when there is a place. */
  #passGuards(): void {
    const { breaker, bulkhead } = this.compiledRoute?.guards ?? NO_GUARDS
    if (bulkhead === null || this.#enters(bulkhead, breaker)) this.#passBreaker(breaker)
  }

  protected abstract forward(): void

  /** False: the request waits for a place, or has been refused. What would be refused in the end does not wait for that. */
  #enters(bulkhead: Bulkhead, breaker: Breaker | null): boolean {
    if (breaker?.isRefusing === true) return true
    const entry = bulkhead.enter(this)
    if (entry === 'refused') this.onNoPlace()
    else this.bulkhead = bulkhead
    return entry === 'entered'
  }

  /**
   * HOT PATH. A fault of our own ends here: whoever calls, a socket or the end of another request, has nothing to do
   * with it, and only the end of this one gives back its place and its pass.
   */
  #passBreaker(breaker: Breaker | null): void {
    try {
      if (breaker !== null && (this.pass = breaker.pass()) === null) this.#refuseOpen(breaker)
      else this.forward()
    } catch (cause) {
      this.fail(new GatewayError('INTERNAL', { cause }))
    }
  }

  // Waiting

  onPlace(): void {
    this.#passBreaker(this.compiledRoute?.guards.breaker ?? null)
  }

  onNoPlace(): void {
    this.bulkhead = null
    this.#refuse('BULKHEAD_FULL')
  }

  #refuseOpen(breaker: Breaker): void {
    const { fallback } = breaker.policy
    if (fallback === null) {
      this.#refuse('CIRCUIT_OPEN', { 'Retry-After': String(breaker.retryAfter) })
      return
    }
    this.answer = { ...fallback, headers: undefined }
    this.sendAnswer('error')
  }

  /** That requests are refused is in the log, so that each of them need not be. */
  #refuse(code: ErrorCode, headers?: Readonly<Record<string, string>>): void {
    const { status, message } = ERRORS[code]
    this.error(status, message, headers)
    this.sendAnswer('error')
  }

  protected override end(): void {
    if (this.isEnded) return
    this.pass?.onLeft()
    super.end()
    // Last, since another request may begin at once in its place.
    this.bulkhead?.leave(this)
  }
}
