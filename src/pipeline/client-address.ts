// Who the client is when trusted proxies stand in between (nginx: ngx_http_realip_module, as Kong sets it up).
import { BlockList, isIP } from 'node:net'
import type { Exchange } from '../model/exchange.js'
import { respelledAddress } from '../util/ip-text.js'

/** Addresses remembered as trusted or not; past it, forgotten all at once. */
const REMEMBERED = 4096

const PROXY_PROTOCOL = 'proxy_protocol'

export interface TrustSettings {
  /** Addresses and CIDR blocks; checked by the settings reader. */
  readonly trustedIps: readonly string[]
  /** In lower case; `proxy_protocol` for the address that a PROXY protocol header has announced. */
  readonly realIpHeader: string
  readonly realIpRecursive: boolean
}

export class ClientAddresses {
  readonly #blocks = new BlockList()
  readonly #anyTrusted: boolean
  readonly #header: string
  readonly #recursive: boolean
  readonly #known = new Map<string, boolean>()

  constructor({ trustedIps, realIpHeader, realIpRecursive }: TrustSettings) {
    for (const block of trustedIps) {
      const [address = '', bits] = block.split('/')
      const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
      this.#blocks.addSubnet(address, Number(bits ?? (family === 'ipv6' ? 128 : 32)), family)
    }
    this.#anyTrusted = trustedIps.length > 0
    this.#header = realIpHeader
    this.#recursive = realIpRecursive
  }

  isTrusted(address: string): boolean {
    if (!this.#anyTrusted) return false
    let trusted = this.#known.get(address)
    if (trusted === undefined) {
      const family = isIP(address)
      trusted = family !== 0 && this.#blocks.check(address, family === 6 ? 'ipv6' : 'ipv4')
      if (this.#known.size >= REMEMBERED) this.#known.clear()
      this.#known.set(address, trusted)
    }
    return trusted
  }

  /**
   * The client's address: the peer's, or what a trusted peer says in `real_ip_header` or before the connection. Of
   * several addresses the last counts, or, with `real_ip_recursive`, the last that is not trusted itself. What is no
   * address is not believed.
   */
  clientIp(exchange: Exchange): string {
    const peer = exchange.peerAddress
    if (!this.isTrusted(peer)) return peer
    // No header: one of that name is the client's, and says nothing.
    if (this.#header === PROXY_PROTOCOL) return exchange.announcedAddress || peer
    const said = exchange.headers.getAll(this.#header).join().split(',')
    let client = peer
    for (let i = said.length - 1; i >= 0; i--) {
      const address = respelledAddress(withoutPort(said[i]?.trim() ?? ''))
      if (address === null) break
      client = address
      if (!this.#recursive || !this.isTrusted(address)) break
    }
    return client
  }
}

/** nginx takes `1.2.3.4:5678` and `[::1]:5678` as well. */
function withoutPort(text: string): string {
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(text)
  if (bracketed?.[1] !== undefined) return bracketed[1]
  return /^\d+\.\d+\.\d+\.\d+:\d+$/.test(text) ? text.slice(0, text.lastIndexOf(':')) : text
}
