// The connections to one target: idle ones in a stack, so that the one used last is used next and the others may age.
import * as net from 'node:net'
import * as tls from 'node:tls'
import { Call } from './call.js'
import { Connection } from './connection.js'
import type { ConnectionHome, ConnectionUser, ReadHandler } from './connection.js'
import type { Sweep } from '../util/sweep.js'
import type {
  CallObserver,
  KeepaliveSettings,
  Origin,
  RunningCall,
  Target,
  UpstreamCall,
} from './transport.js'

/** How long before the target does we close an idle connection: a request must not cross with its close. */
const CLOSE_AHEAD_MS = 1000

/** What all origins of a transport share. */
export interface Shared {
  readonly keepalive: KeepaliveSettings
  readonly sweep: Sweep
  /** One for all reads: each is dealt with before the next. */
  readonly readBuffer: Buffer
  /** Made at the first use: it reads the whole list of authorities. */
  secureContext(): tls.SecureContext
}

/** What the types of tls.connect do not know: both are handed on to the socket underneath. */
type SecureOptions = tls.ConnectionOptions & {
  readonly onread: ReadHandler
  readonly allowHalfOpen: boolean
}

export class HttpOrigin implements Origin, ConnectionHome {
  readonly target: Target
  readonly sweep: Sweep
  readonly #shared: Shared
  readonly #idle: Connection[] = []
  #session: Buffer | undefined
  #isRetired = false

  constructor(target: Target, shared: Shared) {
    this.target = target
    this.sweep = shared.sweep
    this.#shared = shared
  }

  // HOT PATH
  send(call: UpstreamCall, observer: CallObserver): RunningCall {
    const running = new Call(this, call, observer)
    running.start(this.#idle.pop() ?? null)
    return running
  }

  connect(user: ConnectionUser): Connection {
    const isSecure = this.target.protocol === 'https'
    return new Connection(
      this,
      (read) => (isSecure ? this.#dialSecure(read) : this.#dialPlain(read)),
      this.#shared.readBuffer,
      isSecure ? 'secureConnect' : 'connect',
      user,
    )
  }

  // HOT PATH
  release(connection: Connection, keepAliveSeconds: number): void {
    const { keepalive } = this.#shared
    if (
      this.#isRetired ||
      connection.calls >= keepalive.maxRequests ||
      this.#idle.length >= keepalive.poolSize
    ) {
      connection.destroy()
      return
    }
    let ms = keepalive.idleTimeoutMs
    if (keepAliveSeconds >= 0) {
      const theirs = keepAliveSeconds * 1000
      ms = Math.min(ms, Math.max(theirs - CLOSE_AHEAD_MS, theirs / 2))
    }
    connection.rest(ms)
    this.#idle.push(connection)
  }

  forget(connection: Connection): void {
    const at = this.#idle.lastIndexOf(connection)
    if (at >= 0) this.#idle.splice(at, 1)
  }

  /** Nobody will ask for it again: keeps no connection from now on. */
  retire(): void {
    this.#isRetired = true
    for (const connection of this.#idle.splice(0)) connection.destroy()
  }

  #dialPlain(onread: ReadHandler): net.Socket {
    const { host, port } = this.target
    return net.connect({ host, port, onread, allowHalfOpen: true })
  }

  #dialSecure(onread: ReadHandler): net.Socket {
    const { host, port, serverName, verify } = this.target
    const options: SecureOptions = {
      host,
      port,
      allowHalfOpen: true,
      onread,
      secureContext: this.#shared.secureContext(),
      rejectUnauthorized: verify,
    }
    if (serverName !== '') options.servername = serverName
    if (this.#session !== undefined) options.session = this.#session
    // A session belongs to this target alone, so it was judged as this target demands.
    return tls.connect(options).on('session', (session) => (this.#session = session))
  }
}
