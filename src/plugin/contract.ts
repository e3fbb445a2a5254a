// The contract of every plugin, bundled or a user's. A plugin imports this from 'gw/plugin'.
import type { Duplex } from 'node:stream'
import type { DetailedPeerCertificate, SecureContext } from 'node:tls'
import type { Logger } from '../log/logger.js'
import type { Consumer, CallerCredential, Protocol, Route, Service } from '../model/entities.js'
import type { Store } from '../model/snapshot.js'
import type { ConfigOf, JSONSchema } from '../../schemas/types.js'
import type { Headers, ReadonlyHeaders } from '../util/header-list.js'
import type { CounterTable } from './counter-table.js'
import type { Fetch } from './outbound-http.js'
import type { RoutePolicy } from './policy.js'
import type { Rule } from './rules/rules.js'
import type { SharedStore } from './shared-store.js'

/** A value now, or a promise of it. Return the value when there is nothing to wait for. */
export type Awaitable<T> = T | Promise<T>

/** What `exit` and `error` return: hand it back from `access`, and the request ends there. */
export interface Exit {
  readonly exit: true
}

/** Scopes that a plugin may be configured for; without `scopes` all of them. */
export type Scope = 'global' | 'service' | 'route' | 'consumer'

/** What must be known of a plugin to check a file that uses it. */
export interface PluginSpec<S = JSONSchema> {
  readonly name: string
  /** The schema of `config`. */
  readonly schema: S
  /** Rules across fields of `config`, checked once the fields themselves are right. */
  readonly rules?: readonly Rule[]
  /** Left out: all. A file that uses another scope is refused with Kong's `value must be null`. */
  readonly scopes?: readonly Scope[]
  /** What `protocols` of a use may name; left out: HTTP and gRPC, with and without TLS. */
  readonly protocols?: readonly Protocol[]
}

export interface Plugin<S = JSONSchema, C = unknown, P = C> extends PluginSpec<S> {
  readonly version: string
  /** Higher runs earlier. Bundled plugins keep Kong's numbers. */
  readonly priority: number
  /** Once per process, before the first configuration. */
  init?(env: PluginEnv): Awaitable<void>
  /**
   * Once per configured use, at load: turn config into what the phases need. Pure; `gw validate` runs it too.
   * Throw a `ConfigFault` for what `schema` and `rules` cannot say.
   */
  prepare?(config: C, use: PluginUse): P
  /**
   * What the pipeline itself is to do for the routes of a use, in place of code that runs per request. Counts for uses that
   * name no consumer. Asked at each load: give the same objects for the same config, and state that hangs on them is kept.
   */
  policy?(config: P): RoutePolicy
  /** After each load or reload, with every live use: start or refresh timers, queues and clients here. */
  configure?(live: readonly P[]): void
  /**
   * What a page of the Admin API wants to know of every worker, or to have done. What it takes and returns crosses threads
   * by the structured clone; a promise is waited for.
   */
  inquire?(question: unknown): unknown
  close?(): Awaitable<void>
  access?(ctx: AccessContext, config: P): Awaitable<Exit | undefined>
  header_filter?(ctx: HeaderFilterContext, config: P): void
  /** Returns what goes out instead of the chunk; null holds it back. With `last`, the chunk may be empty. */
  body_filter?(ctx: BodyFilterContext, config: P, chunk: Buffer, last: boolean): Buffer | null
  log?(ctx: LogContext, config: P): void
}

/** Gives a plugin its types: `config` is what the schema describes, with the defaults filled in. */
export function definePlugin<const S extends JSONSchema, C = ConfigOf<S>, P = C>(
  plugin: Plugin<S, C, P>,
): Plugin<S, C, P> {
  return plugin
}

/** A plugin whose types have been left behind: what registry and pipeline work with. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each use pairs a plugin with its own prepared config
export type AnyPlugin = Plugin<JSONSchema, any, any>

/** What a plugin is given once per process. */
export interface PluginEnv {
  readonly log: Logger
  /** Shared by all threads of the node; they outlive reloads. */
  readonly counters: CounterTable
  /** One for all threads of the node; what is in it outlives reloads. */
  readonly shared: SharedStore
  /** As those, for fill levels: apart, since the largest of them would look like the most important of counts. */
  readonly buckets: CounterTable
  /** 32 random bytes, drawn at each start: the same in all threads of the node, and over reloads. */
  readonly secret: Uint8Array
  readonly settings: PluginSettings
  /**
   * Whom plugins that connect to servers with TLS are to trust. Reads the authorities that the settings name anew, since
   * certificates are renewed in place; throws an Error that names the setting at fault.
   */
  readonly serverTrust: () => ServerTrust
  /** Asks another server over HTTP/1.1, with https judged by `lua_ssl_trusted_certificate`. Rejects with OutboundError. */
  readonly fetch: Fetch
  /** Milliseconds since the epoch; tests hand in their own clock. */
  now(): number
}

