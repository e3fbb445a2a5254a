// Both ends of the upstream client for tests: targets that answer as a test says, and calls as the pipeline makes them.
import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { TlsTerms, type TlsTermsFields } from '../../src/proxy/tls-terms.js'
import type { BodyReader, BodySource } from '../../src/model/exchange.js'
import type {
  CallObserver,
  KeepaliveSettings,
  Origin,
  RunningCall,
  Target,
  UpstreamCall,
} from '../../src/proxy/transport.js'
import type { RetryRules } from '../../src/upstream/retry/retry-rules.js'
import type { UpstreamError } from '../../src/errors/gateway-error.js'

export const KEEPALIVE: KeepaliveSettings = {
  poolSize: 512,
  maxRequests: 10_000,
  idleTimeoutMs: 60_000,
}

export interface RawTarget {
  readonly target: Target
  /** In the order in which they were accepted. */
  readonly sockets: readonly Socket[]
  /** What each connection has sent so far. */
  readonly received: readonly string[]
  close(): Promise<void>
}

/** Called when the end of a head has come; `count` is how many there have been on that connection, the `index`th. */
export type Answerer = (socket: Socket, count: number, index: number) => unknown

/** A target on a free port; every connection is handed to `answer` whenever the end of a head has come. */
export async function rawTarget(
  answer: Answerer,
  server: Server = createServer(),
): Promise<RawTarget> {
  const sockets: Socket[] = []
  const received: string[] = []
  server.on(
    server.listenerCount('tlsClientError') > 0 ? 'secureConnection' : 'connection',
    (socket: Socket) => {
      const index = sockets.push(socket) - 1
      received[index] = ''
      socket.on('error', () => socket.destroy())
      socket.on('data', (data) => {
        const text = data.toString('latin1')
        received[index] = (received[index] ?? '') + text
        if (text.includes('\r\n\r\n')) {
          void answer(socket, (received[index] ?? '').split('\r\n\r\n').length - 1, index)
        }
      })
    },
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    target: plainTarget(port),
    sockets,
    received,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

export function plainTarget(port: number): Target {
  return { protocol: 'http', host: '127.0.0.1', port, serverName: '', tls: null }
}

/** What is left out: a target is not verified, and shown nothing. */
export function tlsTerms(fields: Partial<TlsTermsFields> = {}): TlsTerms {
  return new TlsTerms({ verify: false, depth: 1, authorities: [], client: null, ...fields })
}

/** A port of the loopback that nobody listens on. */
export async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

export function ok(body: string, lines = ''): string {
  return `HTTP/1.1 200 OK\r\n${lines}Content-Length: ${body.length}\r\n\r\n${body}`
}

export const NO_BODY: BodySource = {
  bodyLength: 0,
  readBody: () => undefined,
  pauseBody: () => undefined,
  resumeBody: () => undefined,
}

/**
 * A body that comes chunk by chunk, each in a turn of its own, unless it is paused. When fewer bytes come than announced,
 * it ends all the same if `ends`, else it stays open as that of a slow client.
 */
export class SlowBody implements BodySource {
  readonly bodyLength: number
  readonly #chunks: Iterator<Buffer>
  readonly #ends: boolean
  #reader: BodyReader | null = null
  #isPaused = false
  /** Chunks handed over. */
  given = 0
  pauses = 0

  constructor(bodyLength: number, chunks: Iterable<Buffer>, ends = true) {
    this.bodyLength = bodyLength
    this.#ends = ends
    this.#chunks = chunks[Symbol.iterator]()
  }

  get isPaused(): boolean {
    return this.#isPaused
  }

  readBody(reader: BodyReader): void {
    this.#reader = reader
    this.#next()
  }

  pauseBody(): void {
    this.pauses++
    this.#isPaused = true
  }

  resumeBody(): void {
    if (!this.#isPaused) return
    this.#isPaused = false
    this.#next()
  }

  #next(): void {
    setImmediate(() => {
      if (this.#isPaused || this.#reader === null) return
      const step = this.#chunks.next()
      if (step.done === true) {
        if (this.#ends) this.#reader.onBodyChunk(Buffer.alloc(0), true)
        this.#reader = null
        return
      }
      this.given++
      this.#reader.onBodyChunk(step.value, false)
      this.#next()
    })
  }
}

/** A body that is there at once, as one that a plugin has made. */
export function readyBody(text: string): BodySource {
  return {
    ...NO_BODY,
    bodyLength: text.length,
    readBody: (reader) => reader.onBodyChunk(Buffer.from(text), true),
  }
}

export interface CallOptions {
  readonly method?: string
  readonly body?: BodySource
  readonly replayBytes?: number
  readonly retries?: number
  readonly retry?: RetryRules
  readonly connectMs?: number
  readonly writeMs?: number
  readonly readMs?: number
}

export function makeCall(options: CallOptions = {}): UpstreamCall {
  const { method = 'GET', body = NO_BODY, replayBytes = 65_536 } = options
  const { retries = 0, retry = null } = options
  const { connectMs = 5000, writeMs = 5000, readMs = 5000 } = options
  const framing =
    body.bodyLength < 0
      ? 'Transfer-Encoding: chunked\r\n'
      : body.bodyLength > 0
        ? `Content-Length: ${body.bodyLength}\r\n`
        : ''
  const head = `${method} / HTTP/1.1\r\nHost: a.test\r\n${framing}\r\n`
  return {
    method,
    head,
    encoding: 'latin1',
    body,
    replayBytes,
    upgrades: false,
    timeouts: { connectMs, writeMs, readMs },
    retries,
    retry,
    tries: null,
  }
}

/** Takes down all that an observer hears. */
export class Recorder implements CallObserver {
  status = 0
  fields = ''
  length = NaN
  body = ''
  chunks = 0
  error: UpstreamError | null = null
  readonly ended: Promise<this>
  readonly started: Promise<this>
  #onEnd: () => void = () => undefined
  #onStart: () => void = () => undefined
  #isOver = false

  constructor() {
    this.ended = new Promise((resolve) => (this.#onEnd = () => resolve(this)))
    this.started = new Promise((resolve) => (this.#onStart = () => resolve(this)))
  }

  /** `200 the body`, `200 part UPSTREAM_RESET` or `UPSTREAM_RESET`. */
  get summary(): string {
    const parts = this.status === 0 ? [] : [String(this.status), this.body]
    if (this.error !== null) parts.push(this.error.code)
    return parts.join(' ')
  }

  onResponse(...[head, length, chunk, last]: Parameters<CallObserver['onResponse']>): void {
    if (this.status !== 0) throw new Error('a second answer')
    this.status = head.status
    this.fields = head.fields
    this.length = length
    this.#onStart()
    this.onChunk(chunk, last)
  }

  onChunk(chunk: Buffer | null, last: boolean): void {
    if (this.#isOver) throw new Error('something came after the end')
    if (chunk !== null) {
      this.chunks++
      this.keep(chunk)
    }
    if (last) this.#finish()
  }

  keep(chunk: Buffer): void {
    this.body += chunk.toString('latin1')
  }

  onSwitched(): void {
    throw new Error('a switch that nobody has asked for')
  }

  onFailure(error: UpstreamError): void {
    if (this.#isOver) throw new Error('a failure came after the end')
    this.error = error
    this.#finish()
  }

  #finish(): void {
    this.#isOver = true
    this.#onEnd()
  }
}

/** Sends a call and waits for its end. */
export function send(origin: Origin, options: CallOptions = {}): Promise<Recorder> {
  return start(origin, options).recorder.ended
}

export function start(
  origin: Origin,
  options: CallOptions = {},
): { running: RunningCall; recorder: Recorder } {
  const recorder = new Recorder()
  return { running: origin.send(makeCall(options), recorder), recorder }
}
