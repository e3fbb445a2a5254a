// Two ends joined: what one reads the other writes, as fast as the slower of the peers takes it.
import type { TunnelEnd, TunnelListener } from '../util/http1/tunnel-end.js'

/** What passes one end of a tunnel. */
class Passage implements TunnelListener {
  readonly #own: TunnelEnd
  readonly #other: TunnelEnd
  readonly #onPassed: (bytes: number) => void
  readonly #onClosed: () => void

  constructor(
    own: TunnelEnd,
    other: TunnelEnd,
    onPassed: (bytes: number) => void,
    onClosed: () => void,
  ) {
    this.#own = own
    this.#other = other
    this.#onPassed = onPassed
    this.#onClosed = onClosed
  }

  onBytes(bytes: Buffer): void {
    this.#onPassed(bytes.length)
    if (!this.#other.write(bytes)) this.#own.pause()
  }

  onWritable(): void {
    this.#other.resume()
  }

  onEnd(): void {
    this.#other.end()
  }

  onClosed(isBroken: boolean): void {
    if (isBroken) this.#other.reset()
    else this.#other.close()
    this.#onClosed()
  }
}

/**
 * Lets bytes pass both ways until one end is closed, which closes the other.
 * @param onSent called with the bytes of each piece that goes to the client
 * @param onClosed called for each end that has closed
 */
export function joinTunnel(
  client: TunnelEnd,
  target: TunnelEnd,
  onSent: (bytes: number) => void,
  onClosed: () => void,
): void {
  client.start(new Passage(client, target, () => undefined, onClosed))
  target.start(new Passage(target, client, onSent, onClosed))
}
