// A request's journey: match and access; proxied.ts has its way to the target and back, ending.ts the ways in which it
// may end.
import { GatewayError, RequestError, expected } from '../errors/gateway-error.js'
import { removeNamedFields } from '../proxy/request-head.js'
import { normalizePath } from '../util/path.js'
import { EXIT } from './context.js'
import { refuseProtocol } from './protocol.js'
import { Proxied } from './proxied.js'
import type { ErrorCode } from '../errors/codes.js'
import type { ExchangeObserver } from '../model/exchange.js'
import type { AnyPlugin } from '../plugin/contract.js'
import type { RouteQuestion } from '../router/contract.js'
import type { CompiledRoute } from './compiled.js'

// One question for all requests: the router reads it before it returns.
const question: { -readonly [K in keyof RouteQuestion]: RouteQuestion[K] | undefined } = {
  method: undefined,
  host: undefined,
  path: undefined,
  headers: undefined,
  port: undefined,
  secure: undefined,
  serverName: undefined,
  origin: undefined,
}

export class Journey extends Proxied implements ExchangeObserver {
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
    question.origin = this
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
    removeNamedFields(exchange)
    this.#access(0)
  }

  /** True when the request has been answered. */
  #refusesProtocol(route: CompiledRoute): boolean {
    const refusal = refuseProtocol(this, route)
    if (refusal === null) return false
    if ('code' in refusal) this.fail(expected(RequestError, refusal.code), refusal.headers)
    else {
      this.exit(refusal.status, null, { Location: refusal.location })
      this.sendAnswer()
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
        this.failPlugin(step.plugin, error)
        return
      }
      if (result === undefined) continue
      if (isThenable(result)) this.#resume(result, step.plugin, i)
      else this.#exit(step.plugin, result)
      return
    }
    this.takeBody()
  }

  #resume(waiting: PromiseLike<unknown>, plugin: AnyPlugin, slot: number): void {
    Promise.resolve(waiting)
      .then(
        (result) => {
          if (this.isEnded) return
          if (result === undefined) this.#access(slot + 1)
          else this.#exit(plugin, result)
        },
        (error: unknown) => {
          if (!this.isEnded) this.failPlugin(plugin, error)
        },
      )
      // Here no engine stands below that would answer for what has gone wrong in our own code.
      .catch((cause: unknown) => {
        this.fail(new GatewayError('INTERNAL', { cause }))
      })
  }

  /** Anything but the token would leave the client without an answer for good. */
  #exit(plugin: AnyPlugin, result: unknown): void {
    if (result === EXIT && this.answer !== null) this.sendAnswer()
    else this.failPlugin(plugin, new TypeError('access returned neither undefined nor an exit'))
  }

  // ExchangeObserver

  onDrain(): void {
    if (this.transforms !== null) this.transforms.resume()
    else this.call?.resume()
  }

  onBodyFault(code: ErrorCode): void {
    this.fail(expected(RequestError, code))
  }

  onAborted(): void {
    this.aborted = true
    this.call?.abort()
    this.end()
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value
}
