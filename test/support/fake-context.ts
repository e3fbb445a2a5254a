// A request in memory, for the tests of plugins: what the pipeline hands to every phase, with nothing behind it. All
// phases see one object, as in the gateway.
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
  Query,
  UpstreamRequest,
} from '../../src/plugin/contract.js'
import type { Consumer, CallerCredential, Route, Service } from '../../src/model/entities.js'
import { ResponseHeaders } from '../../src/model/response-head.js'
import type { Store } from '../../src/model/snapshot.js'
import { GatewayError } from '../../src/errors/gateway-error.js'
import { HeaderList, type ReadonlyHeaders } from '../../src/util/header-list.js'
import { QueryString } from '../../src/util/query.js'
import { fakeStore } from './fake-entities.js'
import { silentLog } from './plugin-env.js'

export interface FakeRequest {
  readonly method?: string
  /** Path and query. */
  readonly target?: string
  readonly headers?: readonly (readonly [name: string, value: string])[]
  readonly body?: string | Buffer
  /** Only the end of the body tells its length. */
  readonly isChunked?: boolean
  readonly clientIp?: string
  readonly isPeerTrusted?: boolean
  readonly scheme?: 'http' | 'https'
  readonly host?: string
  readonly route?: Route | null
  readonly service?: Service | null
  readonly consumer?: Consumer | null
  readonly credential?: CallerCredential | null
  readonly store?: Store
  readonly uriCaptures?: ClientRequest['uriCaptures']
}

/** What `exit` or `error` was called with. */
export interface Answer {
  readonly status: number
  readonly body: unknown
  /** Headers handed to the call itself; all that the client gets are in `response.headers`. */
  readonly headers: Readonly<Record<string, string>>
}

const EXIT: Exit = { exit: true }
export class FakeContext implements AccessContext, HeaderFilterContext, LogContext {
  readonly request: ClientRequest
  readonly upstream: UpstreamRequest
  readonly response: FakeResponse = new FakeResponse()
  readonly route: Route | null
  readonly service: Service | null
  readonly store: Store
  readonly log = silentLog
  readonly entry: AccessEntry = {
    startedAt: 0,
    status: 200,
    responseBytes: 0,
    latencies: { request: 0, gateway: 0, upstream: 0 },
    upstreamStatus: 200,
    tries: [],
    aborted: false,
  }
  consumer: Consumer | null
  credential: CallerCredential | null
  /** Null until a plugin has answered. */
  answer: Answer | null = null
  /** The body that the target gets instead of the client's; null when no plugin has set one. */
  newBody: Buffer | null = null
  /** A header filter has said that the body stays as it is. */
  isBodyLeft = false
  /** A header filter has said that it only looks at the body. */
  isBodyWatched = false
  /** What the body is to go through. */
  transform: BodyTransform | null = null
  /** How often a plugin has asked for the body. */
  bodyReads = 0
  readonly #notes = new Map<ContextKey<unknown>, unknown>()

  constructor(options: FakeRequest) {
    const target = options.target ?? '/'
    const mark = target.indexOf('?')
    const path = mark < 0 ? target : target.slice(0, mark)
    const headers = new HeaderList()
    for (const [name, value] of options.headers ?? []) headers.add(name, value)
    const query = new QueryString(target.slice(path.length))
    this.request = this.#requestOf(options, target, path, headers, query)
    this.upstream = {
      method: this.request.method,
      path,
      host: this.request.host,
      headers,
      query,
      setBody: (body) => (this.newBody = body),
    }
    this.route = options.route ?? null
    this.service = options.service ?? null
    this.consumer = options.consumer ?? null
    this.credential = options.credential ?? null
    this.store = options.store ?? fakeStore({})
  }

  get<T>(key: ContextKey<T>): T | undefined {
    return this.#notes.get(key) as T | undefined
  }

  set<T>(key: ContextKey<T>, value: T): void {
    this.#notes.set(key, value)
  }

  authenticate(consumer: Consumer | null, credential: CallerCredential | null): void {
    this.consumer = consumer
    this.credential = credential
  }

  exit(
    status: number,
    body: object | string | Buffer | null = null,
    headers: Readonly<Record<string, string>> = {},
  ): Exit {
    this.answer = { status, body, headers }
    this.response.status = status
    this.response.source = 'exit'
    for (const [name, value] of Object.entries(headers)) this.response.headers.set(name, value)
    return EXIT
  }

  replay(status: number, headers: HeaderLines, body: Buffer): Exit {
    for (const name of new Set(headers.map(([header]) => header)))
      this.response.headers.remove(name)
    for (const [name, value] of headers) this.response.headers.add(name, value)
    return this.exit(status, body)
  }

  error(status: number, message?: string, headers?: Readonly<Record<string, string>>): Exit {
    if (!(status >= 400 && status <= 599)) throw new RangeError(`no error has status ${status}`)
    return this.exit(status, { message, request_id: this.request.id }, headers)
  }

  leaveBody(): void {
    this.isBodyLeft = true
  }

  watchBody(): void {
    this.isBodyWatched = true
  }

  transformBody(stream: BodyTransform): void {
    this.transform = stream
  }

  /** The target's answer comes: what access has set goes over its headers. Call it before header_filter. */
  answerFromTarget(
    status: number,
    headers: readonly (readonly [name: string, value: string])[] = [],
  ): void {
    const kept = this.response.headers
    const arrived = new ResponseHeaders()
    for (const [name, value] of headers) arrived.add(name, value)
    for (const name of new Set(kept.names)) arrived.set(name, kept.getAll(name))
    this.response.headers = arrived
    this.response.status = status
    this.response.source = 'upstream'
  }

  #requestOf(
    options: FakeRequest,
    target: string,
    path: string,
    headers: HeaderList,
    query: Query,
  ): ClientRequest {
    const body = Buffer.from(options.body ?? '')
    return {
      id: '0123456789abcdef0123456789abcdef',
      method: options.method ?? 'GET',
      target,
      path,
      scheme: options.scheme ?? 'http',
      host: options.host ?? 'gateway.test',
      port: 8000,
      localAddress: '127.0.0.1',
      clientIp: options.clientIp ?? '192.0.2.1',
      isPeerTrusted: options.isPeerTrusted ?? false,
      httpVersion: '1.1',
      headers,
      query,
      uriCaptures: options.uriCaptures ?? { unnamed: [], named: {} },
      bodyLength: options.isChunked === true ? -1 : body.length,
      readBody: (limitBytes) => this.#readBody(body, limitBytes),
    }
  }

  async #readBody(body: Buffer, limitBytes: number): Promise<Buffer> {
    this.bodyReads++
    // Never at once, as on a socket.
    await Promise.resolve()
    if (body.length > limitBytes) throw new GatewayError('BODY_TOO_LARGE')
    return body
  }
}

class FakeResponse implements ClientResponse {
  status = 200
  headers = new ResponseHeaders()
  source: ClientResponse['source'] = 'upstream'
  bodyLength = -1
}

export function fakeContext(options: FakeRequest = {}): FakeContext {
  return new FakeContext(options)
}

/** Header lines as `Name: value`, in order, which compares and prints well. */
export function linesOf(headers: ReadonlyHeaders): string[] {
  return Array.from(headers.entries(), ([name, value]) => `${name}: ${value}`)
}
