// A write that goes to the system at once, past the stream. `Writable.write` keeps state for each write, wraps it and
// settles it in a tick of its own: a tenth of all that a proxied request costs, at each end (`make bench`). What mostly
// happens, that the system takes a head and a small body as a whole, needs none of it.
//
// Node.js has no public call for it. What is used here is the same in versions 20 and 22, is looked for once, and where
// it is missing, the stream does the writing.
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { getSystemErrorName } from 'node:util'

/** A socket of libuv, as node:net has it. */
interface Handle {
  /** 0 or an error number. What is not taken at once is sent by and by, and `request` is told in the end. */
  writeLatin1String(request: WriteRequest, text: string): number
  writeUtf8String(request: WriteRequest, text: string): number
  writeBuffer(request: WriteRequest, bytes: Uint8Array): number
}

interface WriteRequest {
  /** Bytes that must live until they have been taken. */
  buffer?: Uint8Array
  oncomplete: (status: number) => void
}

interface StreamBinding {
  readonly WriteWrap: new () => WriteRequest
  readonly streamBaseState: Readonly<Record<number, number>>
  readonly kLastWriteWasAsync: number
}

/** Node.js tries up to 16 KB at once, and reckons UTF-8 as three bytes a character; what is longer it always queues. */
const LONGEST = { latin1: 16_000, utf8: 5_000 } as const

const found = findBinding()
/** Only a write that goes on makes use of its request: one will do for all that do not. */
let spare: WriteRequest | null = null

export class DirectWriter {
  /** A write has not been taken as a whole yet. */
  isFlying = false
  readonly #socket: Socket & { readonly _handle?: Handle | null }
  readonly #binding: StreamBinding | null

  /** @param isDirect false leaves all writing to the stream */
  constructor(socket: Socket, isDirect = true) {
    this.#socket = socket
    this.#binding = isDirect && !(socket instanceof TLSSocket) ? found : null
  }

  /**
   * Writes behind everything that has been written before, here or to the stream.
   * @returns false when the client does not keep up; who wants to know when it does, writes to the stream and gives it a
   *   callback
   */
  // HOT PATH
  write(text: string, encoding: 'latin1' | 'utf8'): boolean {
    const handle = text.length > LONGEST[encoding] ? null : this.#freeHandle()
    if (handle === null || this.#binding === null) return this.#socket.write(text, encoding)
    const request = (spare ??= new this.#binding.WriteWrap())
    const status =
      encoding === 'latin1'
        ? handle.writeLatin1String(request, text)
        : handle.writeUtf8String(request, text)
    return this.#isTaken(status, request, this.#binding)
  }

  /**
   * The same for bytes.
   * @returns whether the bytes are the caller's again; if not, they are the writer's for good
   */
  writeBytes(bytes: Uint8Array): boolean {
    const handle = this.#freeHandle()
    if (handle === null || this.#binding === null) {
      this.#socket.write(bytes)
      return false
    }
    const request = (spare ??= new this.#binding.WriteWrap())
    const isTaken = this.#isTaken(handle.writeBuffer(request, bytes), request, this.#binding)
    if (!isTaken) request.buffer = bytes
    return isTaken
  }

  /** Whether the next write goes past the stream. */
  get isReady(): boolean {
    return this.#freeHandle() !== null
  }

  /** The handle, when nothing that was written before waits. */
  #freeHandle(): Handle | null {
    if (this.#binding === null || this.isFlying || this.#socket.writableLength > 0) return null
    return this.#socket._handle ?? null
  }

  #isTaken(status: number, request: WriteRequest, binding: StreamBinding): boolean {
    if (status < 0) this.#fail(status)
    else if (binding.streamBaseState[binding.kLastWriteWasAsync] !== 0) {
      spare = null
      this.isFlying = true
      request.oncomplete = (late) => this.#settle(late)
    }
    return !this.isFlying
  }

  #settle(status: number): void {
    this.isFlying = false
    if (status < 0) this.#fail(status)
  }

  #fail(status: number): void {
    const code = getSystemErrorName(status)
    this.#socket.destroy(Object.assign(new Error(`write ${code}`), { code }))
  }
}

function findBinding(): StreamBinding | null {
  try {
    const { binding } = process as unknown as { binding?: (name: string) => StreamBinding }
    const stream = binding?.('stream_wrap')
    const isKnown =
      typeof stream?.WriteWrap === 'function' &&
      typeof stream.kLastWriteWasAsync === 'number' &&
      typeof stream.streamBaseState[stream.kLastWriteWasAsync] === 'number'
    return isKnown ? stream : null
  } catch {
    // Not allowed here (`--permission`), or not there any more.
    return null
  }
}
