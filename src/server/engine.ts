// What gateway/ asks of a downstream engine. The exchange itself, which the floors below see, is in model/exchange.ts.
import type { ExchangeHandler } from '../model/exchange.js'
import type { CertificateStore } from './certificates/store.js'

/** One entry of proxy_listen. */
export interface ListenOptions {
  /** An IP address. */
  readonly address: string
  /** 0 lets the system choose. */
  readonly port: number
  /** What exchanges are told for it, where clients connect to another one in front; 0 or none for `port`. */
  readonly publicPort?: number
  /** What TLS is served with, null for plain HTTP. What the store gets later counts for the connections that follow. */
  readonly tls: CertificateStore | null
  /** Every connection begins with a PROXY protocol header, version 1 or 2. */
  readonly proxyProtocol?: boolean
}

export interface RunningListener {
  readonly address: string
  /** The port in use, also when 0 was asked for. */
  readonly port: number
  readonly secure: boolean
}

export interface Engine {
  readonly name: string
  /** Rejects with a message that names address and port when it cannot listen. */
  listen(options: ListenOptions, handler: ExchangeHandler): Promise<RunningListener>
  /** From now on each answer closes its connection; new ones are still taken. */
  drain(): void
  /** Drains, and takes no new connections; what is under way goes on, and its answer closes the connection. */
  stopListening(): void
  /**
   * Ends open WebSockets with a close frame 1001 (going away) to client and target. On an engine that passes bytes as
   * they are, one that is in the middle of a frame is left as it is.
   */
  sayGoodbye(): void
  /** Exchanges that have no complete answer yet. */
  readonly pending: number
  /** Cuts what is left. */
  close(): void
}
