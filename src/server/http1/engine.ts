// The downstream engine of our own on node:net and node:tls: listeners, connections, the way to a graceful end.
import { createServer, type Server, type Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { Logger } from '../../log/logger.js'
import type { ExchangeHandler, ListenerInfo } from '../../model/exchange.js'
import { canonicalAddress } from '../../util/ip-text.js'
import { Sweep } from '../../util/sweep.js'
import type { CertificateStore } from '../certificates/store.js'
import { EMPTY } from '../body-queue.js'
import type { Engine, ListenOptions, RunningListener } from '../engine.js'
import { DEFAULT_SETTINGS, type EngineSettings } from '../settings.js'
import { listenFault } from '../listen-fault.js'
import { withReadBuffer } from './accept.js'
import type { ConnectionHost } from './connection-host.js'
import { Connection } from './connection.js'
import type { Peer } from './peer.js'
import { expectProxyHeader } from './proxy-protocol.js'
import { RequestParser } from './request-parser.js'
import { type Greeting, TlsListener } from './tls-listener.js'

/** One buffer for the reads of all connections: a read has been dealt with when its callback returns. */
const READ_BYTES = 64 * 1024
/** Kong's own for proxy_listen. */
const BACKLOG = 16_384
/** Parsers that are kept for the next request; a connection has one only while it brings a request. */
const SPARE_PARSERS = 256
const LONGEST_SWEEP_MS = 500

/** A socket of this engine, so that one set of listeners serves all. */
interface OwnedSocket extends Socket {
  connection: Connection
}

/** Takes a connection with what its PROXY header said, and the bytes behind that header. */
type Acceptor = (socket: Socket, announcedAddress: string, rest: Buffer) => void

export function createHttp1Engine(log: Logger, settings: Partial<EngineSettings> = {}): Engine {
  return new Http1Engine(log, { ...DEFAULT_SETTINGS, ...settings })
}

class Http1Engine implements Engine, ConnectionHost {
  readonly name = 'http1'
  readonly settings: EngineSettings
  readonly sweep: Sweep
  pending = 0
  isDraining = false
  readonly #log: Logger
  readonly #servers: Server[] = []
  readonly #tlsListeners: TlsListener[] = []
  readonly #connections = new Set<Connection>()
  /** Connections whose PROXY header has not come yet. */
  readonly #unannounced = new Set<Socket>()
  readonly #spare: RequestParser[] = []
  readonly #buffer = Buffer.allocUnsafeSlow(READ_BYTES)

  constructor(log: Logger, settings: EngineSettings) {
    this.#log = log
    this.settings = settings
    this.sweep = new Sweep(sweepPeriod(settings))
  }

  async listen(options: ListenOptions, handler: ExchangeHandler): Promise<RunningListener> {
    const { address, port, publicPort = 0, tls } = options
    const secure = tls !== null
    const info = { address, port: publicPort, secure }
    const server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true })
    server.on('connection', this.#acceptor(options, info, handler))
    await this.#bind(server, options)
    const bound = server.address()
    const boundPort = typeof bound === 'object' && bound !== null ? bound.port : port
    if (publicPort === 0) info.port = boundPort
    // Such as a lack of file descriptors: the connection is lost, the listener is not.
    server.on('error', (error) => this.report(error, 'a connection could not be accepted'))
    this.#servers.push(server)
    return { address, port: boundPort, secure }
  }

  drain(): void {
    this.isDraining = true
  }

  stopListening(): void {
    this.drain()
    for (const server of this.#servers.splice(0)) server.close()
  }

  sayGoodbye(): void {
    for (const connection of [...this.#connections]) connection.webSocket?.goAway()
  }

  close(): void {
    this.stopListening()
    for (const socket of this.#unannounced) socket.destroy()
    for (const tls of this.#tlsListeners.splice(0)) tls.close()
    for (const connection of [...this.#connections]) connection.shutDown()
  }

  // ConnectionHost

  // HOT PATH
  borrowParser(): RequestParser {
    const parser = this.#spare.pop() ?? new RequestParser(this.settings)
    parser.begin()
    return parser
  }

  // HOT PATH
  returnParser(parser: RequestParser): void {
    if (this.#spare.length < SPARE_PARSERS) this.#spare.push(parser)
  }

  closed(connection: Connection): void {
    this.#connections.delete(connection)
    this.sweep.remove(connection)
  }

  report(error: unknown, message: string): void {
    this.#log.error({ err: error }, message)
  }

  #bind(server: Server, { address, port }: ListenOptions): Promise<void> {
    return new Promise((resolve, reject) => {
      server.once('error', (cause) => reject(listenFault(address, port, cause)))
      const { sharePort: reusePort } = this.settings
      // nginx: an IPv6 socket takes IPv6 alone, so that 0.0.0.0 may stand beside [::].
      const options = { host: address, port, backlog: BACKLOG, reusePort, ipv6Only: true }
      server.listen(options, () => {
        server.removeAllListeners('error')
        resolve()
      })
    })
  }

  /** What takes the connections of a listener. */
  #acceptor(
    { tls, proxyProtocol = false }: ListenOptions,
    listener: ListenerInfo,
    handler: ExchangeHandler,
  ): (socket: Socket) => void {
    const serve =
      tls === null
        ? this.#plainAcceptor(listener, handler)
        : this.#tlsAcceptor(tls, listener, handler)
    if (!proxyProtocol) return (socket) => serve(socket, '', EMPTY)
    return (socket) => {
      this.#unannounced.add(socket)
      socket.once('close', () => this.#unannounced.delete(socket))
      expectProxyHeader(socket, this.settings.headerTimeoutMs, (announcedAddress, rest) => {
        this.#unannounced.delete(socket)
        serve(socket, announcedAddress, rest)
      })
    }
  }

  #tlsAcceptor(
    certificates: CertificateStore,
    listener: ListenerInfo,
    handler: ExchangeHandler,
  ): Acceptor {
    const tls = new TlsListener({
      certificates,
      sweep: this.sweep,
      handshakeTimeoutMs: this.settings.headerTimeoutMs,
      log: this.#log,
      onSecure: (socket, greeting) => this.#acceptSecure(socket, greeting, listener, handler),
    })
    this.#tlsListeners.push(tls)
    return (socket, announcedAddress, rest) => {
      if (rest.length > 0) socket.unshift(rest)
      tls.accept(socket, announcedAddress)
    }
  }

  #acceptSecure(
    accepted: TLSSocket,
    { serverName, announcedAddress }: Greeting,
    listener: ListenerInfo,
    handler: ExchangeHandler,
  ): void {
    const address = canonicalAddress(accepted.remoteAddress ?? '')
    const peer = { listener, address, announcedAddress, serverName }
    const connection = this.#connect(accepted as Socket as OwnedSocket, handler, peer)
    accepted.on('data', (chunk: Buffer) => this.#read(connection, chunk, chunk.length))
  }

  #plainAcceptor(listener: ListenerInfo, handler: ExchangeHandler): Acceptor {
    return (accepted, announcedAddress, rest) => {
      const address = canonicalAddress(accepted.remoteAddress ?? '')
      const buffer = this.#buffer
      const socket = withReadBuffer(accepted, {
        buffer,
        callback: (bytes) => {
          this.#read(connection, buffer, bytes)
          return true
        },
      }) as OwnedSocket
      const peer = { listener, address, announcedAddress, serverName: '' }
      const connection = this.#connect(socket, handler, peer)
      if (rest.length > 0) this.#read(connection, rest, rest.length)
    }
  }

  #connect(socket: OwnedSocket, handler: ExchangeHandler, peer: Peer): Connection {
    const connection = new Connection(this, socket, handler, peer)
    socket.connection = connection
    this.#connections.add(connection)
    socket.on('timeout', onTimeout)
    socket.on('end', onEnd)
    socket.on('error', onError)
    socket.on('close', onClose)
    return connection
  }

  // HOT PATH
  #read(connection: Connection, buffer: Buffer, bytes: number): void {
    try {
      connection.onRead(buffer, 0, bytes)
    } catch (error) {
      this.report(error, 'a connection failed')
      connection.cut(false)
    }
  }
}

/** Often enough for the shortest of the time-outs. */
function sweepPeriod(settings: EngineSettings): number {
  const { headerTimeoutMs, bodyTimeoutMs, keepaliveTimeoutMs, sendTimeoutMs } = settings
  const shortest = Math.min(
    headerTimeoutMs,
    bodyTimeoutMs,
    sendTimeoutMs,
    keepaliveTimeoutMs || Infinity,
  )
  return Math.max(5, Math.min(LONGEST_SWEEP_MS, Math.floor(shortest / 4)))
}

function onTimeout(this: OwnedSocket): void {
  this.connection.onSendTimeout()
}

function onEnd(this: OwnedSocket): void {
  this.connection.onEnd()
}

/** `close` follows, and says all that there is to say. */
function onError(): void {
  // A client that resets its connection is nothing to report.
}

function onClose(this: OwnedSocket): void {
  this.connection.onClose()
}
