// Node's own parser, llhttp in its strict mode, as a second opinion on what an answer or a row of requests says.
import { METHODS } from 'node:http'
import { createRequire } from 'node:module'

export interface Parsed {
  readonly status: number
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string
}

interface NodeParser {
  [hook: number]: unknown
  initialize(type: number, resource: object, maxHeaderSize: number, lenientFlags: number): void
  execute(data: Buffer): number | Error
  finish(): Error | undefined
}

interface ParserType {
  new (): NodeParser
  readonly REQUEST: number
  readonly RESPONSE: number
  readonly kLenientNone: number
  readonly kOnHeaders: number
  readonly kOnHeadersComplete: number
  readonly kOnBody: number
  readonly kOnMessageComplete: number
}

/** A request as far as it has come. */
export interface JudgedRequest {
  readonly method: string
  readonly target: string
  /** The y of HTTP/1.y. */
  readonly minor: number
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly keepsAlive: boolean
  /** Decoded. */
  body: string
  /** Where the read ended that completed it, or -1. */
  end: number
}

export interface Judgement {
  /** The last one may be incomplete. */
  readonly requests: readonly JudgedRequest[]
  /** Why llhttp did not go on, its code and its words; empty when it waits for more. */
  readonly error: string
}

const require = createRequire(import.meta.url)
// Not public, but the only way to llhttp without another package.
const { HTTPParser } = require('_http_common') as { HTTPParser: ParserType }

/** The final answer, or what llhttp says against it. Bytes behind the answer are not looked at. */
export function parseWithLlhttp(bytes: Buffer, isHeadRequest: boolean): Parsed | string {
  const parser = new HTTPParser()
  parser.initialize(HTTPParser.RESPONSE, {}, 0, HTTPParser.kLenientNone)
  let flat: string[] = []
  let status = 0
  let body = ''
  const answers: Parsed[] = []
  let headers: string[] = []
  parser[HTTPParser.kOnHeaders] = (more: string[]) => {
    flat.push(...more)
  }
  parser[HTTPParser.kOnHeadersComplete] = (
    _major: number,
    _minor: number,
    rest: string[] | undefined,
    _method: unknown,
    _url: unknown,
    code: number,
  ) => {
    status = code
    headers = [...flat, ...(rest ?? [])]
    flat = []
    return isHeadRequest ? 1 : 0
  }
  parser[HTTPParser.kOnBody] = (chunk: Buffer) => {
    body += chunk.toString('latin1')
  }
  parser[HTTPParser.kOnMessageComplete] = () => {
    flat = []
    if (status >= 200) answers.push({ status, headers: pairs(headers), body })
  }
  const result = parser.execute(bytes)
  const error = result instanceof Error ? result : parser.finish()
  return answers[0] ?? error?.message ?? 'incomplete'
}

function pairs(flat: readonly string[]): [string, string][] {
  const list: [string, string][] = []
  for (let i = 0; i < flat.length; i += 2) list.push([flat[i] ?? '', flat[i + 1] ?? ''])
  return list
}

/**
 * Reads one request after the other, as from a connection.
 * @param cuts where reads end besides the end, in rising order
 */
export function readRequestsWithLlhttp(bytes: Buffer, cuts: readonly number[] = []): Judgement {
  judge.begin()
  let from = 0
  for (let i = 0; i <= cuts.length && judge.error === ''; i++) {
    const to = cuts[i] ?? bytes.length
    judge.read(bytes, from, to)
    from = to
  }
  return { requests: judge.requests, error: judge.error }
}

// Far more than any request of a test has: limits are not what is compared.
const NO_LIMIT = 1 << 30
const NOTHING = Buffer.alloc(0)

/** One for all inputs: to make a parser costs more than to use it. */
class RequestJudge {
  requests: JudgedRequest[] = []
  error = ''
  readonly #parser = new HTTPParser()
  // What came before the end of a long head.
  #flat: string[] = []
  #target = ''
  #isUpgrade = false
  #end = 0

  constructor() {
    const parser = this.#parser
    parser[HTTPParser.kOnHeaders] = (more: string[], target: string) => {
      this.#flat.push(...more)
      this.#target += target
    }
    parser[HTTPParser.kOnHeadersComplete] = this.#onHead.bind(this)
    parser[HTTPParser.kOnBody] = (chunk: Buffer) => {
      const request = this.requests.at(-1)
      if (request !== undefined) request.body += chunk.toString('latin1')
    }
    parser[HTTPParser.kOnMessageComplete] = () => {
      const request = this.requests.at(-1)
      if (request !== undefined) request.end = this.#end
      this.#forget() // the trailers
    }
  }

  begin(): void {
    this.requests = []
    this.error = ''
    this.#restart()
  }

  read(bytes: Buffer, from: number, to: number): void {
    let at = from
    while (at < to && this.error === '') {
      this.#end = to
      const result = this.#parser.execute(bytes.subarray(at, to))
      if (result instanceof Error) {
        this.error = describe(result)
        return
      }
      at += result
      if (this.#isUpgrade) this.#leaveUpgrade(at, to)
    }
  }

  /**
   * For llhttp, what is behind a request for an upgrade is no HTTP any more. For a server that does not upgrade it is the
   * next request.
   */
  #leaveUpgrade(at: number, to: number): void {
    const request = this.requests.at(-1)
    if (request === undefined) return
    if (request.end < 0) {
      // Errors in the body of such a request are kept from the caller. They show in a read of nothing, which else
      // returns 0.
      const isOver = at < to || this.#parser.execute(NOTHING) !== 0
      if (isOver) this.error = 'an error in the body of an upgrade'
      return
    }
    request.end = at
    if (!request.keepsAlive && at < to) this.error = 'data behind an upgrade that closes'
    this.#restart()
  }

  #restart(): void {
    this.#isUpgrade = false
    this.#forget()
    this.#parser.initialize(HTTPParser.REQUEST, {}, NO_LIMIT, HTTPParser.kLenientNone)
  }

  #forget(): void {
    this.#flat = []
    this.#target = ''
  }

  // The order is Node's.
  #onHead(
    _major: number,
    minor: number,
    rest: string[] | undefined,
    method: number,
    target: string | undefined,
    _status: undefined,
    _phrase: undefined,
    isUpgrade: boolean,
    keepsAlive: boolean,
  ): number {
    this.#isUpgrade = isUpgrade
    this.requests.push({
      method: methodNames[method] ?? `method ${method}`,
      target: target ?? this.#target,
      minor,
      headers: pairs(rest ?? this.#flat),
      keepsAlive,
      body: '',
      end: -1,
    })
    this.#forget()
    return 0
  }
}

function describe(error: Error): string {
  const { code, reason } = error as { code?: unknown; reason?: unknown }
  return `${String(code)}: ${String(reason)}`
}

/** llhttp tells methods by number; which is which it says itself. */
function readMethodNames(): string[] {
  const parser = new HTTPParser()
  const names: string[] = []
  for (const name of METHODS) {
    parser[HTTPParser.kOnHeadersComplete] = (
      _major: number,
      _minor: number,
      _rest: unknown,
      method: number,
    ) => {
      names[method] = name
      return 0
    }
    parser.initialize(HTTPParser.REQUEST, {}, 0, HTTPParser.kLenientNone)
    parser.execute(Buffer.from(`${name} ${name === 'CONNECT' ? 'a:1' : '/'} HTTP/1.1\r\n\r\n`))
  }
  return names
}

const methodNames = readMethodNames()
const judge = new RequestJudge()
