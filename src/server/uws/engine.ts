// The downstream engine on uWebSockets.js: listeners, one Exchange per request, the way to a graceful end.
import { describeError } from '../../errors/describe.js'
import type { Logger } from '../../log/logger.js'
import type { ExchangeHandler, ListenerInfo } from '../../model/exchange.js'
import { hostAndPort } from '../../util/host.js'
import type { Engine, ListenOptions, RunningListener } from '../engine.js'
import { PeerAddresses } from '../peer-addresses.js'
import { DEFAULT_SETTINGS, type EngineSettings } from '../settings.js'
import type { AnswerStream } from './answer-stream.js'
import type { ExchangeHost } from './exchange-host.js'
import { UwsExchange } from './exchange.js'
import { readHandshake } from './handshake.js'
import {
  loadUws,
  type Uws,
  type UwsApp,
  type UwsListenSocket,
  type UwsRequest,
  type UwsResponse,
  type UwsUpgrade,
  type UwsWebSocketBehavior,
} from './native.js'
import { readHead } from './request-head.js'
import { SpareResponse } from './spare-response.js'
import { Ticker } from './ticker.js'
import { TlsApps } from './tls-apps.js'
import type { WebSocketEnd } from './websocket-end.js'
import { webSocketBehavior } from './websockets.js'

/**
 * Of the settings it cannot keep `headerTimeoutMs` and `keepaliveTimeoutMs`, for which the library has 10 s, nor
 * `keepaliveRequests`: nothing that the library hands out tells one connection of a client from the next.
 */
export function createUwsEngine(log: Logger, settings: Partial<EngineSettings> = {}): Engine {
  return new UwsEngine(log, { ...DEFAULT_SETTINGS, ...settings })
}

/** What all requests of a listener, or of one server name on it, have in common. */
interface Served {
  readonly listener: ListenerInfo
  readonly handler: ExchangeHandler
  readonly serverName: string
  /** To be called when a connection is gone that has become a WebSocket: the library does not tell its filters. */
  readonly forget: () => void
  readonly spare: SpareResponse
}

class UwsEngine implements Engine, ExchangeHost {
  readonly name = 'uws'
  readonly ticker: Ticker
  readonly bodyPatience: number
  readonly sendPatience: number
  readonly mostBodyBytes: number
  pending = 0
  isDraining = false
  readonly #log: Logger
  readonly #settings: EngineSettings
  readonly #addresses = new PeerAddresses()
  readonly #apps: Pick<UwsApp, 'close'>[] = []
  #sockets: UwsListenSocket[] = []
  #uws: Uws | null = null
  #unflushed: AnswerStream[] = []
  #spare: SpareResponse | null = null
  readonly #webSockets = new Set<WebSocketEnd>()

  constructor(log: Logger, settings: EngineSettings) {
    this.#log = log
    this.#settings = settings
    this.mostBodyBytes = settings.maxBodyBytes === 0 ? Infinity : settings.maxBodyBytes
    this.ticker = new Ticker(Math.min(settings.bodyTimeoutMs, settings.sendTimeoutMs))
    this.bodyPatience = this.ticker.ticksIn(settings.bodyTimeoutMs)
    this.sendPatience = this.ticker.ticksIn(settings.sendTimeoutMs)
  }

