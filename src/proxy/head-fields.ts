// What the header lines of an answer say to the client that reads it (framing, keep-alive), and the lines that go on
// to the gateway's own client. Takes lines whose syntax head-scanner.ts has checked.
import { OVERLAP } from '../model/response-head.js'
import { isName, skipBlanks, trimmed } from '../util/http1/fields.js'
import type { HeadScanner } from '../util/http1/head-scanner.js'

const SPACE = 32
const ZERO = 48
const LETTER_X = 120

// A tab behind a framing value is white space too (RFC 9110, 5.6.3), but not to every parser: not taken here.
const CHUNKED = /^[\t ]*chunked *$/i
const KEEP_ALIVE_TIMEOUT = /(?:^|[\t ,])timeout=([0-9]{1,6})(?:$|[\t ,])/i

export class HeadFields {
  /** End-to-end lines, each ended by CRLF, without framing, hop-by-hop fields, Date and orders to nginx. */
  text = ''
  /** -1 without Content-Length. */
  contentLength = -1
  isChunked = false
  /** Connection: close. */
  closes = false
  /** Upgrade, in lower case; several lines behind one another. */
  upgrade = ''
  /** Connection: keep-alive. */
  keepsAlive = false
  /** What the target says in Keep-Alive about how long it keeps an idle connection; -1 when it says nothing. */
  keepAliveSeconds = -1
  /** Bits of OVERLAP: what among the kept lines the gateway has a hand in. */
  overlap: number = OVERLAP.none
  /** What is wrong with the framing; empty while nothing is. */
  fault = ''
  /** Names that Connection lists, in lower case; nearly always none. */
  readonly #listed = new Set<string>()

  /** @param head the whole head, up to and with the empty line, one character per byte */
  // HOT PATH: lines are told apart by the length of their names; runs of kept lines are sliced as they are.
  read(head: string, { starts, colons, lines }: HeadScanner): void {
    this.contentLength = -1
    this.isChunked = false
    this.closes = false
    this.keepsAlive = false
    this.upgrade = ''
    this.keepAliveSeconds = -1
    this.overlap = OVERLAP.none
    this.fault = ''
    if (this.#listed.size > 0) this.#listed.clear()
    let text = ''
    const end = head.length - 2
    let runStart = lines === 0 ? end : (starts[0] ?? 0)
    for (let i = 0; i < lines; i++) {
      const start = starts[i] ?? 0
      const next = i + 1 < lines ? (starts[i + 1] ?? 0) : end
      if (this.#consumes(head, start, colons[i] ?? 0, next - 2)) {
        if (runStart < start) text += head.slice(runStart, start)
        runStart = next
      }
    }
    if (runStart < end) text += head.slice(runStart, end)
    this.text = this.#listed.size === 0 ? text : withoutNames(text, this.#listed)
  }

  /** Takes in what a line says that is not meant for the client. False when it goes on. */
  #consumes(head: string, start: number, colon: number, end: number): boolean {
    // Nearly no line begins with an x, so that the rest is hardly ever compared.
    if ((head.charCodeAt(start) | 0x20) === LETTER_X) {
      if (isForNginx(head, start, colon)) return true
      if (isName(head, start, 'x-kong-')) this.overlap |= OVERLAP.other
    }
    switch (colon - start) {
      case 3:
        if (isName(head, start, 'via')) this.overlap |= OVERLAP.other
        return false
      case 4:
        // The engine writes its own.
        return isName(head, start, 'date')
      case 6:
        if (isName(head, start, 'server')) this.overlap |= OVERLAP.server
        return false
      case 7:
        if (isName(head, start, 'upgrade')) this.upgrade += upgradeOf(head, colon + 1, end)
        else return isName(head, start, 'trailer')
        return true
      case 10:
        if (isName(head, start, 'connection')) this.#readConnection(head.slice(colon + 1, end))
        else if (isName(head, start, 'keep-alive')) this.#readKeepAlive(head.slice(colon + 1, end))
        else return false
        return true
      case 12:
        if (isName(head, start, 'content-type')) this.overlap |= typeOverlap(head, colon + 1, end)
        return false
      case 14:
        if (!isName(head, start, 'content-length')) return false
        this.#readContentLength(head, colon + 1, end)
        return true
      case 16:
        return isName(head, start, 'proxy-connection')
      case 17:
        if (!isName(head, start, 'transfer-encoding')) return false
        this.#readTransferEncoding(head.slice(colon + 1, end))
        return true
      default:
        return false
    }
  }

  /** Digits and nothing else, and only once: two parsers may choose differently among several. */
  #readContentLength(head: string, from: number, to: number): void {
    if (this.contentLength >= 0) this.fault = 'Content-Length is given twice'
    let at = skipBlanks(head, from, to)
    const first = at
    let length = 0
    for (; at < to; at++) {
      const digit = head.charCodeAt(at) - ZERO
      if (digit < 0 || digit > 9) break
      length = length * 10 + digit
    }
    const isNumber = at > first
    while (at < to && head.charCodeAt(at) === SPACE) at++
    if (!isNumber || at < to || length > Number.MAX_SAFE_INTEGER) {
      this.fault = 'Content-Length is not a number'
    }
    this.contentLength = length
  }

  #readTransferEncoding(value: string): void {
    if (this.isChunked) this.fault = 'Transfer-Encoding is given twice'
    if (!CHUNKED.test(value)) this.fault = 'Transfer-Encoding is not chunked'
    this.isChunked = true
  }

  #readConnection(value: string): void {
    const options = trimmed(value, 0, value.length).toLowerCase()
    if (options === 'keep-alive') this.keepsAlive = true
    else if (options === 'close') this.closes = true
    else this.#readOptions(options)
  }

  #readOptions(options: string): void {
    for (const part of options.split(',')) {
      const option = trimmed(part, 0, part.length)
      if (option === 'keep-alive') this.keepsAlive = true
      else if (option === 'close') this.closes = true
      else if (option !== '') this.#listed.add(option)
    }
  }

  #readKeepAlive(value: string): void {
    const seconds = KEEP_ALIVE_TIMEOUT.exec(value)?.[1]
    if (seconds !== undefined) this.keepAliveSeconds = Number(seconds)
  }
}

/** Orders to nginx, and X-Pad: Kong passes none of them on. Obeyed here, a target could reach what no route is open to. */
function isForNginx(head: string, start: number, colon: number): boolean {
  switch (colon - start) {
    case 5:
      return isName(head, start, 'x-pad')
    case 15:
      return isName(head, start, 'x-accel-charset') || isName(head, start, 'x-accel-expires')
    case 16:
      return isName(head, start, 'x-accel-redirect')
    case 17:
      return isName(head, start, 'x-accel-buffering')
    case 18:
      return isName(head, start, 'x-accel-limit-rate')
    default:
      return false
  }
}

function upgradeOf(head: string, from: number, to: number): string {
  return `,${trimmed(head, from, to).toLowerCase()}`
}

/** JSON, the common case, never needs a charset added; nor does a type that has parameters. */
function typeOverlap(head: string, from: number, to: number): number {
  const value = head.slice(from, to)
  return value.includes(';') || value.endsWith('json') ? OVERLAP.none : OVERLAP.type
}

function withoutNames(lines: string, names: ReadonlySet<string>): string {
  return lines
    .split('\r\n')
    .filter((line) => !names.has(line.slice(0, line.indexOf(':')).toLowerCase()))
    .join('\r\n')
}
