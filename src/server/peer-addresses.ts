// The text of peers' addresses, remembered: making it costs more than a look-up, and clients come back.
import { ipText, isMappedIpv4 } from '../util/ip-text.js'

// Enough for the clients of a moment; some 100 bytes each.
const LIMIT = 8192

export class PeerAddresses {
  readonly #texts = new Map<number | string, string>()
  #open = 0
  #sole: string | null = null

  /**
   * The address that every open connection comes from, or null when they differ. A gateway behind one load balancer or
   * sidecar has a single peer, and asking uWebSockets.js for the address of a request costs 1.3 µs, a tenth of all.
   */
  get sole(): string | null {
    return this.#sole
  }

  /** A connection has been accepted; to be told of each before its first request. */
  opened(bytes: Uint8Array): void {
    const text = this.textOf(bytes)
    // Once two have been seen, nobody tells which of them is left: they differ until none is.
    if (this.#open++ === 0) this.#sole = text === '' ? null : text
    else if (this.#sole !== text) this.#sole = null
  }

  /** A connection is gone. */
  closed(): void {
    this.#open--
  }

  // HOT PATH
  textOf(bytes: Uint8Array): string {
    const key = keyOf(bytes)
    return this.#texts.get(key) ?? this.#remember(key, bytes)
  }

  #remember(key: number | string, bytes: Uint8Array): string {
    // Dropping all of them is cheaper than keeping an order, and just as good against a flood of addresses.
    if (this.#texts.size >= LIMIT) this.#texts.clear()
    const text = ipText(bytes)
    this.#texts.set(key, text)
    return text
  }
}

/** IPv4 as a number, which hashes faster than text; IPv6 as a string of its bytes. */
function keyOf(bytes: Uint8Array): number | string {
  if (bytes.length === 4) return number(bytes, 0)
  if (bytes.length === 16 && isMappedIpv4(bytes)) return number(bytes, 12)
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
}

function number(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] ?? 0) << 24) |
    ((bytes[at + 1] ?? 0) << 16) |
    ((bytes[at + 2] ?? 0) << 8) |
    (bytes[at + 3] ?? 0)
  )
}
