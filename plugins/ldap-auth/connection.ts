// One connection to an LDAP server: opened, made secure, and used for one bind after the other. A bind changes whom the
// connection speaks for, so there are never two at once; for simple binds it does not matter who it was before.
import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls, type DetailedPeerCertificate } from 'node:tls'
import { hostAndPort, type ServerTrust } from 'gw/plugin'
import { LdapError } from './ldap-error.js'
import { BIND_RESPONSE, EXTENDED_RESPONSE, type Codec } from './messages.js'

export interface LdapServer {
  readonly host: string
  readonly port: number
  readonly tls: 'none' | 'from the start' | 'by StartTLS'
  /** How long a connection, a handshake and an answer may each take. */
  readonly timeoutMs: number
}

/** Peers that vanish without a word are noticed by TCP itself. */
const TCP_KEEPALIVE_MS = 10_000
/** Who does not take the last message within this time is cut. */
const GOODBYE_MS = 1_000
const NOTHING = Buffer.alloc(0)
const SUCCESS = 0

interface Exchange {
  readonly id: number
  readonly operation: number
  readonly timer: NodeJS.Timeout
  resolve(resultCode: number): void
  reject(fault: LdapError): void
}

export class LdapConnection {
  readonly #codec: Codec
  readonly #timeoutMs: number
  readonly #onLost: (connection: LdapConnection) => void
  #socket: Socket
  #isOpen = true
  #lastId = 0
  #exchange: Exchange | null = null
  #received: Buffer = NOTHING

  /**
   * @param trust null: any certificate will do
   * @param onLost called once when it closes, unless `close` has closed it
   * @throws LdapError
   */
  static async open(
    server: LdapServer,
    trust: ServerTrust | null,
    codec: Codec,
    onLost: (connection: LdapConnection) => void,
  ): Promise<LdapConnection> {
    const plain = await dial(server)
    const socket = server.tls === 'from the start' ? await secure(plain, server, trust) : plain
    const connection = new LdapConnection(socket, server, codec, onLost)
    if (server.tls === 'by StartTLS') await connection.#startTls(server, trust)
    return connection
  }

  private constructor(
    socket: Socket,
    { timeoutMs }: LdapServer,
    codec: Codec,
    onLost: (connection: LdapConnection) => void,
  ) {
    this.#codec = codec
    this.#timeoutMs = timeoutMs
    this.#onLost = onLost
    this.#socket = socket
    this.#attach(socket)
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  /** The result code, 0 for success. Rejects with LdapError, and is closed then. */
  bind(dn: string, password: string): Promise<number> {
    const id = this.#nextId()
    return this.#ask(this.#codec.bindRequest(id, dn, password), id, BIND_RESPONSE)
  }

  close(): void {
    if (!this.#isOpen) return
    const unbind = this.#codec.unbindRequest(this.#nextId())
    this.#shut(LdapError.of('lost', 'the gateway has closed the connection'))
    const socket = this.#socket
    const cut = setTimeout(() => socket.destroy(), GOODBYE_MS).unref()
    socket.end(unbind, () => {
      clearTimeout(cut)
      socket.destroy()
    })
  }

  async #startTls(server: LdapServer, trust: ServerTrust | null): Promise<void> {
    const id = this.#nextId()
    const code = await this.#ask(this.#codec.startTlsRequest(id), id, EXTENDED_RESPONSE)
    if (code !== SUCCESS) {
      this.close()
      throw LdapError.of('start_tls', `the server refuses StartTLS (result code ${code})`)
    }
    // Nothing has come behind the answer, or it would have been refused: so nothing from before TLS is left over.
    this.#detach(this.#socket)
    try {
      this.#socket = await secure(this.#socket, server, trust)
    } catch (error) {
      this.#isOpen = false
      throw error
    }
    this.#attach(this.#socket)
  }

  #nextId(): number {
    this.#lastId = this.#lastId === 0x7fffffff ? 1 : this.#lastId + 1
    return this.#lastId
  }

  #ask(request: Buffer, id: number, operation: number): Promise<number> {
    return new Promise((resolve, reject) => {
      if (!this.#isOpen) {
        reject(LdapError.of('lost', 'the connection is closed'))
        return
      }
      if (this.#exchange !== null) throw new TypeError('a connection serves one bind at a time')
      const timer = setTimeout(
        () => this.#fail(LdapError.of('silent', 'no answer in time')),
        this.#timeoutMs,
      )
      this.#exchange = { id, operation, timer, resolve, reject }
      this.#socket.write(request)
    })
  }

