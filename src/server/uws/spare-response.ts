// A response that is never given, to a connection of the process with itself, for the sake of its cork.
//
// Trap 24: when `cork` of a response returns, it looks at the response's state even if that has become a WebSocket by
// then, finds any bits in its place, and closes about every second connection. Without `cork` the library complains on
// standard error each time. While another response is corked it does neither: this is the other one.
import { randomUUID } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import type { Logger } from '../../log/logger.js'
import type { Uws, UwsApp, UwsListenSocket, UwsResponse } from './native.js'

const LOOPBACK = '127.0.0.1'
const FIRST_DELAY_MS = 100
const MOST_DELAY_MS = 30_000

/** Opens its connection in the background, and again when it is gone; nothing waits for that, nor fails by it. */
export class SpareResponse {
  readonly #uws: Uws
  readonly #log: Logger
  readonly #app: UwsApp
  /** Nobody else on this machine knows it. */
  readonly #path = `/${randomUUID()}`
  /** Until the connection is there. */
  #listening: UwsListenSocket | null = null
  #client: Socket | null = null
  #res: UwsResponse | null = null
  #timer: NodeJS.Timeout | null = null
  /** Losses and vain attempts in a row. */
  #failures = 0
  #isClosed = false

  constructor(uws: Uws, log: Logger) {
    this.#uws = uws
    this.#log = log
    this.#app = uws.App()
    this.#app.any(this.#path, (res) => this.#onRequest(res))
    this.#open()
  }

  /** Runs it where another response may become a WebSocket; what that writes leaves as it is written. */
  whileCorked(work: () => void): void {
    if (this.#res === null) work()
    else this.#res.cork(work)
  }

  close(): void {
    this.#isClosed = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#stopListening()
    this.#res = null
    this.#client?.destroy()
    this.#app.close()
  }

  #open(): void {
    this.#timer = null
    this.#app.listen(LOOPBACK, 0, this.#uws.LIBUS_LISTEN_EXCLUSIVE_PORT, (listening) => {
      if (listening === false) this.#openLater(`no port of ${LOOPBACK} can be had`)
      else this.#connect(listening)
    })
  }

  #connect(listening: UwsListenSocket): void {
    this.#listening = listening
    let reason = 'the connection was closed'
    const client = connect(this.#uws.us_socket_local_port(listening), LOOPBACK)
    this.#client = client
    client.unref()
    client.on('error', ({ message }) => (reason = message))
    client.once('close', () => this.#openLater(reason))
    // Whoever does not read is not told of the end.
    client.resume()
    client.write(`GET ${this.#path} HTTP/1.1\r\nHost: ${LOOPBACK}\r\n\r\n`)
  }

  #onRequest(res: UwsResponse): void {
    res.onAborted(() => (this.#res = null))
    this.#res = res
    this.#failures = 0
    this.#stopListening()
  }

  #openLater(reason: string): void {
    this.#stopListening()
    if (this.#isClosed) return
    const delayMs = Math.min(FIRST_DELAY_MS * 2 ** this.#failures, MOST_DELAY_MS)
    // Once, and only when the next one cannot be had either.
    if (++this.#failures === 2) {
      this.#log.warn(
        `no connection of the gateway with itself: ${reason}. WebSockets are opened all the same, ` +
          'but uWebSockets.js writes a warning to standard error for each',
      )
    }
    this.#timer = setTimeout(() => this.#open(), delayMs).unref()
  }

  #stopListening(): void {
    if (this.#listening !== null) this.#uws.us_listen_socket_close(this.#listening)
    this.#listening = null
  }
}
