// The chunked coding (RFC 9112, 7.1), wherever the reads are cut. The data of all chunks in one read is moved together
// in its buffer, so that it goes on as one piece. Extensions and trailers are checked and dropped.
import { isName } from './fields.js'
import { HeadScanner, type HeadLimits } from './head-scanner.js'

// States: what comes next.
const SIZE = 0
const DATA = 1
const DATA_CR = 2
const DATA_LF = 3
const TRAILERS = 4

const CR = 13
const LF = 10

/** Enough for any signature that is sent as an extension. */
const MAX_SIZE_LINE = 4096
/** 16^13 = 2^52: a size of so many digits is exact. */
const MAX_PLAIN_DIGITS = 13

const TOKEN = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+"
const QUOTED = '"(?:[\\t !#-\\[\\]-~\\x80-\\xff]|\\\\[\\t -~\\x80-\\xff])*"'
// No blanks around `;` and `=`: RFC 9112 lets a recipient take them, others read such lines in other ways.
const SIZE_LINE = new RegExp(
  `^([0-9A-Fa-f]{1,16})(?:;${TOKEN}(?:=(?:${TOKEN}|${QUOTED}))?)*\\r\\n$`,
)

export class ChunkedDecoder {
  /** The data found in the last read. */
  bodyStart = 0
  bodyEnd = 0
  /** The last chunk and the trailers have been read. */
  isComplete = false
  /** What is wrong; empty while nothing is. */
  fault = ''
  readonly #trailers: HeadScanner
  #state = SIZE
  /** Bytes of the current chunk that are still to come. */
  #left = 0
  /** What earlier reads had of the size line or the trailers. */
  #text = ''

  constructor(limits: HeadLimits) {
    this.#trailers = new HeadScanner(limits)
  }

  begin(): void {
    this.isComplete = false
    this.fault = ''
    this.#state = SIZE
    this.#left = 0
    this.#text = ''
  }

  /**
   * Decodes a read, in place.
   * @returns the position behind what belongs to the body
   */
  // HOT PATH
  decode(buffer: Buffer, from: number, to: number): number {
    let at = from
    this.bodyStart = from
    this.bodyEnd = from
    while (at < to) {
      switch (this.#state) {
        case SIZE:
          at = this.#readSize(buffer, at, to)
          break
        case DATA:
          at = this.#takeData(buffer, at, to)
          break
        case DATA_CR:
          if (buffer[at] !== CR) return this.#refuse(at, 'a chunk is longer than its size')
          this.#state = DATA_LF
          at++
          break
        case DATA_LF:
          if (buffer[at] !== LF) return this.#refuse(at, 'a chunk does not end in CRLF')
          this.#state = SIZE
          at++
          break
        default: // TRAILERS
          return this.#readTrailers(buffer, at, to)
      }
      if (this.fault !== '') return at
    }
    return at
  }

  #takeData(buffer: Buffer, at: number, to: number): number {
    const bytes = Math.min(this.#left, to - at)
    if (this.bodyEnd === this.bodyStart) {
      this.bodyStart = at
      this.bodyEnd = at + bytes
    } else {
      buffer.copyWithin(this.bodyEnd, at, at + bytes)
      this.bodyEnd += bytes
    }
    this.#left -= bytes
    if (this.#left === 0) this.#state = DATA_CR
    return at + bytes
  }

  #readSize(buffer: Buffer, from: number, to: number): number {
    // Nearly every line is some digits and CRLF, all in one read.
    if (this.#text === '') {
      let size = 0
      let at = from
      const end = Math.min(to - 1, from + MAX_PLAIN_DIGITS)
      for (; at < end; at++) {
        const digit = hexDigit(buffer[at] ?? 0)
        if (digit < 0) break
        size = size * 16 + digit
      }
      if (at > from && at < to - 1 && buffer[at] === CR && buffer[at + 1] === LF) {
        this.#beginChunk(size)
        return at + 2
      }
    }
    return this.#readSizeLine(buffer, from, to)
  }

  #readSizeLine(buffer: Buffer, from: number, to: number): number {
    const room = from + MAX_SIZE_LINE - this.#text.length
    const limit = Math.min(to, room)
    let end = from
    while (end < limit && buffer[end] !== LF) end++
    if (end === limit) {
      if (to > limit) return this.#refuse(from, 'the line of a chunk size is too long')
      this.#text += buffer.toString('latin1', from, to)
      return to
    }
    const line = this.#text + buffer.toString('latin1', from, end + 1)
    this.#text = ''
    const digits = SIZE_LINE.exec(line)?.[1]
    const size = digits === undefined ? NaN : Number.parseInt(digits, 16)
    if (!Number.isSafeInteger(size)) return this.#refuse(from, 'a chunk size is not a number')
    this.#beginChunk(size)
    return end + 1
  }

  #beginChunk(size: number): void {
    this.#left = size
    if (size > 0) {
      this.#state = DATA
      return
    }
    this.#state = TRAILERS
    this.#trailers.beginFields()
  }

  #readTrailers(buffer: Buffer, from: number, to: number): number {
    const end = this.#trailers.scan(buffer, from, to)
    if (this.#trailers.fault !== '') {
      return this.#refuse(from, `in the trailers ${this.#trailers.fault}`)
    }
    if (end < 0) {
      this.#text += buffer.toString('latin1', from, to)
      return to
    }
    const { lines } = this.#trailers
    if (lines > 0 && framesIn(this.#text + buffer.toString('latin1', from, end), this.#trailers)) {
      return this.#refuse(from, 'framing is in the trailers')
    }
    this.isComplete = true
    return end
  }

  #refuse(at: number, fault: string): number {
    this.fault = fault
    return at
  }
}

function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48
  const lower = byte | 0x20
  return lower >= 97 && lower <= 102 ? lower - 87 : -1
}

/** A parser that merged them into the head would frame the message anew (RFC 9110, 6.5.1). */
function framesIn(text: string, { starts, colons, lines }: HeadScanner): boolean {
  for (let i = 0; i < lines; i++) {
    const start = starts[i] ?? 0
    const length = (colons[i] ?? 0) - start
    if (length === 14 && isName(text, start, 'content-length')) return true
    if (length === 17 && isName(text, start, 'transfer-encoding')) return true
  }
  return false
}