/** What a certificate of a server is held to (Kong: lua_ssl_trusted_certificate, lua_ssl_verify_depth). */
export interface ServerTrust {
  /** For node:tls, with the authorities. */
  secureContext(): SecureContext
  /** What is wrong, beside its signatures, with a certificate that has been shown for a host; as `checkServerIdentity`. */
  faultOf(host: string, certificate: DetailedPeerCertificate): Error | undefined
}

/** What the gateway's own settings say to plugins. */
export interface PluginSettings {
  /** `local`: limits count on each node while the Redis that they count in does not serve. */
  readonly rateLimitFallback: 'off' | 'local'
}

/** Where a use of a plugin stands: which entities it is bound to. */
export interface PluginUse {
  readonly id: string
  readonly routeId: string | null
  readonly serviceId: string | null
  readonly consumerId: string | null
}

/** Makes a key for `get` and `set`; the key, not its name, is the identity. */
export function contextKey<T>(name: string): ContextKey<T> {
  return { name }
}

/** Values that plugins hand one another by name; the templates of request-transformer see them (Kong: kong.ctx.shared). */
export const sharedValues: ContextKey<Record<string, unknown>> = contextKey('shared')

declare const valueType: unique symbol
export interface ContextKey<T> {
  readonly name: string
  readonly [valueType]?: T
}

/** Header lines apart from a request. */
export type HeaderLines = readonly (readonly [name: string, value: string])[]

/** What the client asked. Reading is cheap: nothing is computed before the first look. */
export interface ClientRequest {
  readonly id: string
  readonly method: string
  /** As it came, with the query. */
  readonly target: string
  /** Normalised as the router matched it (dot segments, doubled slashes, needless escapes resolved). */
  readonly path: string
  readonly scheme: 'http' | 'https'
  /** Host without port, in lower case. */
  readonly host: string
  /** The listener's port. */
  readonly port: number
  /** The listener's address. */
  readonly localAddress: string
  /** Whether the connection comes from an address of `trusted_ips`, so that its X-Forwarded headers count. */
  readonly isPeerTrusted: boolean
  /** The client's address, after `real_ip_header` and `trusted_ips`. */
  readonly clientIp: string
  readonly httpVersion: '1.0' | '1.1'
  /** As the target will get them: what earlier plugins set or removed shows here (Kong: kong.request.get_header). */
  readonly headers: ReadonlyHeaders
  readonly query: ReadonlyQuery
  /** Groups of the matched route's regex path; empty for a prefix. */
  readonly uriCaptures: UriCaptures
  /**
   * Bytes of the body: 0 for none, -1 when only its end will tell (chunked). What a plugin has read or set shows here.
   * Rely on it rather than on Content-Length, which a client can be rid of by naming it in Connection.
   */
  readonly bodyLength: number
  /**
   * The whole body. Afterwards the target gets it from memory.
   * @param limitBytes past it the promise rejects with BODY_TOO_LARGE, which answers 413
   */
  readBody(limitBytes: number): Promise<Buffer>
}

export interface UriCaptures {
  /** Index 0 is the whole match. */
  readonly unnamed: readonly (string | undefined)[]
  readonly named: Readonly<Record<string, string>>
}

/** Query arguments, decoded: `a` without `=` is true, a repeated one has several values (Kong: get_query). */
export interface ReadonlyQuery {
  /** As it will be sent, without the question mark. */
  readonly text: string
  /** As it follows the path: empty, or with its question mark. */
  readonly suffix: string
  get(name: string): string | true | undefined
  getAll(name: string): readonly (string | true)[]
  /** Distinct names in order. */
  names(): readonly string[]
}

export interface Query extends ReadonlyQuery {
  /** Removes every argument of that name; the others keep their order and are written in normal form, as in Kong. */
  remove(name: string): void
  /** Replaces the whole, bytes as given. Throws TypeError on a space, a control character or `#`. */
  replace(text: string): void
  /** Leaves no query, nor its question mark. */
  clear(): void
}

