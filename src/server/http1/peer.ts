// Who is at the other end of a connection, as all its exchanges say it.
import type { ListenerInfo } from '../../model/exchange.js'

export interface Peer {
  readonly listener: ListenerInfo
  /** Canonical text. */
  readonly address: string
  /** From the PROXY protocol; empty without. */
  readonly announcedAddress: string
  /** From the TLS handshake; empty without. */
  readonly serverName: string
}
