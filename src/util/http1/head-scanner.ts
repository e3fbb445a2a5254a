// Walks the head of a message byte by byte, wherever the reads happen to be cut: checks its syntax (RFC 9112) and notes
// where each line begins and where its name ends. What the lines say is for others.

export interface HeadLimits {
  /** Bytes of the head, status line and interim answers included. */
  readonly headBytes: number
  readonly headLines: number
}

// States: what the next byte has to be.
const STATUS_LINE = 0
const STATUS_LF = 1
const LINE_START = 2
const NAME = 3
const VALUE = 4
const LINE_LF = 5
const LAST_LF = 6

const CR = 13
const LF = 10
const SPACE = 32
const COLON = 58
const ZERO = 48
const UNDERSCORE = 95

// Classes of bytes: what may stand in a name (RFC 9110, 5.6.2: token), what in a value (5.5: no control characters
// except the tab). Of the first, nearly all names have letters, digits and `-` alone.
const IN_NAME = 1
const IN_VALUE = 2
const PLAIN = 4
const CLASS = new Uint8Array(256)
CLASS[9] = IN_VALUE
for (let byte = 32; byte < 256; byte++) if (byte !== 127) CLASS[byte] = IN_VALUE
for (const char of "!#$%&'*+.^_`|~") CLASS[char.charCodeAt(0)] = IN_VALUE | IN_NAME
for (const char of '-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz') {
  CLASS[char.charCodeAt(0)] = IN_VALUE | IN_NAME | PLAIN
}

const VERSION = Buffer.from('HTTP/1.', 'latin1')

export class HeadScanner {
  /** Per line its first byte and its colon, counted from the head's first byte; valid below `lines`. */
  readonly starts: number[] = []
  readonly colons: number[] = []
  lines = 0
  status = 0
  /** The y of HTTP/1.y. */
  minor = 0
  /** A name has `_` in it. */
  hasUnderscore = false
  /** A name has other characters than letters, digits, `-` and `_`. */
  hasOddName = false
  /** What is wrong with the head; empty while nothing is. */
  fault = ''
  /** It is wrong for its size alone. */
  isTooLarge = false
  readonly #limits: HeadLimits
  #state = STATUS_LINE
  /** Bytes of this head seen in earlier reads. */
  #seen = 0
  /** Bytes of earlier heads of the same answer (interim ones). */
  #before = 0

  constructor(limits: HeadLimits) {
    this.#limits = limits
  }

  /** For a new answer. */
  begin(): void {
    this.#before = 0
    this.#restart(STATUS_LINE)
  }

  /** For the head after an interim one, which counts against the same limit. */
  beginNext(): void {
    this.#before += this.#seen
    this.#restart(STATUS_LINE)
  }

  /** For header lines alone, with a limit of their own: trailers, or what follows a request line. */
  beginFields(): void {
    this.#before = 0
    this.#restart(LINE_START)
  }

  #restart(state: number): void {
    this.#state = state
    this.#seen = 0
    this.lines = 0
    this.status = 0
    this.hasUnderscore = this.hasOddName = false
    this.fault = ''
    this.isTooLarge = false
  }

  /**
   * Goes on with the head.
   * @returns the position behind the empty line that ends it, or -1 when there is a fault or more has to come
   */
  // HOT PATH
  scan(buffer: Uint8Array, from: number, to: number): number {
    const room = this.#limits.headBytes - this.#before - this.#seen
    const end = to - from > room ? from + room : to
    const done = this.#scanLines(buffer, from, end)
    this.#seen += (done < 0 ? end : done) - from
    if (done < 0 && end < to && this.fault === '') return this.#refuseSize('the head is too large')
    return done
  }

  // HOT PATH: one pass, the inner loops run over names and values.
  #scanLines(buffer: Uint8Array, from: number, to: number): number {
    const offset = this.#seen - from
    const { headLines } = this.#limits
    let at = from
    if (this.#state <= STATUS_LF) {
      at = this.#scanStatusLine(buffer, from, to)
      if (at < 0) return -1
    }
    const { starts, colons } = this
    let { lines } = this
    let state = this.#state
    while (at < to) {
      switch (state) {
        case LINE_START:
          if (buffer[at] === CR) {
            state = LAST_LF
            at++
            break
          }
          if (lines === headLines) return this.#refuseSize('there are too many lines')
          starts[lines] = at + offset
          state = NAME
          break
        case NAME:
          while (at < to && (CLASS[buffer[at] ?? 0] ?? 0) & PLAIN) at++
          if (at === to) break
          if ((CLASS[buffer[at] ?? 0] ?? 0) & IN_NAME) {
            if (buffer[at] === UNDERSCORE) this.hasUnderscore = true
            else this.hasOddName = true
            at++
            break
          }
          if (buffer[at] !== COLON || at + offset === starts[lines]) {
            return this.#refuse('a header name is not a token')
          }
          colons[lines] = at + offset
          state = VALUE
          at++
          break
        case VALUE:
          while (at < to && (CLASS[buffer[at] ?? 0] ?? 0) & IN_VALUE) at++
          if (at === to) break
          if (buffer[at] !== CR) return this.#refuse('a control character is in a header value')
          state = LINE_LF
          at++
          break
        case LINE_LF:
          if (buffer[at] !== LF) return this.#refuse('a header line does not end in CRLF')
          this.lines = ++lines
          state = LINE_START
          at++
          break
        default: // LAST_LF
          if (buffer[at] !== LF) return this.#refuse('the head does not end in CRLF')
          return at + 1
      }
    }
    this.#state = state
    return -1
  }

  /** @returns the position behind the line, or -1 */
  // HOT PATH
  #scanStatusLine(buffer: Uint8Array, from: number, to: number): number {
    let index = this.#seen
    for (let at = from; at < to; at++, index++) {
      const byte = buffer[at] ?? 0
      if (this.#state === STATUS_LF) {
        if (byte !== LF) return this.#refuse('the status line does not end in CRLF')
        this.#state = LINE_START
        return at + 1
      }
      if (index > 12) {
        // The reason phrase.
        if (byte === CR) this.#state = STATUS_LF
        else if (!((CLASS[byte] ?? 0) & IN_VALUE)) {
          return this.#refuse('a control character is in the status line')
        }
      } else if (!this.#isStatusByte(index, byte)) {
        return this.#refuse('it does not begin with HTTP/1.0 or HTTP/1.1 and a status')
      }
    }
    return -1
  }

  /** `HTTP/1.1 200` and the space or CR behind it, by its place in the line. */
  #isStatusByte(index: number, byte: number): boolean {
    if (index < 7) return byte === VERSION[index]
    if (index === 7) {
      this.minor = byte - ZERO
      return this.minor === 0 || this.minor === 1
    }
    if (index === 8) return byte === SPACE
    if (index === 12) {
      if (byte === CR) this.#state = STATUS_LF
      return byte === SPACE || byte === CR
    }
    const digit = byte - ZERO
    this.status = this.status * 10 + digit
    return digit >= 0 && digit <= 9
  }

  #refuseSize(fault: string): -1 {
    this.isTooLarge = true
    return this.#refuse(fault)
  }

  #refuse(fault: string): -1 {
    this.fault = fault
    return -1
  }
}
