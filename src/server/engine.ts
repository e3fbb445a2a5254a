// What gateway/ asks of a downstream engine. The exchange itself, which the floors below see, is in model/exchange.ts.
import type { ExchangeHandler } from '../model/exchange.js'

/** One entry of proxy_listen. */
export interface ListenOptions {
  /** An IP address. */
  readonly address: string
  /** 0 lets the system choose. */
  readonly port: number
  readonly tls: TlsFiles | null
  /** Every connection begins with a PROXY protocol header, version 1 or 2. */
  readonly proxyProtocol?: boolean
}

export interface TlsFiles {
  readonly certFile: string
  readonly keyFile: string
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
  /** Takes no new connections; what is under way goes on, and its answer closes the connection. */
  stopListening(): void
  /** Exchanges that have no complete answer yet. */
  readonly pending: number
  /** Cuts what is left. */
  close(): void
}
