// What the head of a request says, once its syntax has been checked: target, Host, framing (RFC 9112, 3 and 6). Strict
// where two parsers could differ: what is not clear is refused.
import { isUtf8 } from 'node:buffer'
import type { ErrorCode } from '../../errors/codes.js'
import type { HttpVersion } from '../../model/exchange.js'
import { RequestHeaders } from '../../util/header-list.js'
import { isName, mayNameFields, trimmed } from '../../util/http1/fields.js'
import type { HeadScanner } from '../../util/http1/head-scanner.js'
import {
  contentLength,
  droppedNames,
  isHost,
  isTarget,
  listsClose,
  type NameRules,
} from '../request-rules.js'
import { isAscii } from '../response-text.js'
import { readAbsolute, type RequestLineScanner } from './request-line.js'

const SLASH = 47
const SPACE = 32

const LISTS_KEEP_ALIVE = /(?:^|,)[ \t]*keep-alive[ \t]*(?:,|$)/i
const LISTS_UPGRADE = /(?:^|,)[ \t]*upgrade[ \t]*(?:,|$)/i
const HIGH_BYTES = /[\x80-\xff]/g

export abstract class RequestHead {
  method = ''
  /** The origin form, whatever form came. */
  target = ''
  host = ''
  headers = new RequestHeaders()
  httpVersion: HttpVersion = '1.1'
  encoding: 'utf8' | 'latin1' = 'utf8'
  /** As in BodySource. */
  bodyLength = 0
  keepsAlive = false
  /** The client may wait for `100 Continue` before it sends the body, if there is one. */
  expectsContinue = false
  /** As in Exchange. */
  wantsTunnel = false
  /** What is wrong with the request, once something is; nothing behind it is read. */
  fault: ErrorCode | null = null
  /** The same in words, for the log. */
  reason = ''

  readonly #takesUnderscores: boolean
  readonly #isDropped: ((name: string) => boolean) | null

  /** Clients ask for the same few hosts: comparing costs a fifth of the pattern. */
  #lastHost = ''
  /** Every line is `Name: value` with one space and none at its end. */
  #isCanonical = true
  /** The target names another host than Host. */
  #hasOtherHost = false
  // What the fields say of framing.
  #hosts = 0
  #lengths = 0
  #lengthText = ''
  #codings = 0
  #coding = ''
  #authorizations = 0
  #connection = ''
  /** The values of all lines of Upgrade. */
  #upgrade = ''

  constructor(rules: NameRules) {
    this.#takesUnderscores = rules.takesUnderscores
    this.#isDropped = droppedNames(rules)
  }

  protected beginHead(): void {
    this.method = this.target = this.host = ''
    this.headers = new RequestHeaders()
    this.httpVersion = '1.1'
    this.encoding = 'utf8'
    this.bodyLength = 0
    this.keepsAlive = this.expectsContinue = this.wantsTunnel = false
    this.fault = null
    this.reason = ''
    this.#hosts = this.#lengths = this.#codings = this.#authorizations = 0
    this.#connection = this.#upgrade = ''
    this.#hasOtherHost = false
  }

  /** The first fault counts. */
  protected refuse(fault: ErrorCode, reason: string): void {
    if (this.fault !== null) return
    this.fault = fault
    this.reason = reason
    this.bodyLength = 0
    this.keepsAlive = this.expectsContinue = this.wantsTunnel = false
  }

