// One request on its way: everything that is known about it, and the plugin contract's view of that. At run time it is
// the context of all phases; journey.ts moves it along.
import { ERRORS } from '../errors/codes.js'
import { CONTENT_TYPES, defaultMessage, formatError, negotiateFormat } from '../errors/body.js'
import { keptLines, OVERLAP, ResponseHead } from '../model/response-head.js'
import { hostWithoutPort } from '../util/host.js'
import { newRequestId } from '../util/request-id.js'
import { QueryString } from '../util/query.js'
import { BufferedBody, HeldBody, tooLarge } from './body.js'
import {
  checkedStatus,
  ClientRequestView,
  ClientResponseView,
  UpstreamRequestView,
} from './views.js'
import { findNote, type Note } from './notes.js'
import type { Forwarding } from '../proxy/request-head.js'
import type { Logger } from '../log/logger.js'
import type { BodySource, Exchange } from '../model/exchange.js'
import type { Consumer, CallerCredential, Route, Service } from '../model/entities.js'
import type { Store } from '../model/snapshot.js'
import type {
  AccessContext,
  AccessEntry,
  BodyTransform,
  ClientRequest,
  ClientResponse,
  ContextKey,
  Exit,
  HeaderFilterContext,
  HeaderLines,
  LogContext,
} from '../plugin/contract.js'
import type { RouteMatch } from '../router/contract.js'
import { BodyTransforms, type TransformOwner } from './body-transforms.js'
import { checkBody, type ExitAnswer } from './exit-answer.js'
import type { CompiledConfig, CompiledRoute } from './compiled.js'
import type { Plan, Step } from './plan.js'
import type { PipelineSettings } from './settings.js'
import type { TryLog } from './try-log.js'

/** The token that `exit` and `error` return; what to answer stands in the context. */
export const EXIT: Exit = Object.freeze({ exit: true })

const NO_STEPS: readonly Step[] = []

