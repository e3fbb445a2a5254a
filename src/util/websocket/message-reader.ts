// Messages from the frames that a server sends (RFC 6455, 5 and 7), joined and checked. Extensions are not known here:
// whoever uses this has not offered any.
import { isUtf8 } from 'node:buffer'
import { CLOSE_CODES, isCloseCode, OPCODES } from './frame.js'
import { FrameHead } from './frame-head.js'

/** Payloads are valid only until the call returns. */
export interface MessageSink {
  onMessage(payload: Uint8Array, isBinary: boolean): void
  onPing(payload: Uint8Array): void
  /** The peer closes; nothing follows. `code` is CLOSE_CODES.none when it gives none. */
  onClose(code: number, reason: Uint8Array): void
  /** The peer breaks the protocol, or sends too much; nothing follows. */
  onFault(code: number, what: string): void
}

const MOST_CONTROL_BYTES = 125
const EMPTY = Buffer.alloc(0)

/** Bytes that come in pieces; it holds twice as many as have come at the most. */
class Pieces {
  length = 0
  #bytes: Buffer = EMPTY

  add(piece: Uint8Array): void {
    const length = this.length + piece.length
    if (length > this.#bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(length, this.length * 2))
      grown.set(this.#bytes.subarray(0, this.length))
      this.#bytes = grown
    }
    this.#bytes.set(piece, this.length)
    this.length = length
  }

  /** All of it; nothing is held any more. */
  take(): Buffer {
    const bytes = this.#bytes.subarray(0, this.length)
    this.#bytes = EMPTY
    this.length = 0
    return bytes
  }
}

export class MessageReader {
  readonly #sink: MessageSink
  readonly #mostBytes: number
  readonly #head = new FrameHead()
  /** What has come of a message, and of the control frame that may stand between two of its frames. */
  readonly #message = new Pieces()
  readonly #control = new Pieces()
  #isInPayload = false
  /** Of the payload. */
  #left = 0
  /** OPCODES.text or OPCODES.binary while a message is under way, else 0. */
  #kind = 0
  #isOver = false

  /** @param mostBytes of a message */
  constructor(sink: MessageSink, mostBytes: number) {
    this.#sink = sink
    this.#mostBytes = mostBytes
  }

  read(bytes: Uint8Array): void {
    const head = this.#head
    let at = 0
    while (!this.#isOver) {
      if (!this.#isInPayload) {
        at = head.read(bytes, at)
        if (!head.isComplete) return
        this.#begin()
        continue
      }
      const end = Math.min(bytes.length, at + this.#left)
      this.#left -= end - at
      this.#take(bytes.subarray(at, end))
      if (this.#left > 0) return
      at = end
      this.#isInPayload = false
      head.begin()
    }
  }

  get #isControl(): boolean {
    return this.#head.opcode >= OPCODES.close
  }

  #begin(): void {
    const { length } = this.#head
    const fault = this.#findFault()
    if (fault !== '') this.#fail(CLOSE_CODES.protocolError, fault)
    else if (!this.#isControl) {
      if (this.#message.length + length > this.#mostBytes) {
        this.#fail(CLOSE_CODES.tooBig, `a message has more than ${this.#mostBytes} bytes`)
      } else if (this.#head.opcode !== OPCODES.continuation) this.#kind = this.#head.opcode
    }
    this.#left = length
    this.#isInPayload = true
  }

  #findFault(): string {
    const { reserved, isMasked, opcode, isFinal, length } = this.#head
    if (reserved !== 0) return 'a frame uses an extension that was not agreed on'
    if (isMasked) return 'a frame of a server is masked'
    if (this.#isControl) {
      if (opcode > OPCODES.pong) return 'the opcode is unknown'
      return !isFinal || length > MOST_CONTROL_BYTES ? 'a control frame is fragmented or long' : ''
    }
    if (opcode > OPCODES.binary) return 'the opcode is unknown'
    if (opcode === OPCODES.continuation) {
      return this.#kind === 0 ? 'a message begins with a continuation' : ''
    }
    return this.#kind === 0 ? '' : 'a message begins within another'
  }

  /** What a read has of the frame's payload: mostly all. */
  #take(piece: Uint8Array): void {
    const pieces = this.#isControl ? this.#control : this.#message
    const isLast = this.#left === 0 && this.#head.isFinal
    if (!isLast || pieces.length > 0) pieces.add(piece)
    if (!isLast) return
    const payload = pieces.length > 0 ? pieces.take() : piece
    if (this.#isControl) this.#takeControl(payload)
    else {
      const isBinary = this.#kind === OPCODES.binary
      this.#kind = 0
      this.#sink.onMessage(payload, isBinary)
    }
  }

  #takeControl(payload: Uint8Array): void {
    const { opcode } = this.#head
    if (opcode === OPCODES.ping) this.#sink.onPing(payload)
    else if (opcode === OPCODES.close) this.#takeClose(payload)
  }

  #takeClose(payload: Uint8Array): void {
    const code = ((payload[0] ?? 0) << 8) | (payload[1] ?? 0)
    const reason = payload.subarray(2)
    if (payload.length > 0 && (!isCloseCode(code) || !isUtf8(reason))) {
      this.#fail(CLOSE_CODES.protocolError, 'a close frame has a bad code or reason')
      return
    }
    this.#isOver = true
    this.#sink.onClose(payload.length === 0 ? CLOSE_CODES.none : code, reason)
  }

  #fail(code: number, what: string): void {
    this.#isOver = true
    this.#sink.onFault(code, what)
  }
}
