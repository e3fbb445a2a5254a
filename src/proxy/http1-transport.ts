// The way to the targets: HTTP/1.1 on our own client. Costs a third of undici's on the measure that counts, CPU time
// per request (see the design notes on the data path).
import { HttpOrigin, type Shared } from './origin.js'
import { Sweep } from '../util/sweep.js'
import type { TlsTerms } from './tls-terms.js'
import type { KeepaliveSettings, Origin, Target, Transport } from './transport.js'

const READ_BUFFER_BYTES = 65_536
/** A deadline of a target passes at most twice this late. */
const SWEEP_MS = 50

export function createTransport(keepalive: KeepaliveSettings): Transport {
  return new HttpTransport(keepalive)
}

class HttpTransport implements Transport {
  readonly #origins = new Map<string, HttpOrigin>()
  /** By key: equal terms are one object, so that what is made of certificates is made once. */
  #terms = new Map<string, TlsTerms>()
  readonly #shared: Shared

  constructor(keepalive: KeepaliveSettings) {
    this.#shared = {
      keepalive,
      sweep: new Sweep(SWEEP_MS),
      readBuffer: Buffer.allocUnsafeSlow(READ_BUFFER_BYTES),
    }
  }

  origin(target: Target): HttpOrigin {
    const key = keyOf(target)
    let origin = this.#origins.get(key)
    if (origin === undefined) {
      origin = new HttpOrigin({ ...target, tls: this.#known(target.tls) }, this.#shared)
      this.#origins.set(key, origin)
    }
    return origin
  }

  retain(origins: ReadonlySet<Origin>): void {
    for (const [key, origin] of this.#origins) {
      if (origins.has(origin)) continue
      this.#origins.delete(key)
      origin.retire()
    }
    this.#terms = new Map()
    for (const { target } of this.#origins.values()) this.#known(target.tls)
  }

  close(): void {
    for (const origin of this.#origins.values()) origin.retire()
  }

  #known(terms: TlsTerms | null): TlsTerms | null {
    if (terms === null) return null
    const known = this.#terms.get(terms.key)
    if (known === undefined) this.#terms.set(terms.key, terms)
    return known ?? terms
  }
}

/** All that a connection is judged by. None of the parts has a space in it. */
function keyOf({ protocol, host, port, serverName, tls }: Target): string {
  return `${protocol} ${host} ${port} ${serverName} ${tls === null ? '' : tls.key}`
}
