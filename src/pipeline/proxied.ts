// A request's way to its target and back: who is asked, what is sent, and what of the answer goes on to the client.
import { GatewayError, RequestError, UpstreamError, expected } from '../errors/gateway-error.js'
import { requestHead } from '../proxy/request-head.js'
import { Attempts } from './attempts.js'
import { BufferedBody } from './body.js'
import { Guarded } from './guarded.js'
import { proxiedFields } from './gateway-fields.js'
import { originFor, PeerOrigins, type ServiceTarget } from './service-target.js'
import { SameTarget, TryLog } from './try-log.js'
import { joinTunnel } from './tunnel.js'
import type { ResponseHead } from '../model/response-head.js'
import type { CallObserver, Origin } from '../proxy/transport.js'
import type { TunnelEnd } from '../util/http1/tunnel-end.js'

export abstract class Proxied extends Guarded implements CallObserver {
  /** HOT PATH. */
  protected override forward(): void {
    const target = this.compiledRoute?.target ?? null
    if (target === null) {
      this.fail(expected(RequestError, 'NO_SERVICE'))
      return
    }
    const { destination } = target
    // HOT PATH: access is over, so these are the plugins that will log.
    if (this.plan.log.length > 0) this.tryLog = new TryLog()
    if (destination instanceof PeerOrigins) {
      this.attempts = new Attempts(destination, this, this.givenHost, this.tryLog)
      this.#balance(target, this.attempts)
    } else if (destination !== null) {
      const host = this.givenHost || target.hostHeader
      this.#send(target, originFor(destination, target.hostHeader, host), host)
    } else {
      const detail = `service ${target.service.name ?? target.service.id}: ${target.service.protocol} is not served`
      this.fail(expected(UpstreamError, 'UPSTREAM_PROTOCOL', { detail }))
    }
  }