  async listen(options: ListenOptions, handler: ExchangeHandler): Promise<RunningListener> {
    const { address, port, publicPort = 0, tls } = options
    const secure = tls !== null
    try {
      const uws = (this.#uws ??= await loadUws(headBytes(this.#settings)))
      const spare = (this.#spare ??= new SpareResponse(uws, this.#log))
      const listener = { address, port: publicPort, secure }
      const onConnection = this.#onConnection.bind(this)
      const onWebSocketGone = (): void => this.#addresses.closed()
      const serve = (app: UwsApp, serverName: string, forget: () => void): void => {
        const served = { listener, handler, serverName, forget, spare }
        const take: UwsWebSocketBehavior['upgrade'] = (res, req, upgrade) =>
          this.#onRequest(res, req, served, upgrade)
        app.ws('/*', webSocketBehavior(this, take))
        app.any('/*', (res, req) => this.#onRequest(res, req, served, null))
      }
      let bound: number
      if (tls === null) {
        const app = uws.App()
        app.filter(onConnection)
        serve(app, '', onWebSocketGone)
        this.#apps.push(app)
        bound = await this.#bind(uws, app, address, port)
      } else {
        const events = { onConnection, onWebSocketGone, serve }
        const apps = new TlsApps({ uws, certificates: tls, log: this.#log, ...events })
        this.#apps.push(apps)
        bound = await this.#bind(uws, apps.door, address, port)
      }
      if (publicPort === 0) listener.port = bound
      return { address, port: bound, secure }
    } catch (cause) {
      if (this.#sockets.length === 0) this.#dropSpare()
      const reason = describeError(cause)
      throw new Error(`cannot listen on ${hostAndPort(address, port)}: ${reason}`, { cause })
    }
  }

  drain(): void {
    this.isDraining = true
  }

  stopListening(): void {
    this.drain()
    for (const socket of this.#sockets) this.#uws?.us_listen_socket_close(socket)
    this.#sockets = []
  }

  sayGoodbye(): void {
    for (const end of [...this.#webSockets]) end.goAway()
  }

  close(): void {
    this.stopListening()
    for (const end of [...this.#webSockets]) end.reset()
    for (const app of this.#apps.splice(0)) app.close()
    this.#dropSpare()
    this.ticker.stop()
  }

  report(error: unknown, message: string): void {
    this.#log.error({ err: error }, message)
  }

  // HOT PATH
  flushSoon(stream: AnswerStream): void {
    if (this.#unflushed.push(stream) === 1) setImmediate(this.#flush)
  }

  opened(end: WebSocketEnd): void {
    this.#webSockets.add(end)
  }

  ended(end: WebSocketEnd): void {
    this.#webSockets.delete(end)
    this.pending--
  }

  #onConnection(res: UwsResponse, change: number): void {
    if (change > 0) this.#addresses.opened(new Uint8Array(res.getRemoteAddress()))
    else this.#addresses.closed()
  }

  // HOT PATH: uWebSockets.js reuses `req` when this returns, and ends the process when a throw leaves it (trap 1).
  #onRequest(
    res: UwsResponse,
    req: UwsRequest,
    { listener, handler, serverName, forget, spare }: Served,
    upgrade: UwsUpgrade | null,
  ): void {
    let exchange: UwsExchange | null = null
    try {
      const peer =
        this.#addresses.sole ?? this.#addresses.textOf(new Uint8Array(res.getRemoteAddress()))
      const head = readHead(req, this.#settings, upgrade !== null)
      const handshake = upgrade === null ? null : readHandshake(head, upgrade, spare, forget)
      exchange = new UwsExchange(this, res, head, listener, peer, serverName, handshake)
      handler(exchange)
    } catch (error) {
      this.report(error, 'the request handler failed')
      if (exchange === null) res.close()
      else exchange.fail()
    }
  }

  #dropSpare(): void {
    this.#spare?.close()
    this.#spare = null
  }

  readonly #flush = (): void => {
    const waiting = this.#unflushed
    this.#unflushed = []
    for (const stream of waiting) stream.flush()
  }

  /** The port in use. Port sharing (SO_REUSEPORT) is the library's default, and hides a forgotten process. */
  #bind(uws: Uws, app: UwsApp, address: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      const options = this.#settings.sharePort ? 0 : uws.LIBUS_LISTEN_EXCLUSIVE_PORT
      app.listen(address, port, options, (socket) => {
        if (socket === false) {
          reject(new Error('the address is in use, not of this machine, or not allowed'))
          return
        }
        this.#sockets.push(socket)
        resolve(uws.us_socket_local_port(socket))
      })
    })
  }
}

/** What the library has to let pass, so that what is beyond the settings is judged here. */
function headBytes({ lineBytes, lineBuffers }: EngineSettings): number {
  return lineBytes * (lineBuffers + 1)
}