  #attach(socket: Socket): void {
    socket.on('data', this.#onData).on('error', this.#onEnd).on('end', this.#onEnd)
    socket.on('close', this.#onEnd)
  }

  #detach(socket: Socket): void {
    socket.off('data', this.#onData).off('error', this.#onEnd).off('end', this.#onEnd)
    socket.off('close', this.#onEnd)
  }

  readonly #onEnd = (): void => {
    this.#fail(LdapError.of('lost', 'the server closed the connection before the answer'))
  }

  readonly #onData = (chunk: Buffer): void => {
    try {
      this.#take(chunk)
    } catch (error) {
      this.#fail(error instanceof LdapError ? error : LdapError.of('garbled', String(error)))
    }
  }

  #take(chunk: Buffer): void {
    const exchange = this.#exchange
    if (exchange === null) throw LdapError.of('garbled', 'the server speaks without being asked')
    const received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk])
    this.#received = received
    const answer = this.#codec.readAnswer(received)
    if (answer === null) return
    // RFC 4511, 4.4.1: a notice of disconnection.
    if (answer.id === 0) throw LdapError.of('lost', 'the server ends the connection')
    if (answer.id !== exchange.id || answer.operation !== exchange.operation) {
      throw LdapError.of('garbled', 'the server answers what it was not asked')
    }
    if (answer.bytes !== received.length) {
      throw LdapError.of('garbled', 'the server says more than it was asked')
    }
    this.#received = NOTHING
    this.#exchange = null
    clearTimeout(exchange.timer)
    exchange.resolve(answer.resultCode)
  }

  #fail(fault: LdapError): void {
    if (!this.#isOpen) return
    this.#shut(fault)
    this.#socket.destroy()
    this.#onLost(this)
  }

  #shut(fault: LdapError): void {
    this.#isOpen = false
    this.#received = NOTHING
    this.#detach(this.#socket)
    // What comes now is of no interest, an error the least.
    this.#socket.on('error', () => undefined).resume()
    const exchange = this.#exchange
    if (exchange === null) return
    this.#exchange = null
    clearTimeout(exchange.timer)
    exchange.reject(fault)
  }
}

function dial({ host, port, timeoutMs }: LdapServer): Promise<Socket> {
  const socket = connectTcp({ host, port, noDelay: true })
  socket.setKeepAlive(true, TCP_KEEPALIVE_MS)
  const place = hostAndPort(host, port)
  return settled(socket, 'connect', timeoutMs, (words) =>
    LdapError.of('away', `no connection to ${place}: ${words}`),
  )
}

function secure(plain: Socket, server: LdapServer, trust: ServerTrust | null): Promise<Socket> {
  const { host, timeoutMs } = server
  // What becomes of it shows on the socket over it.
  plain.on('error', () => undefined)
  const secured = connectTls({
    socket: plain,
    // An address is no server name (RFC 6066, 3).
    ...(isIP(host) === 0 && { servername: host }),
    rejectUnauthorized: trust !== null,
    ...(trust !== null && {
      secureContext: trust.secureContext(),
      // The certificate comes with its chain, which the types do not know.
      checkServerIdentity: (_name, certificate) =>
        trust.faultOf(host, certificate as DetailedPeerCertificate),
    }),
  })
  return settled(secured, 'secureConnect', timeoutMs, (words) => {
    plain.destroy()
    return LdapError.of('handshake', `no TLS with ${hostAndPort(host, server.port)}: ${words}`)
  })
}

/** The socket, once that has happened to it; otherwise it is destroyed. */
function settled(
  socket: Socket,
  event: 'connect' | 'secureConnect',
  timeoutMs: number,
  faultOf: (words: string) => LdapError,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const onDone = (): void => {
      clear()
      resolve(socket)
    }
    const fail = (words: string): void => {
      clear()
      socket.on('error', () => undefined)
      socket.destroy()
      reject(faultOf(words))
    }
    const onError = (error: NodeJS.ErrnoException): void => fail(error.code ?? error.message)
    const onClose = (): void => fail('the server closed the connection')
    const timer = setTimeout(() => fail('not in time'), timeoutMs)
    const clear = (): void => {
      clearTimeout(timer)
      socket.off(event, onDone).off('error', onError).off('close', onClose)
    }
    socket.on(event, onDone).on('error', onError).on('close', onClose)
  })
}