/** The request as the target will get it. Setting what cannot stand in a request line throws TypeError. */
export interface UpstreamRequest {
  method: string
  /** Path as sent, escaped; starts with `/`. */
  path: string
  /** The Host header to send. */
  host: string
  readonly headers: Headers
  readonly query: Query
  setBody(body: Buffer): void
}

/** The answer as the client will get it. */
export interface ClientResponse {
  status: number
  readonly headers: Headers
  /** Who made it: the target, a plugin's exit, or the gateway for a fault. */
  readonly source: 'upstream' | 'exit' | 'error'
  /** Bytes of the body as it came, before any filter; -1 when only its end will tell. For HEAD what GET would have. */
  readonly bodyLength: number
}

/** What a body goes through on its way to the client, such as a stream of node:zlib. */
export interface BodyTransform extends Duplex {
  /** Called when nothing has come for a moment: hand out what would wait for more. */
  flush?(): void
}

export interface RequestContext {
  readonly request: ClientRequest
  readonly route: Route | null
  readonly service: Service | null
  readonly consumer: Consumer | null
  readonly credential: CallerCredential | null
  /** The configuration that this request began under. */
  readonly store: Store
  readonly log: Logger
  /** Notes kept for this request; a key made by `contextKey<T>()` carries the type of its value. */
  get<T>(key: ContextKey<T>): T | undefined
  set<T>(key: ContextKey<T>, value: T): void
}

export interface AccessContext extends RequestContext {
  readonly upstream: UpstreamRequest
  /** Kept, and applied over the target's when they arrive, or sent with an exit. */
  readonly response: { readonly headers: Headers }
  /** Names the consumer. Plugins of lower priority then run with that consumer's configuration. */
  authenticate(consumer: Consumer | null, credential: CallerCredential | null): void
  /**
   * Answers without calling the target: `return ctx.exit(401, { message })`. Later access steps are skipped;
   * header_filter, body_filter and log still run. An object is sent as compact JSON, text as it is.
   */
  exit(
    status: number,
    body?: object | string | Buffer | null,
    headers?: Readonly<Record<string, string>>,
  ): Exit
  /**
   * As `exit`, with what a target has answered before: it goes out with the headers of a proxied answer, such as Via.
   * @param headers lines as they stood in that answer's headers; they go over what has been kept for the answer
   */
  replay(status: number, headers: HeaderLines, body: Buffer): Exit
  /**
   * As `exit`, with Kong's error body: the format follows Accept and names the request id.
   * Throws RangeError for a status outside 400 to 599.
   */
  error(status: number, message?: string, headers?: Readonly<Record<string, string>>): Exit
}

export interface HeaderFilterContext extends RequestContext {
  readonly response: ClientResponse
  /** This plugin's body_filter is not called for this answer, which keeps its length if no other plugin filters it. */
  leaveBody(): void
  /** This plugin's body_filter returns every chunk of this answer as it was, which so keeps its length. */
  watchBody(): void
  /**
   * Sends this answer's body through a stream, behind all body filters of all plugins; for what takes its time or changes
   * the length without holding the whole. Of several streams the one of the plugin that runs first comes first. The
   * stream is ended with the body, and destroyed when the client leaves or the answer fails: it needs no care in `log`.
   */
  transformBody(stream: BodyTransform): void
}

export interface BodyFilterContext extends RequestContext {
  readonly response: Readonly<ClientResponse>
}

export interface LogContext extends BodyFilterContext {
  readonly entry: AccessEntry
}

/** One try at a target. Times in ms. */
export interface TryEntry {
  /** Since the epoch, with a fraction (Kong: balancer_start, balancer_start_ns). */
  readonly startedAt: number
  /** How long the target took to be chosen (Kong: balancer_latency, balancer_latency_ns). */
  readonly latency: number
  readonly ip: string
  readonly port: number
  /** `failed`: there was no answer; `next`: it was not good enough, and another try followed; null: it was passed on. */
  readonly state: 'failed' | 'next' | null
  /** The status of that answer, or 502 or 504 for none; null where `state` is. */
  readonly code: number | null
}

/** One finished request, for the log phase. Times in ms. */
export interface AccessEntry {
  readonly startedAt: number
  readonly status: number
  readonly responseBytes: number
  readonly latencies: {
    readonly request: number
    readonly gateway: number
    /** -1 when the target was not called. */
    readonly upstream: number
  }
  readonly upstreamStatus: number | null
  /** In their order; none when the target was not called. */
  readonly tries: readonly TryEntry[]
  /** The client left before the answer was complete. */
  readonly aborted: boolean
}
