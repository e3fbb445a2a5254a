// A request's journey: match, access, target, answer, log. Every ending comes through here, exactly once.
import {
  CONTENT_TYPES,
  defaultMessage,
  formatError,
  negotiateFormat,
  type ErrorFormat,
} from '../errors/body.js'
import { ERRORS, type ErrorCode } from '../errors/codes.js'
import {
  GatewayError,
  PluginError,
  RequestError,
  UpstreamError,
  expected,
} from '../errors/gateway-error.js'
import { OVERLAP, ResponseHead } from '../model/response-head.js'
import { requestHead } from '../proxy/request-head.js'
import { normalizePath } from '../util/path.js'
import { EXIT, RequestContext, type ExitAnswer } from './context.js'
import { ownFields, proxiedFields } from './gateway-fields.js'
import { hasKongPage, nginxPage } from './nginx-pages.js'
import { refuseProtocol } from './protocol.js'
import type { ExchangeObserver } from '../model/exchange.js'
import type { AnyPlugin, ClientResponse } from '../plugin/contract.js'
import type { CallObserver, RunningCall } from '../proxy/transport.js'
import type { RouteQuestion } from '../router/contract.js'
import type { CompiledRoute, ServiceTarget } from './compiled.js'

const EMPTY = Buffer.alloc(0)

// One question for all requests: the router reads it before it returns.
const question: { -readonly [K in keyof RouteQuestion]: RouteQuestion[K] | undefined } = {
  method: undefined,
  host: undefined,
  path: undefined,
  headers: undefined,
  port: undefined,
  secure: undefined,
  serverName: undefined,
}

export class Journey extends RequestContext implements ExchangeObserver, CallObserver {
  #call: RunningCall | null = null
  #isHeadSent = false
  #isEnded = false

  /** HOT PATH. Carries the exchange from here to its end. */
  start(): void {
    const { exchange } = this
    exchange.observer = this
    if (exchange.fault !== null) {
      this.fail(expected(RequestError, exchange.fault))
      return
    }
    this.path = normalizePath(this.rawPath)
    question.method = exchange.method
    question.host = exchange.host
    question.path = this.path
    question.headers = exchange.headers
    question.port = exchange.listener.port
    question.secure = exchange.listener.secure
    question.serverName = exchange.serverName
    const match = this.compiled.router.match(question as RouteQuestion)
    const route = match === null ? null : this.compiled.routeOf(match)
    if (route === null) {
      this.fail(expected(RequestError, 'NO_ROUTE'))
      return
    }
    this.match = match
    this.compiledRoute = route
    this.plan = route.plans.base
    if ((route.isHttpsOnly || route.isGrpc) && this.#refusesProtocol(route)) return
    this.#access(0)
  }

  /** True when the request has been answered. */
  #refusesProtocol(route: CompiledRoute): boolean {
    const refusal = refuseProtocol(this, route)
    if (refusal === null) return false
    if ('code' in refusal) this.fail(expected(RequestError, refusal.code), refusal.headers)
    else {
      this.exit(refusal.status, null, { Location: refusal.location })
      this.#sendAnswer()
    }
    return true
  }

