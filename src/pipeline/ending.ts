// How a request ends: with a plugin's answer, with a fault, or with the target's answer; filters and log run on each of
// them. journey.ts says when.
import {
  CONTENT_TYPES,
  defaultMessage,
  formatError,
  negotiateFormat,
  type ErrorFormat,
} from '../errors/body.js'
import { ERRORS, type ErrorCode } from '../errors/codes.js'
import { GatewayError, PluginError } from '../errors/gateway-error.js'
import { OVERLAP, ResponseHead } from '../model/response-head.js'
import type { Attempts } from './attempts.js'
import { RequestContext } from './context.js'
import type { ExitAnswer } from './exit-answer.js'
import { ownFields, proxiedFields } from './gateway-fields.js'
import { hasKongPage, nginxPage } from './nginx-pages.js'
import type { AnyPlugin, ClientResponse } from '../plugin/contract.js'
import type { RunningCall } from '../proxy/transport.js'

const EMPTY = Buffer.alloc(0)

export abstract class Ending extends RequestContext {
  /** The call under way. */
  protected call: RunningCall | null = null
  /** Where the call has a choice of targets. */
  protected attempts: Attempts | null = null
  /** The target has not answered, or not to the end: its status is a fault's. */
  protected hasFailed = false
  /** From here on a fault can only cut the connection. */
  protected isHeadSent = false
  protected isEnded = false

  protected failPlugin(plugin: AnyPlugin, cause: unknown): void {
    // A fault that a plugin came upon through the context, such as a body over its limit, keeps its own status.
    if (cause instanceof GatewayError) this.fail(cause)
    else this.fail(new PluginError('PLUGIN_FAILED', { detail: `plugin ${plugin.name}`, cause }))
  }

  /** Ends the request with a fault: an answer, or, once the head has left, a cut connection. */
  fail(error: GatewayError, headers?: Readonly<Record<string, string>>): void {
    if (this.isEnded) return
    this.#report(error)
    if (this.isHeadSent) {
      this.exchange.close()
      this.end()
      return
    }
    this.call?.abort()
    // Kong's own refusals carry the headers of an answer that was not proxied, also when a target had been chosen.
    if (ERRORS[error.code].format === 'accept') this.sentAt = 0
    const { status } = error
    if (ERRORS[error.code].format === 'page') {
      this.answer = { status, body: nginxPage(status), contentType: 'text/html', headers }
    } else this.#answerWith(status, error.message, this.#errorFormat(error.code), headers)
    this.sendAnswer('error')
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
  protected sendAnswer(source: ClientResponse['source'] = 'exit'): void {
    const { exchange } = this
    if (this.answer?.body === null) this.#fillEmptyAnswer(this.answer)
    const { answer } = this
    if (answer === null || this.isEnded) return
    const head = new ResponseHead(answer.status, '', OVERLAP.none)
    this.beginResponse(head, source, answer.body === null ? 0 : Buffer.byteLength(answer.body))
    if (answer.contentType !== null) head.headers.set('Content-Type', answer.contentType)
    for (const name in answer.headers) this.#setHeader(head, name, answer.headers[name] ?? '')
    if (!this.filterHeaders()) return
    let body: string | Buffer | null | undefined = answer.body
    if (this.bodySteps.length > 0) {
      body = this.filterBody(typeof body === 'string' ? Buffer.from(body) : body, true)
      if (body === undefined) return
    }
    const isProxied = answer.isReplay === true || this.sentAt > 0
    const fields = isProxied ? proxiedFields(this, head) : ownFields(this, head)
    this.isHeadSent = true
    if (this.transforms !== null) {
      this.beginTransforms(head.status, fields)
      this.transforms.write(typeof body === 'string' ? Buffer.from(body) : body, true)
      return
    }
    this.responseBytes = body === null ? 0 : Buffer.byteLength(body)
    exchange.respond(head.status, fields, body)
    this.end()
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
  protected filterHeaders(): boolean {
    for (const step of this.plan.headerFilter) {
      this.headerStep = step
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
    this.call?.abort()
    if (this.isHeadSent) this.exchange.close()
    else {
      const format = this.#errorFormat(error.code)
      const head = new ResponseHead(error.status, '', OVERLAP.none)
      head.headers.set('Content-Type', CONTENT_TYPES[format])
      this.head = head
      const body = formatError(format, error.message, this.requestId)
      this.exchange.respond(error.status, ownFields(this, head), body)
    }
    this.end()
  }

  /** Every filter in turn. Undefined when one threw: the request has ended. */
  protected filterBody(chunk: Buffer | null, last: boolean): Buffer | null | undefined {
    // Copied, since a filter may keep it and a target's chunk is valid only for now.
    let piece: Buffer | null = chunk === null ? null : Buffer.from(chunk)
    for (const step of this.bodySteps) {
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

  // TransformOwner

  /** The head goes out, and what is written to the transforms from here on. */
  protected beginTransforms(status: number, fields: string): void {
    this.exchange.start(status, fields, -1)
    this.transforms?.begin()
  }

  override onTransformed(piece: Buffer): boolean {
    this.responseBytes += piece.length
    return this.exchange.write(piece)
  }

  override onTransformEnd(): void {
    // It may have had enough before the target had said all.
    this.call?.abort()
    this.exchange.end()
    this.end()
  }

  override onTransformReady(): void {
    this.call?.resume()
  }

  override onTransformFailure(plugin: string, cause: unknown): void {
    this.call?.abort()
    this.fail(new PluginError('PLUGIN_FAILED', { detail: `plugin ${plugin}`, cause }))
  }

  #report(error: GatewayError): void {
    if (error.status < 500) return
    const { code, detail, cause } = error
    this.log.error({ code, detail, err: cause, route: this.route?.name }, error.message)
  }

  #finishAttempts(attempts: Attempts): void {
    const { upstreamStatus, sentAt, answeredAt } = this
    const isAnswered = upstreamStatus > 0 && !this.hasFailed
    attempts.finish(upstreamStatus, isAnswered ? answeredAt - sentAt : -1)
  }

  /** Exactly once, after the last byte or the abort. */
  protected end(): void {
    if (this.isEnded) return
    this.isEnded = true
    this.transforms?.drop()
    if (this.attempts !== null) this.#finishAttempts(this.attempts)
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
