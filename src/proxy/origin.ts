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
/** Server names of one target besides its own. Where the client's Host is preserved, clients choose them. */
const MOST_NAMES = 100

/** What all origins of a transport share. */
export interface Shared {
  readonly keepalive: KeepaliveSettings
  readonly sweep: Sweep
  /** One for all reads: each is dealt with before the next. */
  readonly readBuffer: Buffer
}

/** A target's connections, under whatever server name. */
interface Family {
  idle: number
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
  readonly #family: Family
  /** In the order of their use, the last one at the end. */
  readonly #named = new Map<string, HttpOrigin>()
  #session: Buffer | undefined
  #isRetired = false

  constructor(target: Target, shared: Shared, family: Family = { idle: 0 }) {
    this.target = target
    this.sweep = shared.sweep
    this.#shared = shared
    this.#family = family
  }

  named(serverName: string): HttpOrigin {
    if (serverName === this.target.serverName) return this
    const known = this.#named.get(serverName)
    const origin =
      known ?? new HttpOrigin({ ...this.target, serverName }, this.#shared, this.#family)
    this.#named.delete(serverName)
    this.#named.set(serverName, origin)
    if (this.#named.size > MOST_NAMES) this.#forgetOldestName()
    // A call that began before a reload: nobody else would close what it leaves behind.
    if (this.#isRetired) origin.retire()
    return origin
  }

  // HOT PATH
  send(call: UpstreamCall, observer: CallObserver): RunningCall {
    const running = new Call(this, call, observer)
    const connection = this.#idle.pop() ?? null
    if (connection !== null) this.#family.idle--
    running.start(connection)
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
      this.#family.idle >= keepalive.poolSize
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
    this.#family.idle++
  }

  forget(connection: Connection): void {
    const at = this.#idle.lastIndexOf(connection)
    if (at < 0) return
    this.#idle.splice(at, 1)
    this.#family.idle--
  }

  /** Nobody will ask for it again: keeps no connection from now on. */
  retire(): void {
    this.#isRetired = true
    this.#family.idle -= this.#idle.length
    for (const connection of this.#idle.splice(0)) connection.destroy()
    for (const origin of this.#named.values()) origin.retire()
  }

  #forgetOldestName(): void {
    for (const [name, origin] of this.#named) {
      this.#named.delete(name)
      origin.retire()
      return
    }
  }

  #dialPlain(onread: ReadHandler): net.Socket {
    const { host, port } = this.target
    return net.connect({ host, port, onread, allowHalfOpen: true })
  }

  #dialSecure(onread: ReadHandler): net.Socket {
    const { host, port, serverName, tls: terms } = this.target
    if (terms === null) throw new TypeError('a target behind TLS without terms for it')
    const name = serverName === '' ? host : serverName
    const options: SecureOptions = {
      host,
      port,
      allowHalfOpen: true,
      onread,
      secureContext: terms.secureContext(),
      rejectUnauthorized: terms.verify,
      // The certificate comes with its chain; the types do not know that either.
      checkServerIdentity: (_, certificate) =>
        terms.verify ? terms.faultOf(name, certificate as tls.DetailedPeerCertificate) : undefined,
    }
    // An address is no server name (RFC 6066, section 3).
    if (net.isIP(name) === 0) options.servername = name
    if (this.#session !== undefined) options.session = this.#session
    // A session belongs to this target alone, so it was judged as this target demands; node:tls hands out none before that.
    return tls.connect(options).on('session', (session) => (this.#session = session))
  }
}
