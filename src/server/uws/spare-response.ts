// A response that is never given, to a connection of the process with itself, for the sake of its cork.
//
// Trap 24: when `cork` of a response returns, it looks at the response's state even if that has become a WebSocket by
// then, finds any bits in its place, and closes about every second connection. Without `cork` the library complains on
// standard error each time. While another response is corked it does neither: this is the other one.
import { randomUUID } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import type { Uws, UwsApp, UwsResponse } from './native.js'

const LOOPBACK = '127.0.0.1'

export class SpareResponse {
  readonly #app: UwsApp
  readonly #client: Socket
  #res: UwsResponse | null

  /** Rejects when the machine has no loopback. */
  static open(uws: Uws): Promise<SpareResponse> {
    return new Promise((resolve, reject) => {
      const app = uws.App()
      // Nobody else on this machine knows it.
      const path = `/${randomUUID()}`
      app.listen(LOOPBACK, 0, uws.LIBUS_LISTEN_EXCLUSIVE_PORT, (listening) => {
        if (listening === false) {
          reject(new Error(`no port of ${LOOPBACK} can be had, which WebSockets need`))
          return
        }
        const client = connect(uws.us_socket_local_port(listening), LOOPBACK)
        client.unref()
        client.once('error', reject)
        client.write(`GET ${path} HTTP/1.1\r\nHost: ${LOOPBACK}\r\n\r\n`)
        app.any(path, (res) => {
          uws.us_listen_socket_close(listening)
          resolve(new SpareResponse(app, client, res))
        })
      })
    })
  }

  private constructor(app: UwsApp, client: Socket, res: UwsResponse) {
    this.#app = app
    this.#client = client
    this.#res = res
    res.onAborted(() => (this.#res = null))
  }

  /** False when it is of no use any more. */
  get isOpen(): boolean {
    return this.#res !== null
  }

  /** Runs it where another response may become a WebSocket; what that writes leaves as it is written. */
  whileCorked(work: () => void): void {
    this.#res?.cork(work)
  }

  close(): void {
    this.#res = null
    this.#client.destroy()
    this.#app.close()
  }
}