  /** HOT PATH. */
  #balance(target: ServiceTarget, attempts: Attempts): void {
    if (attempts.start() && attempts.origin !== null) {
      this.#send(target, attempts.origin, attempts.host)
      return
    }
    const waiting = attempts.wait()
    if (waiting === null) this.#failWithoutPeer(target)
    else this.#sendAfter(waiting, target, attempts)
  }

  /** Once a name has been resolved for the first time. */
  #sendAfter(waiting: Promise<void>, target: ServiceTarget, attempts: Attempts): void {
    waiting
      .then(() => {
        if (this.isEnded) return
        if (attempts.start() && attempts.origin !== null) {
          this.#send(target, attempts.origin, attempts.host)
        } else this.#failWithoutPeer(target)
      })
      .catch((cause: unknown) => {
        this.fail(cause instanceof GatewayError ? cause : new GatewayError('INTERNAL', { cause }))
      })
  }

  #failWithoutPeer({ service }: ServiceTarget): void {
    const detail = `no target of ${service.host} is there, up and of any weight`
    this.fail(expected(UpstreamError, 'NO_PEER', { detail }))
  }

  /** HOT PATH. */
  #send(target: ServiceTarget, origin: Origin, host: string): void {
    // Asking for the time costs as much as routing; without plugins there is none to speak of in between.
    const isLater = this.plan.access.length > 0 || this.bulkhead !== null
    this.sentAt = isLater ? performance.now() : this.startedAt
    const head = this.requestHead(host)
    const { tryLog, attempts, compiledRoute } = this
    this.call = origin.send(
      {
        method: this.upstreamView?.method ?? this.exchange.method,
        head,
        encoding: this.exchange.encoding,
        body: this.body,
        replayBytes:
          this.body instanceof BufferedBody ? Infinity : (compiledRoute?.requestBufferBytes ?? 0),
        upgrades: this.upgrades,
        timeouts: target.timeouts,
        retries: target.service.retries,
        retry: compiledRoute?.guards.retry ?? null,
        tries: attempts ?? (tryLog && new SameTarget(tryLog, origin, head)),
      },
      this,
    )
  }

  requestHead(host: string): string {
    const { exchange, upstreamView, compiledRoute } = this
    const { bodyLength } = this.body
    if (upstreamView !== null) {
      const { method, path } = upstreamView
      return requestHead(method, path + this.querySuffix, host, bodyLength, this)
    }
    const path = compiledRoute?.upstreamPath(this.match, this.path) ?? '/'
    return requestHead(exchange.method, path + this.querySuffix, host, bodyLength, this)
  }

  // CallObserver

  onResponse(head: ResponseHead, length: number, chunk: Buffer | null, last: boolean): void {
    try {
      this.#answer(head, length, chunk, last)
    } catch (cause) {
      // Called from a socket: nobody below would answer the client for a fault of our own.
      this.fail(new GatewayError('INTERNAL', { cause }))
    }
  }

  /** HOT PATH. */
  #beginAnswer(head: ResponseHead, length: number): void {
    const { pass } = this
    this.answeredAt = performance.now()
    this.upstreamStatus = head.status
    this.pass = null
    pass?.onStatus(head.status, this.answeredAt)
    if (this.attempts !== null) this.attempts.addCookie(head)
    this.beginResponse(head, 'upstream', length)
  }

  /** HOT PATH. */
  #answer(head: ResponseHead, length: number, chunk: Buffer | null, last: boolean): void {
    this.#beginAnswer(head, length)
    if (this.plan.headerFilter.length > 0 && !this.filterHeaders()) return
    const isFiltered = this.bodySteps.length > 0
    const piece = isFiltered ? this.filterBody(chunk, last) : chunk
    if (piece === undefined) return
    const fields = proxiedFields(this, head)
    this.isHeadSent = true
    if (this.transforms !== null) {
      this.beginTransforms(head.status, fields)
      this.#pass(piece, last)
      return
    }
    // HEAD announces a length without a body, which only `start` can say.
    if (last && this.exchange.method !== 'HEAD') {
      this.responseBytes = piece?.length ?? 0
      this.exchange.respond(head.status, fields, piece)
      this.end()
      return
    }
    this.exchange.start(head.status, fields, this.changesBody ? -1 : length)
    this.#pass(piece, last)
  }

  onSwitched(head: ResponseHead, target: TunnelEnd): void {
    try {
      if (!this.#openTunnel(head, target)) target.close()
    } catch (cause) {
      target.close()
      this.fail(new GatewayError('INTERNAL', { cause }))
    }
  }

  /** False when the target's connection is of no use: the client has been answered otherwise. */
  #openTunnel(head: ResponseHead, target: TunnelEnd): boolean {
    this.#beginAnswer(head, 0)
    if (!this.filterHeaders()) return false
    const fields = proxiedFields(this, head)
    this.isHeadSent = true
    const client = head.status === 101 ? this.exchange.tunnel(fields) : null
    if (client === null) {
      // A plugin has made another answer of it.
      this.exchange.respond(head.status, fields, null)
      this.end()
      return false
    }
    joinTunnel(
      client,
      target,
      (bytes) => (this.responseBytes += bytes),
      () => this.end(),
    )
    return true
  }

  /** HOT PATH: once per piece of a body. */
  onChunk(chunk: Buffer | null, last: boolean): void {
    const piece = this.bodySteps.length > 0 ? this.filterBody(chunk, last) : chunk
    if (piece !== undefined) this.#pass(piece, last)
  }

  #pass(chunk: Buffer | null, last: boolean): void {
    if (this.transforms !== null) {
      if (!this.transforms.write(chunk, last) && !last) this.call?.pause()
      return
    }
    if (chunk !== null && chunk.length > 0) {
      this.responseBytes += chunk.length
      if (!this.exchange.write(chunk) && !last) this.call?.pause()
    }
    if (!last) return
    this.exchange.end()
    this.end()
  }

  onFailure(error: UpstreamError): void {
    const { pass } = this
    this.answeredAt = performance.now()
    if (this.upstreamStatus === 0) this.tryLog?.failed(error.code)
    // nginx: the status that stands for a target that has none. A name that is not found is no target, and a fault of
    // our own says nothing of one.
    const isTargets = error.code !== 'UPSTREAM_NAME' && error.code !== 'INTERNAL'
    if (isTargets && this.upstreamStatus === 0) this.upstreamStatus = error.status
    this.hasFailed = true
    this.pass = null
    pass?.onFailure(error.code, this.answeredAt)
    this.fail(error)
  }
}
