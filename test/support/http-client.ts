// A client that sends exactly the bytes it is told and reads answers one by one from the same connection.
import { connect, type Socket } from 'node:net'
import { header, MessageReader, type HttpMessage } from './message-reader.js'

export interface Answer extends HttpMessage {
  readonly status: number
  /** The body as UTF-8. */
  readonly text: string
  header(name: string): string | undefined
}

export class HttpClient {
  readonly socket: Socket
  #reader: MessageReader
  #isClosed = false
  #changed: (() => void) | null = null
  #headsOnly = false

  private constructor(socket: Socket) {
    this.socket = socket
    this.#reader = new MessageReader('responses', () => !this.#headsOnly)
    socket.on('data', (chunk) => {
      this.#reader.push(chunk)
      this.#changed?.()
    })
    socket.on('close', () => {
      this.#isClosed = true
      this.#changed?.()
    })
    // A reset counts as the end of the connection; `close` follows.
    socket.on('error', () => this.#changed?.())
  }

  /** @param localAddress where to come from; the system's choice without it */
  static connect(port: number, host = '127.0.0.1', localAddress?: string): Promise<HttpClient> {
    return new Promise((resolve, reject) => {
      const from = localAddress === undefined ? {} : { localAddress }
      const socket = connect({ port, host, noDelay: true, ...from })
      socket.once('error', reject)
      socket.once('connect', () => {
        socket.off('error', reject)
        resolve(new HttpClient(socket))
      })
    })
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** @param bytes text is sent as latin1: one byte per character */
  send(bytes: string | Buffer): void {
    this.socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes)
  }

  /** A whole request and its answer; adds Host, and Content-Length when there is a body. */
  async request(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>> = {},
    body?: string,
  ): Promise<Answer> {
    const lines = [`${method} ${path} HTTP/1.1`]
    if (headers.Host === undefined) lines.push('Host: localhost')
    for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`)
    if (body !== undefined) lines.push(`Content-Length: ${Buffer.byteLength(body)}`)
    this.send(Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body ?? ''}`))
    this.#headsOnly = method === 'HEAD'
    return this.next()
  }

  /** The next answer on this connection; rejects when it is closed or silent for `timeoutMs` before that. */
  async next(timeoutMs = 10_000): Promise<Answer> {
    const end = Date.now() + timeoutMs
    for (;;) {
      const message = this.#reader.next(this.#isClosed)
      if (message !== null) return answerOf(message)
      const rest = JSON.stringify(this.#reader.rest.toString('latin1'))
      if (this.#isClosed) throw new Error(`closed without a whole answer after ${rest}`)
      if (!(await this.#change(end - Date.now())))
        throw new Error(`no answer in time, only ${rest}`)
    }
  }

  /** Resolves once the other side has closed; false when it has not in time. */
  async closed(timeoutMs = 5_000): Promise<boolean> {
    const end = Date.now() + timeoutMs
    while (!this.#isClosed && (await this.#change(end - Date.now())));
    return this.#isClosed
  }

  close(): void {
    this.socket.destroy()
  }

  /** False when nothing has happened in time. */
  #change(timeoutMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), Math.max(0, timeoutMs))
      this.#changed = () => {
        clearTimeout(timer)
        this.#changed = null
        resolve(true)
      }
    })
  }
}

/** One request on a connection of its own. */
export async function requestOnce(
  port: number,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  body?: string,
): Promise<Answer> {
  const client = await HttpClient.connect(port)
  try {
    return await client.request(method, path, headers, body)
  } finally {
    client.close()
  }
}

function answerOf(message: HttpMessage): Answer {
  return {
    ...message,
    status: Number(message.startLine.split(' ')[1]),
    text: message.body.toString('utf8'),
    header: (name) => header(message, name),
  }
}
