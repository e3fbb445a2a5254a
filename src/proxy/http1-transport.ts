// The way to the targets: HTTP/1.1 on our own client. Costs a third of undici's on the measure that counts, CPU time
// per request (see the design notes on the data path).
import { createSecureContext, type SecureContext } from 'node:tls'
import { HttpOrigin, type Shared } from './origin.js'
import { Sweep } from '../util/sweep.js'
import type { KeepaliveSettings, Origin, Target, Transport } from './transport.js'

const READ_BUFFER_BYTES = 65_536
/** A deadline of a target passes at most twice this late. */
const SWEEP_MS = 50

export interface TransportOptions {
  /** Authorities (PEM) that certificates are verified against, instead of those that Node.js brings along. */
  readonly ca?: string | Buffer | readonly (string | Buffer)[]
}

export function createTransport(
  keepalive: KeepaliveSettings,
  options: TransportOptions = {},
): Transport {
  return new HttpTransport(keepalive, options)
}

class HttpTransport implements Transport {
  readonly #origins = new Map<string, HttpOrigin>()
  readonly #shared: Shared

  constructor(keepalive: KeepaliveSettings, { ca }: TransportOptions) {
    let context: SecureContext | undefined
    this.#shared = {
      keepalive,
      sweep: new Sweep(SWEEP_MS),
      readBuffer: Buffer.allocUnsafeSlow(READ_BUFFER_BYTES),
      secureContext: () =>
        (context ??= createSecureContext(ca === undefined ? {} : { ca: [ca].flat() })),
    }
  }

  origin(target: Target): HttpOrigin {
    const key = keyOf(target)
    let origin = this.#origins.get(key)
    if (origin === undefined) {
      origin = new HttpOrigin(target, this.#shared)
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
  }

  close(): void {
    for (const origin of this.#origins.values()) origin.retire()
  }
}

/** All that a connection is judged by. None of the parts has a space in it. */
function keyOf({ protocol, host, port, serverName, verify }: Target): string {
  return `${protocol} ${host} ${port} ${serverName} ${verify}`
}
