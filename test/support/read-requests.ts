// Runs the parser of requests over the bytes of a connection, cut into reads, and tells what came out of it: the way an
// engine uses it, and with a look at what it promises an engine.
import type { ErrorCode } from '../../src/errors/codes.js'
import { RequestParser, type ParserLimits } from '../../src/server/http1/request-parser.js'

/** A request whose head has been accepted. */
export interface ReadRequest {
  readonly method: string
  readonly target: string
  readonly host: string
  readonly version: string
  readonly encoding: 'utf8' | 'latin1'
  readonly names: readonly string[]
  readonly values: readonly string[]
  readonly bodyLength: number
  readonly keepsAlive: boolean
  /** Where it begins, empty lines before it included. */
  readonly start: number
  /** Behind its last byte; -1 when it is not complete. */
  end: number
  /** Decoded, as far as it has come. */
  body: string
}

export interface Reading {
  /** The last one may be incomplete. */
  readonly requests: readonly ReadRequest[]
  readonly fault: ErrorCode | null
  readonly reason: string
  /** What an engine is told of the request with the fault: its answer depends on that. */
  readonly refused: string
  /** The last request closes the connection: nothing behind it was read. */
  readonly isClosed: boolean
}

/**
 * @param cuts where reads end besides the end, in rising order
 * @throws Error when the parser breaks a promise
 */
export function readRequests(
  bytes: Buffer,
  cuts: readonly number[],
  limits: ParserLimits,
): Reading {
  const connection = new Connection(limits)
  let from = 0
  for (let i = 0; i <= cuts.length && !connection.isOver; i++) {
    const to = cuts[i] ?? bytes.length
    // A copy, as bytes may be moved; not at its beginning, as positions need not count from there.
    const read = Buffer.allocUnsafe(to - from + 1)
    bytes.copy(read, 1, from, to)
    connection.take(read, 1, from - 1)
    from = to
  }
  return connection
}

class Connection implements Reading {
  readonly requests: ReadRequest[] = []
  fault: ErrorCode | null = null
  reason = ''
  refused = ''
  isClosed = false
  readonly #parser: RequestParser
  /** The request whose head has come, and that is not complete. */
  #open: ReadRequest | null = null
  #start = 0

  constructor(limits: ParserLimits) {
    this.#parser = new RequestParser(limits)
    this.#parser.begin()
  }

  get isOver(): boolean {
    return this.isClosed || this.fault !== null
  }

  /** @param offset of the buffer in the bytes of the connection */
  take(buffer: Buffer, from: number, offset: number): void {
    const parser = this.#parser
    let at = from
    while (at < buffer.length && !this.isOver) {
      parser.execute(buffer, at, buffer.length)
      this.fault = parser.fault
      this.reason = parser.reason
      if (parser.fault !== null) {
        const { method, target, host, headers } = parser
        headers.unfold()
        this.refused = [method, target, host, headers.names, headers.values].join('\n')
        promise(parser.reason !== '', 'a fault has a reason')
        promise(!parser.isComplete, 'what is refused is not complete')
        return
      }
      this.#takeRead(buffer, at, offset)
      at = parser.consumed
    }
  }

  #takeRead(buffer: Buffer, at: number, offset: number): void {
    const parser = this.#parser
    const { bodyStart, bodyEnd, consumed } = parser
    promise(at <= bodyStart && bodyStart <= bodyEnd, 'the piece of the body is in this read')
    promise(bodyEnd <= consumed && consumed <= buffer.length, 'the piece of the body is consumed')
    promise(parser.isComplete === (parser.remaining === 0), 'what is complete has nothing to come')
    promise(parser.isComplete || consumed === buffer.length, 'an incomplete request takes it all')
    if (!parser.hasHead) {
      promise(!parser.isComplete && bodyStart === bodyEnd, 'nothing comes before the head')
      return
    }
    promise(!parser.expectsContinue || parser.httpVersion !== '1.0', 'HTTP/1.0 cannot continue')
    const request = (this.#open ??= this.#begin())
    request.body += buffer.toString('latin1', bodyStart, bodyEnd)
    if (!parser.isComplete) return
    promise(consumed > at, 'a complete request has taken something')
    request.end = this.#start = consumed + offset
    this.#open = null
    this.isClosed = !request.keepsAlive
    parser.begin()
  }

  #begin(): ReadRequest {
    const { method, target, host, httpVersion, encoding, headers, bodyLength, keepsAlive } =
      this.#parser
    headers.unfold()
    const request: ReadRequest = {
      method,
      target,
      host,
      version: httpVersion,
      encoding,
      names: headers.names,
      values: headers.values,
      bodyLength,
      keepsAlive,
      start: this.#start,
      end: -1,
      body: '',
    }
    this.requests.push(request)
    return request
  }
}

function promise(isKept: boolean, text: string): void {
  if (!isKept) throw new Error(`a promise is broken: ${text}`)
}

/** What two readings of the same bytes tell differently; empty when nothing. */
export function differenceOf(one: Reading, other: Reading): string {
  if (one.fault !== other.fault) return `the fault is ${one.fault} and ${other.fault}`
  if (one.reason !== other.reason) return `the reason is ${one.reason} and ${other.reason}`
  if (one.refused !== other.refused) return 'what is told of the refused request'
  if (one.isClosed !== other.isClosed) return 'one is closed'
  const count = Math.max(one.requests.length, other.requests.length)
  for (let i = 0; i < count; i++) {
    const [a, b] = [one.requests[i], other.requests[i]]
    // Where a body goes wrong in the read that brings its head, there is no request.
    if (one.fault !== null && i === count - 1 && (a?.end ?? -1) < 0 && (b?.end ?? -1) < 0) break
    if (a === undefined || b === undefined) return `request ${i} is in one alone`
    const field = differentField(a, b)
    if (field !== undefined) return `${field} of request ${i}`
  }
  return ''
}

function differentField(a: ReadRequest, b: ReadRequest): string | undefined {
  if (!isSameList(a.names, b.names)) return 'names'
  if (!isSameList(a.values, b.values)) return 'values'
  return SCALARS.find((key) => a[key] !== b[key])
}

const SCALARS = [
  ...(['method', 'target', 'host', 'version', 'encoding', 'bodyLength', 'keepsAlive'] as const),
  ...(['start', 'end', 'body'] as const),
]

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, i) => text === b[i])
}
