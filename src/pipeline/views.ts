// What plugins see of a request, its way to the target, and the answer. Made when a plugin first looks.
import { hostWithoutPort } from '../util/host.js'
import type { Headers, ReadonlyHeaders } from '../util/header-list.js'
import type {
  ClientRequest,
  ClientResponse,
  Query,
  ReadonlyQuery,
  UpstreamRequest,
  UriCaptures,
} from '../plugin/contract.js'
import type { ResponseHead } from '../model/response-head.js'
import type { RequestContext } from './context.js'

const NO_CAPTURES: UriCaptures = Object.freeze({
  unnamed: Object.freeze([]),
  named: Object.freeze({}),
})

export class ClientRequestView implements ClientRequest {
  readonly #ctx: RequestContext

  constructor(ctx: RequestContext) {
    this.#ctx = ctx
  }

  get id(): string {
    return this.#ctx.requestId
  }
  get method(): string {
    return this.#ctx.exchange.method
  }
  get target(): string {
    return this.#ctx.exchange.target
  }
  get path(): string {
    return this.#ctx.path
  }
  get scheme(): 'http' | 'https' {
    return this.#ctx.exchange.listener.secure ? 'https' : 'http'
  }
  get host(): string {
    return hostWithoutPort(this.#ctx.exchange.host)
  }
  get port(): number {
    return this.#ctx.exchange.listener.port
  }
  get localAddress(): string {
    return this.#ctx.exchange.listener.address
  }
  get isPeerTrusted(): boolean {
    return this.#ctx.isPeerTrusted
  }
  get clientIp(): string {
    return this.#ctx.clientIp
  }
  get httpVersion(): '1.0' | '1.1' {
    return this.#ctx.exchange.httpVersion === '1.0' ? '1.0' : '1.1'
  }
  get headers(): ReadonlyHeaders {
    return this.#ctx.exchange.headers
  }
  get query(): ReadonlyQuery {
    return this.#ctx.query
  }
  get uriCaptures(): UriCaptures {
    return this.#ctx.match?.captures ?? NO_CAPTURES
  }
  get bodyLength(): number {
    return this.#ctx.body.bodyLength
  }
  readBody(limitBytes: number): Promise<Buffer> {
    return this.#ctx.readBody(limitBytes)
  }
}

// What a plugin writes ends up in a request line or in Host, as text. A line break there would be a second request, of
// which neither the router nor the other plugins know; such text is easily made from what a client has sent.
const METHOD = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const PATH = /^\/[^\0-\x20\x7f?#]*$/
const HOST = /^[^\0-\x20\x7f/?#@\\,]+$/

export class UpstreamRequestView implements UpstreamRequest {
  #method: string
  #path: string
  #host: string
  /** A plugin has chosen the Host. */
  isHostSet = false
  readonly #ctx: RequestContext

  constructor(ctx: RequestContext, path: string, host: string) {
    this.#ctx = ctx
    this.#method = ctx.exchange.method
    this.#path = path
    this.#host = host
  }

  get method(): string {
    return this.#method
  }
  set method(method: string) {
    if (!METHOD.test(method)) throw new TypeError('upstream.method is no method')
    this.#method = method
  }

  get path(): string {
    return this.#path
  }
  set path(path: string) {
    if (!PATH.test(path)) throw new TypeError('upstream.path is no escaped path that starts with /')
    this.#path = path
  }

  get host(): string {
    return this.#host
  }
  set host(host: string) {
    if (!HOST.test(host)) throw new TypeError('upstream.host is no host')
    this.#host = host
    this.isHostSet = true
  }

  get headers(): Headers {
    return this.#ctx.exchange.headers
  }
  get query(): Query {
    return this.#ctx.query
  }
  setBody(body: Buffer): void {
    if (!Buffer.isBuffer(body)) throw new TypeError('upstream.setBody takes a Buffer')
    this.#ctx.replaceBody(body)
  }
}

export class ClientResponseView implements ClientResponse {
  readonly source: ClientResponse['source']
  readonly bodyLength: number
  readonly #head: ResponseHead

  constructor(head: ResponseHead, source: ClientResponse['source'], bodyLength: number) {
    this.#head = head
    this.source = source
    this.bodyLength = bodyLength
  }

  get status(): number {
    return this.#head.status
  }
  set status(status: number) {
    this.#head.status = checkedStatus(status)
  }
  get headers(): Headers {
    return this.#head.headers
  }
}

/** @throws RangeError for what is no final status */
export function checkedStatus(status: number): number {
  if (!Number.isInteger(status) || status < 200 || status > 599) {
    throw new RangeError(`a response cannot have the status ${status}`)
  }
  return status
}