  /** HOT PATH: once per request, and once more behind every step that had to wait. */
  #access(from: number): void {
    for (let i = from; i < this.plan.access.length; i++) {
      const step = this.plan.access[i]
      if (!step) continue
      this.slot = i
      let result: unknown
      try {
        result = step.plugin.access?.(this, step.config)
      } catch (error) {
        this.#failPlugin(step.plugin, error)
        return
      }
      if (result === undefined) continue
      if (isThenable(result)) this.#resume(result, step.plugin, i)
      else this.#exit(step.plugin, result)
      return
    }
    this.#proxy()
  }

  #resume(waiting: PromiseLike<unknown>, plugin: AnyPlugin, slot: number): void {
    Promise.resolve(waiting)
      .then(
        (result) => {
          if (this.#isEnded) return
          if (result === undefined) this.#access(slot + 1)
          else this.#exit(plugin, result)
        },
        (error: unknown) => {
          if (!this.#isEnded) this.#failPlugin(plugin, error)
        },
      )
      // Here no engine stands below that would answer for what has gone wrong in our own code.
      .catch((cause: unknown) => {
        this.fail(new GatewayError('INTERNAL', { cause }))
      })
  }

  /** Anything but the token would leave the client without an answer for good. */
  #exit(plugin: AnyPlugin, result: unknown): void {
    if (result === EXIT && this.answer !== null) this.#sendAnswer()
    else this.#failPlugin(plugin, new TypeError('access returned neither undefined nor an exit'))
  }

  /** HOT PATH. */
  #proxy(): void {
    const target = this.compiledRoute?.target ?? null
    if (target === null) {
      this.fail(expected(RequestError, 'NO_SERVICE'))
      return
    }
    if (target.origin === null) {
      const detail = `service ${target.service.name ?? target.service.id}: ${target.service.protocol} is not served`
      this.fail(expected(UpstreamError, 'UPSTREAM_PROTOCOL', { detail }))
      return
    }
    this.sentAt = performance.now()
    this.#call = target.origin.send(
      {
        method: this.upstreamView?.method ?? this.exchange.method,
        head: this.#requestHead(target),
        encoding: this.exchange.encoding,
        body: this.body,
        timeouts: target.timeouts,
        retries: target.service.retries,
      },
      this,
    )
  }

  #requestHead(target: ServiceTarget): string {
    const { exchange, upstreamView, compiledRoute } = this
    const { bodyLength } = this.body
    if (upstreamView !== null) {
      const { method, path, host } = upstreamView
      return requestHead(method, path + this.querySuffix, host, bodyLength, this)
    }
    const path = compiledRoute?.upstreamPath(this.match, this.path) ?? '/'
    const host = compiledRoute?.upstreamHost(exchange.host) ?? target.hostHeader
    return requestHead(exchange.method, path + this.querySuffix, host, bodyLength, this)
  }

  // CallObserver

  /** HOT PATH. */
  onResponse(head: ResponseHead, length: number, chunk: Buffer | null, last: boolean): void {
    this.answeredAt = performance.now()
    this.upstreamStatus = head.status
    this.beginResponse(head, 'upstream')
    if (this.plan.headerFilter.length > 0 && !this.#filterHeaders()) return
    const isFiltered = this.plan.bodyFilter.length > 0
    const piece = isFiltered ? this.#filterBody(chunk, last) : chunk
    if (piece === undefined) return
    const fields = proxiedFields(this, head)
    this.#isHeadSent = true
    // HEAD announces a length without a body, which only `start` can say.
    if (last && this.exchange.method !== 'HEAD') {
      this.responseBytes = piece?.length ?? 0
      this.exchange.respond(head.status, fields, piece)
      this.#end()
      return
    }
    this.exchange.start(head.status, fields, isFiltered ? -1 : length)
    this.#pass(piece, last)
  }

  /** HOT PATH: once per piece of a body. */
  onChunk(chunk: Buffer | null, last: boolean): void {
    const piece = this.plan.bodyFilter.length > 0 ? this.#filterBody(chunk, last) : chunk
    if (piece !== undefined) this.#pass(piece, last)
  }

  #pass(chunk: Buffer | null, last: boolean): void {
    if (chunk !== null && chunk.length > 0) {
      this.responseBytes += chunk.length
      if (!this.exchange.write(chunk) && !last) this.#call?.pause()
    }
    if (!last) return
    this.exchange.end()
    this.#end()
  }

  onFailure(error: UpstreamError): void {
    this.answeredAt = performance.now()
    this.fail(error)
  }

  // ExchangeObserver

  onDrain(): void {
    this.#call?.resume()
  }

  onAborted(): void {
    this.aborted = true
    this.#call?.abort()
    this.#end()
  }

  // Answers of the gateway's own

  #failPlugin(plugin: AnyPlugin, cause: unknown): void {
    // A fault that a plugin came upon through the context, such as a body over its limit, keeps its own status.
    if (cause instanceof GatewayError) this.fail(cause)
    else this.fail(new PluginError('PLUGIN_FAILED', { detail: `plugin ${plugin.name}`, cause }))
  }

  /** Ends the request with a fault: an answer, or, once the head has left, a cut connection. */
  fail(error: GatewayError, headers?: Readonly<Record<string, string>>): void {
    if (this.#isEnded) return
    this.#report(error)
    if (this.#isHeadSent) {
      this.exchange.close()
      this.#end()
      return
    }
    this.#call?.abort()
    // Kong's own refusals carry the headers of an answer that was not proxied, also when a target had been chosen.
    if (ERRORS[error.code].format === 'accept') this.sentAt = 0
    this.#answerWith(error.status, error.message, this.#errorFormat(error.code), headers)
    this.#sendAnswer('error')
  }

  #answerWith(
    status: number,
    message: string,
    format: ErrorFormat,
    headers: Readonly<Record<string, string>> | undefined,
  ): void {
    const body = formatError(format, message, this.requestId)
    this.answer = { status, body, contentType: CONTENT_TYPES[format], headers }
  }

  /** An exit without a body: Kong leaves it to nginx, which knows pages for some statuses. */
  #fillEmptyAnswer({ status, headers }: ExitAnswer): void {
    if (hasKongPage(status)) {
      this.#answerWith(status, defaultMessage(status), this.#nginxFormat(), headers)
      return
    }
    const page = nginxPage(status)
    if (page !== null) this.answer = { status, body: page, contentType: 'text/html', headers }
  }

  #errorFormat(code: ErrorCode): ErrorFormat {
    if (ERRORS[code].format === 'nginx') return this.#nginxFormat()
    return negotiateFormat(this.exchange.headers.get('accept') ?? '')
  }

  #nginxFormat(): ErrorFormat {
    const { headers } = this.exchange
    const wanted = headers.get('accept') ?? headers.get('content-type')
    return wanted === undefined ? this.settings.errorDefaultType : negotiateFormat(wanted)
  }

  /** Sends what a plugin, or `fail`, has decided on. */
  #sendAnswer(source: ClientResponse['source'] = 'exit'): void {
    const { exchange } = this
    if (this.answer?.body === null) this.#fillEmptyAnswer(this.answer)
    const { answer } = this
    if (answer === null || this.#isEnded) return
    const head = new ResponseHead(answer.status, '', OVERLAP.none)
    this.beginResponse(head, source)
    if (answer.contentType !== null) head.headers.set('Content-Type', answer.contentType)
    for (const name in answer.headers) this.#setHeader(head, name, answer.headers[name] ?? '')
    if (!this.#filterHeaders()) return
    let body: string | Buffer | null | undefined = answer.body
    if (this.plan.bodyFilter.length > 0) {
      body = this.#filterBody(typeof body === 'string' ? Buffer.from(body) : body, true)
      if (body === undefined) return
    }
    const fields = this.sentAt > 0 ? proxiedFields(this, head) : ownFields(this, head)
    this.#isHeadSent = true
    this.responseBytes = body === null ? 0 : Buffer.byteLength(body)
    exchange.respond(head.status, fields, body)
    this.#end()
  }

  #setHeader({ headers }: ResponseHead, name: string, value: string): void {
    try {
      headers.set(name, value)
    } catch (error) {
      // It must not be sent; the others may.
      this.log.error({ err: error }, 'an answer has a header that cannot be sent; it is left out')
    }
  }

  // Filters and the end

  /** False when a filter threw: the request has been ended with a 500 instead. */
  #filterHeaders(): boolean {
    for (const step of this.plan.headerFilter) {
      try {
        step.plugin.header_filter?.(this, step.config)
      } catch (cause) {
        this.#failFilter(step.plugin, cause)
        return false
      }
    }
    return true
  }

  /**
   * A filter that throws would throw again on the 500 that stands for it: that goes out unfiltered. What a filter
   * was to take out of an answer must not leave, so nothing of the answer itself does.
   */
  #failFilter(plugin: AnyPlugin, cause: unknown): void {
    const error = new PluginError('PLUGIN_FAILED', { detail: `plugin ${plugin.name}`, cause })
    this.#report(error)
    this.#call?.abort()
    if (this.#isHeadSent) this.exchange.close()
    else {
      const format = this.#errorFormat(error.code)
      const head = new ResponseHead(error.status, '', OVERLAP.none)
      head.headers.set('Content-Type', CONTENT_TYPES[format])
      this.head = head
      const body = formatError(format, error.message, this.requestId)
      this.exchange.respond(error.status, ownFields(this, head), body)
    }
    this.#end()
  }

  /** Every filter in turn. Undefined when one threw: the request has ended. */
  #filterBody(chunk: Buffer | null, last: boolean): Buffer | null | undefined {
    // Copied, since a filter may keep it and a target's chunk is valid only for now.
    let piece: Buffer | null = chunk === null ? null : Buffer.from(chunk)
    for (const step of this.plan.bodyFilter) {
      try {
        piece = step.plugin.body_filter?.(this, step.config, piece ?? EMPTY, last) ?? null
        if (piece !== null && !Buffer.isBuffer(piece)) {
          throw new TypeError('body_filter returned neither a Buffer nor null')
        }
      } catch (cause) {
        this.#failFilter(step.plugin, cause)
        return undefined
      }
    }
    return piece
  }

  #report(error: GatewayError): void {
    if (error.status < 500) return
    const { code, detail, cause } = error
    this.log.error({ code, detail, err: cause, route: this.route?.name }, error.message)
  }

  /** Exactly once, after the last byte or the abort. */
  #end(): void {
    if (this.#isEnded) return
    this.#isEnded = true
    for (const step of this.plan.log) {
      try {
        step.plugin.log?.(this, step.config)
      } catch (cause) {
        this.#report(
          new PluginError('PLUGIN_FAILED', { detail: `plugin ${step.plugin.name}`, cause }),
        )
      }
    }
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value
}