export abstract class RequestContext
  implements
    Forwarding,
    AccessContext,
    TransformOwner,
    Omit<HeaderFilterContext, 'response'>,
    Omit<LogContext, 'response'>
{
  readonly exchange: Exchange
  readonly compiled: CompiledConfig
  readonly settings: PipelineSettings
  readonly requestId: string
  readonly clientIp: string
  readonly isPeerTrusted: boolean
  /** ms, monotonic. */
  readonly startedAt: number
  rawPath: string
  /** Normalised. */
  path = ''
  match: RouteMatch | null = null
  compiledRoute: CompiledRoute | null = null
  plan: Plan
  /** The access step that is running or has run last. */
  slot = 0
  consumer: Consumer | null = null
  credential: CallerCredential | null = null
  body: BodySource
  /** The answer's head; until there is one, the place for headers that access steps want in it. */
  head: ResponseHead | null = null
  answer: ExitAnswer | null = null
  source: ClientResponse['source'] = 'exit'
  /** Bytes of the answer's body as it came; -1 when not known. */
  answerLength = -1
  /** Streams that its body goes through; null without any. */
  protected transforms: BodyTransforms | null = null
  /** Set when a plugin has looked at it; else the target gets what follows from the route. */
  upstreamView: UpstreamRequestView | null = null
  /** ms, monotonic; 0 until then. */
  sentAt = 0
  answeredAt = 0
  upstreamStatus = 0
  /** Set where a log phase may ask for it. */
  protected tryLog: TryLog | null = null
  responseBytes = 0
  aborted = false
  /** The header filter that is running. */
  protected headerStep: Step | null = null
  /** Set when header filters have left the body alone: the filters that are left. */
  #bodySteps: readonly Step[] | null = null
  /** How many of those that are left only look at the body. */
  #watchers = 0

  #query: QueryString | null = null
  #requestView: ClientRequestView | null = null
  #responseView: ClientResponseView | null = null
  #notes: Note | null = null
  #log: Logger | null = null

  /** HOT PATH: every field is set here or above, always in the same order. */
  constructor(exchange: Exchange, compiled: CompiledConfig, settings: PipelineSettings) {
    this.exchange = exchange
    this.compiled = compiled
    this.settings = settings
    this.requestId = newRequestId()
    this.clientIp = settings.addresses.clientIp(exchange)
    this.isPeerTrusted = settings.addresses.isTrusted(exchange.peerAddress)
    this.startedAt = performance.now()
    this.plan = compiled.uses.global
    this.body = exchange
    const { target } = exchange
    const question = target.indexOf('?', 1)
    this.rawPath = question < 0 ? target : target.slice(0, question)
  }

  // Forwarding

  /** nginx's $host: of a request without Host (HTTP/1.0) it is the name of the server, which Kong calls kong. */
  get clientHost(): string {
    return hostWithoutPort(this.exchange.host) || 'kong'
  }
  get strippedPrefix(): string {
    const { match } = this
    return match?.route.strip_path === true && match.prefix !== '/' ? match.prefix : ''
  }
  get upstreamRequestId(): string {
    return this.settings.upstreamRequestId ? this.requestId : ''
  }
  /** A request of the client for a WebSocket that no plugin has made another one of. */
  get upgrades(): boolean {
    const { exchange, upstreamView, body } = this
    if (!exchange.wantsTunnel) return false
    return body.bodyLength === 0 && (upstreamView?.method ?? exchange.method) === 'GET'
  }
  /** The Host that the target is sent whichever it is; empty for its own. */
  get givenHost(): string {
    if (this.upstreamView?.isHostSet === true) return this.upstreamView.host
    return this.compiledRoute?.preservedHost(this.exchange.host) ?? ''
  }
  get product(): string {
    return this.settings.product
  }

  // Plugin contract

  get request(): ClientRequest {
    return (this.#requestView ??= new ClientRequestView(this))
  }
  get route(): Route | null {
    return this.match?.route ?? null
  }
  get service(): Service | null {
    return this.match?.route.service ?? null
  }
  get store(): Store {
    return this.compiled.store
  }
  get log(): Logger {
    return (this.#log ??= this.settings.log.child({ request_id: this.requestId }))
  }

  get<T>(key: ContextKey<T>): T | undefined {
    return findNote(this.#notes, key)?.value as T | undefined
  }
  set<T>(key: ContextKey<T>, value: T): void {
    const known = findNote(this.#notes, key)
    if (known === null) this.#notes = { key, value, next: this.#notes }
    else known.value = value
  }

  get upstream(): UpstreamRequestView {
    return (this.upstreamView ??= new UpstreamRequestView(
      this,
      this.compiledRoute?.upstreamPath(this.match, this.path) ?? '/',
      this.givenHost || (this.compiledRoute?.target?.hostHeader ?? this.exchange.host),
    ))
  }

  /** In access: the headers kept for the answer. From header_filter on: the answer itself. */
  get response(): ClientResponse {
    return (this.#responseView ??= new ClientResponseView(
      (this.head ??= new ResponseHead(200, '', OVERLAP.none)),
      this.source,
      this.answerLength,
    ))
  }

  /**
   * Makes `head` the answer, with what access steps have asked for over it.
   * @param length bytes of its body; -1 when not known
   */
  beginResponse(head: ResponseHead, source: ClientResponse['source'], length: number): void {
    if (this.head !== null) head.override(this.head)
    this.head = head
    this.source = source
    this.answerLength = length
    this.transforms?.drop()
    this.transforms = null
    this.#responseView = null
    this.#bodySteps = null
    this.#watchers = 0
  }

  authenticate(consumer: Consumer | null, credential: CallerCredential | null): void {
    this.consumer = consumer
    this.credential = credential
    const { compiledRoute } = this
    if (compiledRoute !== null) {
      this.plan = compiledRoute.plans.withConsumer(this.plan, this.slot, consumer)
    }
  }

  exit(
    status: number,
    body?: object | string | Buffer | null,
    headers?: Readonly<Record<string, string>>,
  ): Exit {
    const isJson = typeof body === 'object' && body !== null && !Buffer.isBuffer(body)
    if (!isJson) checkBody(body)
    this.answer = {
      status: checkedStatus(status),
      body: isJson ? JSON.stringify(body) : (body ?? null),
      contentType: isJson ? CONTENT_TYPES.json : null,
      headers,
    }
    return EXIT
  }

  replay(status: number, headers: HeaderLines, body: Buffer): Exit {
    this.answer = {
      status: checkedStatus(status),
      body,
      contentType: null,
      headers: undefined,
      isReplay: true,
    }
    this.head ??= new ResponseHead(200, '', OVERLAP.none)
    this.head.headers.override(keptLines(headers))
    return EXIT
  }

  error(status: number, message?: string, headers?: Readonly<Record<string, string>>): Exit {
    const format = negotiateFormat(this.exchange.headers.get('accept') ?? '')
    if (status < 400) throw new RangeError(`an error cannot have the status ${status}`)
    this.answer = {
      status: checkedStatus(status),
      body: formatError(format, message ?? defaultMessage(status), this.requestId),
      contentType: CONTENT_TYPES[format],
      headers,
    }
    return EXIT
  }

  get entry(): AccessEntry {
    const finishedAt = performance.now()
    const called = this.sentAt > 0
    return {
      startedAt: performance.timeOrigin + this.startedAt,
      status: this.head?.status ?? ERRORS.INTERNAL.status,
      responseBytes: this.responseBytes,
      latencies: {
        request: finishedAt - this.startedAt,
        gateway: (called ? this.sentAt : finishedAt) - this.startedAt,
        upstream: this.answeredAt > 0 ? this.answeredAt - this.sentAt : -1,
      },
      upstreamStatus: this.upstreamStatus === 0 ? null : this.upstreamStatus,
      tries: this.tryLog?.entries ?? [],
      aborted: this.aborted,
    }
  }

  /** Those that filter this answer's body. */
  get bodySteps(): readonly Step[] {
    return this.#bodySteps ?? this.plan.bodyFilter
  }

  leaveBody(): void {
    const steps = this.bodySteps
    // HOT PATH: mostly there is no other.
    if (steps.length === 1 && steps[0] === this.headerStep) this.#bodySteps = NO_STEPS
    else this.#bodySteps = steps.filter((step) => step !== this.headerStep)
  }

  watchBody(): void {
    this.#watchers++
  }

  transformBody(stream: BodyTransform): void {
    this.transforms ??= new BodyTransforms(this)
    this.transforms.add(stream, this.headerStep?.plugin.name ?? '')
  }

  /** What encodes the body may be a plugin here: it came as plain as its type says. */
  get isTransformed(): boolean {
    return this.transforms !== null
  }

  abstract onTransformed(piece: Buffer): boolean
  abstract onTransformEnd(): void
  abstract onTransformReady(): void
  abstract onTransformFailure(plugin: string, cause: unknown): void

  /** Whether the body may go out with another length than it came with. */
  get changesBody(): boolean {
    return this.bodySteps.length > this.#watchers
  }

  // What the views ask

  get query(): QueryString {
    return (this.#query ??= new QueryString(this.exchange.target.slice(this.rawPath.length)))
  }
  /** As it follows the path upstream; does not parse what nobody asked for. */
  get querySuffix(): string {
    if (this.#query !== null) return this.#query.suffix
    const { target } = this.exchange
    return target.length === this.rawPath.length ? '' : target.slice(this.rawPath.length)
  }

  /** Rejects with BODY_TOO_LARGE as soon as more than the limit has come or is announced. */
  async readBody(limitBytes: number): Promise<Buffer> {
    const { body } = this
    if (body.bodyLength > limitBytes) throw tooLarge(limitBytes)
    const bytes = await new Promise<Buffer>((resolve, reject) => {
      const held = new HeldBody(body, limitBytes + 1, (whole) => {
        // The last piece may be the one that is too much.
        if (whole === null || whole.length > limitBytes) reject(tooLarge(limitBytes))
        else resolve(whole)
      })
      this.body = held
      held.hold()
    })
    this.replaceBody(bytes)
    return bytes
  }

  replaceBody(bytes: Buffer): void {
    this.body = new BufferedBody(bytes)
  }
}