  /** Takes a whole head: line, fields and the empty line, one character per byte. */
  // HOT PATH
  protected takeHead(
    text: string,
    line: RequestLineScanner,
    scanner: HeadScanner,
    lineBytes: number,
  ): void {
    this.#takeLine(text, line)
    this.#takeFields(text, line.length, scanner, scanner.lines, lineBytes)
    if (this.fault === null) this.#judge(text)
    this.#settleHeaders()
    const hasOddName = scanner.hasOddName || (scanner.hasUnderscore && !this.#takesUnderscores)
    if (hasOddName && this.#isDropped !== null) this.headers.removeWhere(this.#isDropped)
  }

  /** Takes what there is of a head whose fields are at fault: the answer depends on those before, such as Accept. */
  protected takePart(
    text: string,
    line: RequestLineScanner,
    scanner: HeadScanner,
    lineBytes: number,
  ): void {
    this.#takeLine(text, line)
    // The last of the lines may run into the fault.
    this.#takeFields(text, line.length, scanner, scanner.lines - 1, lineBytes)
  }

  /** Text goes on to the target as it is: what is not written as all write it becomes a list. */
  #settleHeaders(): void {
    const { headers } = this
    if (this.#hasOtherHost) headers.set('host', this.host)
    else if (!this.#isCanonical) headers.unfold()
    headers.mayNameFields = mayNameFields(this.#connection)
  }

  // HOT PATH
  #takeLine(text: string, { methodEnd, targetEnd, version }: RequestLineScanner): void {
    this.method = text.slice(0, methodEnd)
    this.httpVersion = version
    this.target = text.slice(methodEnd + 1, targetEnd)
    if (this.target.charCodeAt(0) === SLASH) return
    const absolute = readAbsolute(this.target)
    if (absolute === null) this.refuse('BAD_REQUEST', 'the target is neither a path nor absolute')
    else {
      this.host = absolute.host
      this.target = absolute.target
    }
  }

  /** @param offset where the fields begin; the scanner counts from there */
  // HOT PATH: the fields stay text; what frames the request is looked at in place.
  #takeFields(
    text: string,
    offset: number,
    { starts, colons, lines }: HeadScanner,
    count: number,
    lineBytes: number,
  ): void {
    this.#isCanonical = true
    let start = offset
    for (let i = 0; i < count; i++) {
      const colon = offset + (colons[i] ?? 0)
      const next = i + 1 < lines ? offset + (starts[i + 1] ?? 0) : text.length - 2
      if (next - start > lineBytes) {
        this.refuse('HEADERS_TOO_LARGE', 'a header line is too long')
        break
      }
      if (!isCanonical(text, colon, next - 2)) this.#isCanonical = false
      this.#note(text, start, colon, next - 2)
      start = next
    }
    this.headers.text = text.slice(offset, start)
  }

  #note(text: string, start: number, colon: number, end: number): void {
    switch (colon - start) {
      case 4:
        if (isName(text, start, 'host')) this.#noteHost(trimmed(text, colon + 1, end))
        return
      case 6:
        if (!isName(text, start, 'expect')) return
        this.expectsContinue =
          this.fault === null && trimmed(text, colon + 1, end).toLowerCase() === '100-continue'
        return
      case 7:
        if (isName(text, start, 'upgrade')) this.#upgrade += `,${trimmed(text, colon + 1, end)}`
        return
      case 10:
        if (isName(text, start, 'connection')) this.#noteConnection(trimmed(text, colon + 1, end))
        return
      case 13:
        if (isName(text, start, 'authorization')) this.#noteAuthorization()
        return
      case 14:
        if (!isName(text, start, 'content-length')) return
        this.#lengths++
        this.#lengthText = this.#framingValue(text, start, colon, end)
        return
      case 17:
        if (!isName(text, start, 'transfer-encoding')) return
        this.#codings++
        this.#coding = this.#framingValue(text, start, colon, end)
        return
      default:
    }
  }

  #noteConnection(value: string): void {
    this.#connection = this.#connection === '' ? value : `${this.#connection},${value}`
  }

  /** As nginx: which of two logins counts is not for a plugin and a target to disagree about. */
  #noteAuthorization(): void {
    if (this.#authorizations++ > 0) this.refuse('BAD_REQUEST', 'Authorization comes twice')
  }

