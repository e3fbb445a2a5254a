// The request line (RFC 9112, 3), byte by byte wherever the reads happen to be cut: the first byte that does not fit
// decides, so that a line is judged alike in one piece and in many. What its target means is for `readTarget`.
import type { ErrorCode } from '../../errors/codes.js'
import type { HttpVersion } from '../../model/exchange.js'
import { isHost } from '../request-rules.js'

// States: what the next byte has to be.
const METHOD = 0
const TARGET = 1
const VERSION = 2

const LF = 10
const CR = 13
const SPACE = 32
const ZERO = 48

const IN_METHOD = 1
const IN_TARGET = 2
const CLASS = new Uint8Array(256)
for (let byte = 33; byte < 256; byte++) if (byte !== 127) CLASS[byte] = IN_TARGET
// nginx takes capitals, - and _ alone; Kong therefore answers 400 to `get`.
for (const char of 'ABCDEFGHIJKLMNOPQRSTUVWXYZ_-') CLASS[char.charCodeAt(0)] = IN_METHOD | IN_TARGET

/** ` HTTP/1.1` and CRLF. */
const LINE_END_BYTES = 11
const PREFIX = Buffer.from('HTTP/', 'latin1')

export class RequestLineScanner {
  /** Of the line's bytes: where its method and its target end. */
  methodEnd = 0
  targetEnd = 0
  version: HttpVersion = '1.1'
  /** What is wrong with the line, once something is. */
  fault: ErrorCode | null = null
  /** Bytes of the line that have been seen. */
  seen = 0
  readonly #lineBytes: number
  #state = METHOD
  #major = 0
  #minor = 0

  /** @param lineBytes the longest line */
  constructor(lineBytes: number) {
    this.#lineBytes = lineBytes
  }

  begin(): void {
    this.#state = METHOD
    this.seen = 0
    this.fault = null
  }

  /** @returns the position behind the line, or -1 when there is a fault or more has to come */
  // HOT PATH
  scan(buffer: Uint8Array, from: number, to: number): number {
    const room = this.#lineBytes - this.seen
    const end = to - from > room ? from + room : to
    const offset = this.seen - from
    let at = from
    if (this.#state === METHOD) {
      while (at < end && (CLASS[buffer[at] ?? 0] ?? 0) & IN_METHOD) at++
      if (at < end) {
        if (buffer[at] !== SPACE || at + offset === 0) return this.#refuse('BAD_REQUEST')
        this.methodEnd = at + offset
        this.#state = TARGET
        at++
      }
    }
    if (this.#state === TARGET) {
      while (at < end && (CLASS[buffer[at] ?? 0] ?? 0) & IN_TARGET) at++
      if (at < end) {
        if (buffer[at] !== SPACE || at + offset === this.methodEnd + 1) {
          return this.#refuse('BAD_REQUEST')
        }
        this.targetEnd = at + offset
        this.#state = VERSION
        at++
      }
    }
    while (at < end) {
      const byte = buffer[at] ?? 0
      if (!this.#isVersionByte(at + offset - this.targetEnd - 1, byte)) {
        return this.#refuse('BAD_REQUEST')
      }
      at++
      if (byte === LF) return this.#finish(at)
    }
    this.seen = at + offset
    if (end < to || this.seen === this.#lineBytes) return this.#refuse('URI_TOO_LONG')
    return -1
  }

  /** `HTTP/1.1` and CRLF, by their places. */
  #isVersionByte(index: number, byte: number): boolean {
    if (index < 5) return byte === PREFIX[index]
    switch (index) {
      case 5:
        this.#major = byte - ZERO
        return this.#major >= 1 && this.#major <= 9
      case 6:
        return byte === 0x2e
      case 7:
        this.#minor = byte - ZERO
        return this.#minor >= 0 && this.#minor <= 9
      case 8:
        return byte === CR
      default:
        return byte === LF
    }
  }

  /** Bytes of the whole line. */
  get length(): number {
    return this.targetEnd + LINE_END_BYTES
  }

  #finish(end: number): number {
    if (this.#major !== 1) return this.#refuse('VERSION_NOT_SUPPORTED')
    this.version = this.#minor === 1 ? '1.1' : this.#minor === 0 ? '1.0' : '1.x'
    return end
  }

  #refuse(fault: ErrorCode): -1 {
    this.fault = fault
    return -1
  }
}

const ABSOLUTE = /^https?:\/\/([^/?]*)(.*)$/i

/**
 * The authority and the origin form of an absolute form, or null when a target is none. Kong takes the path of it, and
 * the authority for Host. Other forms are for methods that are not served: `*` for OPTIONS gets a 400 there, the
 * authority form goes with CONNECT.
 */
export function readAbsolute(target: string): { host: string; target: string } | null {
  const match = ABSOLUTE.exec(target)
  if (match === null) return null
  const [, host = '', rest = ''] = match
  return isHost(host) ? { host, target: rest.startsWith('/') ? rest : `/${rest}` } : null
}
