// A client that sends exactly the bytes it is given and keeps exactly those that come back.
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'

export interface RawAnswer {
  readonly status: number
  readonly statusLine: string
  /** Header lines as they came, in order. */
  readonly headerLines: readonly string[]
  /** Values by lower-case name; several lines of one name are joined with `, `. */
  readonly headers: Readonly<Record<string, string>>
  /** The decoded body. */
  readonly body: Buffer
}

interface Options {
  readonly host?: string
  readonly tls?: boolean
  /** The address to come from. */
  readonly localAddress?: string
}

/** Longer than anything a test waits for on purpose. */
const PATIENCE_MS = 20_000

export class RawClient {
  readonly socket: Socket
  /** The end of the stream came as FIN, or the connection was reset. */
  ending: 'open' | 'fin' | 'reset' = 'open'
  /** What has come, in pieces until somebody looks at it. */
  #chunks: Buffer[] = []
  #wake: () => void = () => undefined

  private constructor(socket: Socket) {
    this.socket = socket
    socket.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk)
      this.#wake()
    })
    socket.on('end', () => this.#ended('fin'))
    socket.on('error', () => this.#ended('reset'))
    socket.on('close', () => this.#ended('reset'))
  }

  static async open(
    port: number,
    { host = '127.0.0.1', tls = false, localAddress = '' }: Options = {},
  ): Promise<RawClient> {
    const socket = tls
      ? connectTls({ port, host, rejectUnauthorized: false })
      : connect({
          port,
          host,
          noDelay: true,
          allowHalfOpen: true,
          ...(localAddress !== '' && { localAddress }),
        })
    await new Promise<void>((resolve, reject) => {
      socket.once(tls ? 'secureConnect' : 'connect', resolve)
      socket.once('error', reject)
    })
    return new RawClient(socket)
  }

  /** One character per byte. */
  send(bytes: string | Buffer): this {
    this.socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes)
    return this
  }

  /** What has come and was not taken by `answer` or `take`. */
  get received(): string {
    return this.#whole().toString('latin1')
  }

  #whole(): Buffer {
    const whole = Buffer.concat(this.#chunks)
    this.#chunks = [whole]
    return whole
  }

  /** Waits until what has come makes `isEnough` true, or the connection has ended. */
  async until(isEnough: (received: string) => boolean, patienceMs = PATIENCE_MS): Promise<string> {
    const deadline = Date.now() + patienceMs
    while (this.ending === 'open' && !isEnough(this.received)) await this.#more(deadline)
    return this.received
  }

  /** The next answer. `method` is that of its request: HEAD has no body. */
  async answer(method = 'GET'): Promise<RawAnswer> {
    const deadline = Date.now() + PATIENCE_MS
    for (;;) {
      const bytes = this.#whole()
      const hasEnded = this.ending !== 'open'
      const parsed = parseAnswer(bytes, method, hasEnded)
      if (parsed !== null) {
        this.#chunks = [bytes.subarray(parsed.length)]
        return parsed.answer
      }
      if (hasEnded) {
        const start = bytes.toString('latin1', 0, 1000)
        throw new Error(
          `the connection ended (${this.ending}) after ${bytes.length} bytes: ${start}`,
        )
      }
      await this.#more(deadline)
      // A large answer is not parsed again for each piece of it.
      if (bytes.length > 100_000) await sleep(10)
    }
  }

  /** What has come, as soon as there is something; empty at the end of the connection. */
  async take(): Promise<Buffer> {
    const deadline = Date.now() + PATIENCE_MS
    while (this.ending === 'open' && this.#whole().length === 0) await this.#more(deadline)
    const bytes = this.#whole()
    this.#chunks = []
    return bytes
  }

  async ask(bytes: string | Buffer): Promise<RawAnswer> {
    const method = bytes.toString('latin1', 0, 5).startsWith('HEAD') ? 'HEAD' : 'GET'
    return this.send(bytes).answer(method)
  }

  /** Waits for the end of the connection; gives what came before it. */
  async untilEnd(patienceMs = PATIENCE_MS): Promise<string> {
    return this.until(() => false, patienceMs)
  }

  /** Waits for more bytes or the end; a large answer's pieces are taken together. */
  async #more(deadline: number): Promise<void> {
    const left = deadline - Date.now()
    if (left <= 0) throw new Error(`nothing more came; so far: ${this.received.slice(0, 1000)}`)
    const waiting = new Promise<void>((resolve) => (this.#wake = resolve))
    await Promise.race([waiting, sleep(Math.min(left, 50), undefined, { ref: false })])
  }

  destroy(): void {
    this.socket.destroy()
  }

  #ended(how: 'fin' | 'reset'): void {
    if (this.ending === 'open') this.ending = how
    this.#wake()
  }
}

interface Parsed {
  readonly answer: RawAnswer
  /** Bytes it took. */
  readonly length: number
}

function parseAnswer(bytes: Buffer, method: string, hasEnded: boolean): Parsed | null {
  const headEnd = bytes.indexOf('\r\n\r\n')
  if (headEnd < 0) return null
  const [statusLine = '', ...headerLines] = bytes.toString('latin1', 0, headEnd).split('\r\n')
  const status = Number(statusLine.split(' ')[1])
  if (status === 100) {
    const rest = parseAnswer(bytes.subarray(headEnd + 4), method, hasEnded)
    return rest && { answer: rest.answer, length: rest.length + headEnd + 4 }
  }
  const headers: Record<string, string> = {}
  for (const line of headerLines) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).toLowerCase()
    const value = line.slice(colon + 1).trim()
    headers[name] = name in headers ? `${headers[name] ?? ''}, ${value}` : value
  }
  const body = parseBody(bytes.subarray(headEnd + 4), headers, status, method, hasEnded)
  if (body === null) return null
  const answer = { status, statusLine, headerLines, headers, body: body.bytes }
  return { answer, length: headEnd + 4 + body.length }
}

function parseBody(
  bytes: Buffer,
  headers: Readonly<Record<string, string>>,
  status: number,
  method: string,
  hasEnded: boolean,
): { bytes: Buffer; length: number } | null {
  if (method === 'HEAD' || status < 200 || status === 204 || status === 304) {
    return { bytes: Buffer.alloc(0), length: 0 }
  }
  if (headers['transfer-encoding'] === 'chunked') return parseChunks(bytes)
  const announced = headers['content-length']
  if (announced === undefined) return hasEnded ? { bytes, length: bytes.length } : null
  const length = Number(announced)
  return bytes.length < length ? null : { bytes: bytes.subarray(0, length), length }
}

function parseChunks(bytes: Buffer): { bytes: Buffer; length: number } | null {
  const chunks: Buffer[] = []
  for (let at = 0; ;) {
    const lineEnd = bytes.indexOf('\r\n', at)
    if (lineEnd < 0) return null
    const line = bytes.toString('latin1', at, lineEnd)
    if (!/^[0-9a-f]+$/i.test(line)) throw new Error(`not a chunk size: ${JSON.stringify(line)}`)
    const size = Number.parseInt(line, 16)
    const end = lineEnd + 2 + size
    if (bytes.length < end + 2) return null
    if (bytes.toString('latin1', end, end + 2) !== '\r\n')
      throw new Error('a chunk is not ended by CRLF')
    chunks.push(bytes.subarray(lineEnd + 2, end))
    at = end + 2
    if (size === 0) return { bytes: Buffer.concat(chunks), length: at }
  }
}