  #framingValue(text: string, start: number, colon: number, end: number): string {
    // A tab is white space (RFC 9110, 5.6.3), but not to every parser.
    if (text.slice(colon, end).includes('\t')) {
      this.refuse('BAD_REQUEST', `a tab is in ${text.slice(start, colon).toLowerCase()}`)
    }
    return trimmed(text, colon + 1, end)
  }

  #noteHost(value: string): void {
    const isValid = value === this.#lastHost || isHost(value)
    if (this.#hosts++ > 0 || !isValid) {
      this.refuse('BAD_REQUEST', 'Host is not one host')
      return
    }
    this.#lastHost = value
    // RFC 9112, 3.2.2: what an absolute target names counts, and not the field.
    if (this.host === '') this.host = value
    else this.#hasOtherHost = true
  }

  // HOT PATH
  #judge(text: string): void {
    const isOld = this.httpVersion === '1.0'
    if (!isAscii(text)) this.#decode()
    if (this.#hosts === 0 && !isOld) this.refuse('BAD_REQUEST', 'there is no Host')
    else if (!isTarget(this.target)) this.refuse('BAD_REQUEST', 'the target is none')
    else if (this.method === 'TRACE' || this.method === 'CONNECT') {
      this.refuse('METHOD_NOT_ALLOWED', `the method is ${this.method}`)
    } else {
      this.keepsAlive = this.#wantsToGoOn(isOld)
      this.#chooseFraming(isOld)
      if (isOld) this.expectsContinue = false
      if (this.#upgrade !== '') this.wantsTunnel = this.#asksForWebSocket()
    }
  }

  /** One Upgrade that says nothing else (Kong), of a request that nothing can hide behind. */
  #asksForWebSocket(): boolean {
    return (
      this.#upgrade.toLowerCase() === ',websocket' &&
      LISTS_UPGRADE.test(this.#connection) &&
      this.method === 'GET' &&
      this.httpVersion === '1.1' &&
      this.bodyLength === 0 &&
      this.fault === null
    )
  }

  #wantsToGoOn(isOld: boolean): boolean {
    const connection = this.#connection
    if (connection === '') return !isOld
    return !listsClose(connection) && (!isOld || LISTS_KEEP_ALIVE.test(connection))
  }

  /** RFC 9112, 6.1 and 6.3: another coding, or both ways of framing at once, is how requests are smuggled. */
  #chooseFraming(isOld: boolean): void {
    if (this.#codings > 0) {
      this.bodyLength = -1
      if (this.#codings > 1 || this.#lengths > 0 || isOld || !isChunked(this.#coding)) {
        this.refuse('BAD_REQUEST', 'Transfer-Encoding is not chunked, or not alone')
      }
    } else if (this.#lengths > 0) {
      this.bodyLength = this.#lengths > 1 ? -1 : contentLength(this.#lengthText)
      if (this.bodyLength < 0) this.refuse('BAD_REQUEST', 'Content-Length is not one number')
    }
  }

  /**
   * Text beyond ASCII is UTF-8 when all of it can be. Else each byte stands for itself, and those in the path become
   * escapes, as nginx sends them on.
   */
  #decode(): void {
    const bytes = Buffer.from(`${this.target}\n${this.headers.text}`, 'latin1')
    if (isUtf8(bytes)) {
      const text = bytes.toString('utf8')
      const end = text.indexOf('\n')
      this.target = text.slice(0, end)
      this.headers.text = text.slice(end + 1)
      return
    }
    this.encoding = 'latin1'
    const query = this.target.indexOf('?')
    const path = query < 0 ? this.target : this.target.slice(0, query)
    this.target = path.replace(HIGH_BYTES, escapeByte) + this.target.slice(path.length)
  }
}

function isCanonical(text: string, colon: number, end: number): boolean {
  return (
    text.charCodeAt(colon + 1) === SPACE &&
    text.charCodeAt(colon + 2) > SPACE &&
    text.charCodeAt(end - 1) > SPACE
  )
}

function isChunked(coding: string): boolean {
  return coding.length === 7 && coding.toLowerCase() === 'chunked'
}

function escapeByte(byte: string): string {
  return `%${byte.charCodeAt(0).toString(16).toUpperCase()}`
}
