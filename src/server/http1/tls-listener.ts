// TLS in front of this engine. The name that a client asks for is read from its first message, and the handshake left
// to a tls.Server that has the certificate for it.
//
// Not by SNICallback: Node.js 20 and 22 add the certificate it gives to the default one instead of replacing it, so a
// client that likes the default's kind of key better is shown the default; it serves one of two alternatives only;
// and in a session of TLS 1.2 that is resumed the name is lost.
import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import { createServer, type Server, type TLSSocket } from 'node:tls'
import type { Logger } from '../../log/logger.js'
import type { Sweep, Timed } from '../../util/sweep.js'
import type { Certificate } from '../certificates/certificate.js'
import type { CertificateStore } from '../certificates/store.js'
import { EMPTY } from '../body-queue.js'
import { serverNameIn } from './client-hello.js'

/** What is known of a client when its handshake is complete. */
export interface Greeting {
  /** As the client sent it; empty without one. */
  readonly serverName: string
  /** As it was handed to `accept`. */
  readonly announcedAddress: string
}

export interface TlsListenerOptions {
  readonly certificates: CertificateStore
  readonly sweep: Sweep
  /** From the first byte to the last of the handshake, in ms. */
  readonly handshakeTimeoutMs: number
  readonly log: Logger
  readonly onSecure: (socket: TLSSocket, greeting: Greeting) => void
}

/** What OpenSSL wants for names, keys and MACs of tickets. */
const TICKET_KEY_BYTES = 48

export class TlsListener {
  readonly #options: TlsListenerOptions
  /** The same for all certificates, so that sessions live on when they are renewed. */
  readonly #ticketKeys = randomBytes(TICKET_KEY_BYTES)
  /** One for each certificate that has been asked for; they listen nowhere. */
  readonly #servers = new WeakMap<Certificate, Server>()
  readonly #handshakes = new Map<string, Handshake>()

  constructor(options: TlsListenerOptions) {
    this.#options = options
  }

  /**
   * @param socket has brought nothing yet, or what it brought has been put back by `unshift`
   * @param announcedAddress see Exchange
   */
  accept(socket: Socket, announcedAddress: string): void {
    if (socket.destroyed) return
    const { sweep, handshakeTimeoutMs } = this.#options
    const handshake = new Handshake(socket, announcedAddress, sweep.after(handshakeTimeoutMs))
    const key = keyOf(socket)
    this.#handshakes.set(key, handshake)
    sweep.add(handshake)
    socket.on('error', ignore)
    socket.once('close', () => this.#forget(key, handshake))
    handshake.readName(() => {
      const server = this.#serverFor(this.#options.certificates.find(handshake.serverName))
      server.emit('connection', socket)
    })
  }

  /** Cuts what has not come through its handshake. */
  close(): void {
    for (const handshake of this.#handshakes.values()) handshake.onDeadline()
  }

  #serverFor(certificate: Certificate): Server {
    const known = this.#servers.get(certificate)
    if (known !== undefined) return known
    const server = createServer({
      ...certificate.contextOptions(),
      ticketKeys: this.#ticketKeys,
      ALPNProtocols: ['http/1.1'],
      // Starts anew with every byte; the deadline of the whole is the handshake's own.
      handshakeTimeout: this.#options.handshakeTimeoutMs,
      allowHalfOpen: true,
    })
    server.on('secureConnection', (socket) => this.#complete(socket))
    server.on('tlsClientError', (error, socket) => this.#fail(error, socket))
    this.#servers.set(certificate, server)
    return server
  }

  #complete(socket: TLSSocket): void {
    const key = keyOf(socket)
    const handshake = this.#handshakes.get(key)
    if (handshake === undefined) {
      // The client has gone in the meantime.
      socket.destroy()
      return
    }
    this.#forget(key, handshake)
    this.#options.onSecure(socket, handshake)
  }

  #fail(error: NodeJS.ErrnoException, socket: TLSSocket): void {
    const { code = 'unknown' } = error
    // Scanners, checks that only connect, plain HTTP on the wrong port: nothing that anybody must mend here.
    this.#options.log.info({ code, peer: socket.remoteAddress ?? '' }, 'a TLS handshake failed')
    socket.destroy()
  }

  #forget(key: string, handshake: Handshake): void {
    this.#options.sweep.remove(handshake)
    // Another connection may have got the same port by now.
    if (this.#handshakes.get(key) === handshake) this.#handshakes.delete(key)
  }
}

/** A connection until it is secure. */
class Handshake implements Timed, Greeting {
  serverName = ''
  slot = -1
  readonly announcedAddress: string
  deadline: number
  readonly #socket: Socket

  constructor(socket: Socket, announcedAddress: string, deadline: number) {
    this.#socket = socket
    this.announcedAddress = announcedAddress
    this.deadline = deadline
  }

  /** Calls `done` when the name is known; what has been read for it is back in the socket then. */
  readName(done: () => void): void {
    const socket = this.#socket
    let bytes: Buffer = EMPTY
    const onReadable = (): void => {
      const chunk = socket.read() as Buffer | null
      if (chunk === null) return
      bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk])
      const name = serverNameIn(bytes)
      if (name === null) return
      this.serverName = name
      socket.removeListener('readable', onReadable)
      socket.removeListener('end', onEnd)
      socket.unshift(bytes)
      done()
    }
    const onEnd = (): void => {
      socket.destroy()
    }
    socket.on('readable', onReadable)
    socket.on('end', onEnd)
  }

  onDeadline(): void {
    this.#socket.destroy()
  }
}

/** The same for a connection and for the TLS on it: Node.js does not tell which belongs to which. */
function keyOf({ remoteAddress, remotePort, localAddress }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress}`
}

function ignore(): void {
  // `close` follows.
}
