// Just enough of RFC 6455 for both ends of a tunnel: frames, a target that switches, a client that asks.
import { createHash, randomBytes } from 'node:crypto'
import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { Certificate } from './certificates.js'
import { portOf } from './ports.js'
import { RawClient, type RawAnswer } from './raw-client.js'

export const OP = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const

export interface Frame {
  readonly op: number
  readonly payload: Buffer
}

/** A whole message; those of clients are masked (5.3). */
export function frame(op: number, payload: Uint8Array | string, isMasked = false): Buffer {
  const body = Buffer.from(payload)
  const length =
    body.length < 126
      ? Buffer.from([body.length])
      : body.length < 65_536
        ? Buffer.from([126, body.length >> 8, body.length & 255])
        : Buffer.concat([Buffer.from([127]), bigEndian(body.length)])
  length[0] = (length[0] ?? 0) | (isMasked ? 128 : 0)
  if (!isMasked) return Buffer.concat([Buffer.from([128 | op]), length, body])
  const mask = randomBytes(4)
  return Buffer.concat([Buffer.from([128 | op]), length, mask, unmask(body, mask)])
}

function bigEndian(length: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(length))
  return bytes
}

function unmask(body: Buffer, mask: Buffer): Buffer {
  const out = Buffer.from(body)
  for (let i = 0; i < out.length; i++) out[i] = (out[i] ?? 0) ^ (mask[i & 3] ?? 0)
  return out
}

/** Frames from the bytes of a stream. */
export class FrameReader {
  #chunks: Buffer[] = []
  #length = 0
  #needed = 2

  push(chunk: Buffer): Frame[] {
    this.#chunks.push(chunk)
    this.#length += chunk.length
    const frames: Frame[] = []
    while (this.#length >= this.#needed) {
      const bytes = Buffer.concat(this.#chunks)
      const found = frameIn(bytes)
      const rest = typeof found === 'number' ? bytes : bytes.subarray(found.end)
      this.#chunks = [rest]
      this.#length = rest.length
      this.#needed = typeof found === 'number' ? found : 2
      if (typeof found !== 'number') frames.push(found.frame)
    }
    return frames
  }
}

/** The first frame, or how many bytes it takes to say more. */
function frameIn(bytes: Buffer): { frame: Frame; end: number } | number {
  const short = (bytes[1] ?? 0) & 127
  const isMasked = (bytes[1] ?? 0) > 127
  const lengthEnd = short === 126 ? 4 : short === 127 ? 10 : 2
  if (bytes.length < lengthEnd) return lengthEnd
  const length =
    short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short
  const start = lengthEnd + (isMasked ? 4 : 0)
  const end = start + length
  if (bytes.length < end) return end
  const payload = bytes.subarray(start, end)
  return {
    frame: {
      op: (bytes[0] ?? 0) & 15,
      payload: isMasked ? unmask(payload, bytes.subarray(lengthEnd, start)) : Buffer.from(payload),
    },
    end,
  }
}

export const KEY = 'dGhlIHNhbXBsZSBub25jZQ=='
/** What RFC 6455, 1.3 has for that key. */
export const ACCEPT = 's3pPLMBiTxaQ9kYGzzhZRbK+xOo='

/** The answer that opens a tunnel. */
export function switching(head: string): string {
  const key = /^sec-websocket-key: (.*)$/im.exec(head)?.[1]?.trim() ?? ''
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
  return (
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\n' +
    `Sec-WebSocket-Accept: ${accept.digest('base64')}\r\n\r\n`
  )
}

export interface SwitchingTarget {
  readonly port: number
  /** Heads of all requests, in the order in which they came. */
  readonly heads: readonly string[]
  close(): Promise<void>
}

/** @param rest what came behind the head */
export type Handshake = (socket: Socket, head: string, rest: Buffer) => void

/** Hands each request over with its socket, which it does not read any more. */
export async function startSwitchingTarget(
  handshake: Handshake,
  certificate?: Certificate,
): Promise<SwitchingTarget> {
  const heads: string[] = []
  const sockets = new Set<Socket>()
  const onSocket = (socket: Socket): void => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
    let received = Buffer.alloc(0)
    const onData = (chunk: Buffer): void => {
      received = Buffer.concat([received, chunk])
      const end = received.indexOf('\r\n\r\n')
      if (end < 0) return
      socket.off('data', onData)
      const head = received.toString('latin1', 0, end + 4)
      heads.push(head)
      handshake(socket, head, received.subarray(end + 4))
    }
    socket.on('data', onData)
  }
  const options = { allowHalfOpen: true, noDelay: true }
  const server: Server =
    certificate === undefined
      ? createServer(options, onSocket)
      : createTlsServer({ ...options, ...certificate }, onSocket)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: portOf(server),
    heads,
    close() {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

/** Switches and sends every message back, as a server does (5.1). */
export const echo: Handshake = (socket, head, rest) => {
  socket.write(switching(head))
  echoFrames(socket, rest)
}

export function echoFrames(socket: Socket, rest: Buffer): void {
  const reader = new FrameReader()
  const take = (chunk: Buffer): void => {
    for (const { op, payload } of reader.push(chunk)) {
      socket.write(frame(op === OP.ping ? OP.pong : op, payload))
      if (op === OP.close) socket.end()
    }
  }
  take(rest)
  socket.on('data', take)
  socket.on('end', () => socket.end())
}

export function handshake(path: string, ...lines: readonly string[]): string {
  return `${[
    `GET ${path} HTTP/1.1`,
    'Host: a.test',
    'Connection: keep-alive, Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${KEY}`,
    ...lines,
  ].join('\r\n')}\r\n\r\n`
}

export interface AskOptions {
  readonly tls?: boolean
  /** Further header lines. */
  readonly lines?: readonly string[]
  /** Sent together with the handshake. */
  readonly behind?: Uint8Array | string
}

/** A client that has asked for a tunnel: the answer, and what comes behind it. */
export class WebSocketClient {
  readonly raw: RawClient
  readonly answer: RawAnswer
  readonly #reader = new FrameReader()
  readonly #frames: Frame[] = []

  private constructor(raw: RawClient, answer: RawAnswer) {
    this.raw = raw
    this.answer = answer
  }

  static async open(
    port: number,
    path = '/',
    { tls = false, lines = [], behind = '' }: AskOptions = {},
  ): Promise<WebSocketClient> {
    const raw = await RawClient.open(port, { tls })
    raw.send(Buffer.concat([Buffer.from(handshake(path, ...lines)), Buffer.from(behind)]))
    return new WebSocketClient(raw, await raw.answer())
  }

  send(op: number, payload: Uint8Array | string): this {
    this.raw.send(frame(op, payload, true))
    return this
  }

  /** The next frame. */
  async next(): Promise<Frame> {
    for (;;) {
      const frame = this.#frames.shift()
      if (frame !== undefined) return frame
      const bytes = await this.raw.take()
      if (bytes.length === 0) throw new Error(`the tunnel ended (${this.raw.ending})`)
      this.#frames.push(...this.#reader.push(bytes))
    }
  }

  /** Sends a text and waits for what comes back. */
  async exchange(text: string): Promise<string> {
    return (await this.send(OP.text, text).next()).payload.toString()
  }

  destroy(): void {
    this.raw.destroy()
  }
}
