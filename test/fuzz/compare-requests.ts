// Holds the parser of requests against llhttp, Node's own in its strict mode: on one input, whole and in pieces. What
// ours takes, llhttp must take, and read the same in it.
import type { ParserLimits } from '../../src/server/http1/request-parser.js'
import { readRequestsWithLlhttp, type JudgedRequest, type Judgement } from '../support/llhttp.js'
import {
  differenceOf,
  readRequests,
  type ReadRequest,
  type Reading,
} from '../support/read-requests.js'
import { LOOSER, OTHERWISE, type RequestLine } from './known-differences.js'

export interface Comparison {
  /** What must not be; empty when all is well. */
  readonly failure: string
  readonly reading: Reading
  readonly judgement: Judgement
  /** Names of the known differences that were met. */
  readonly met: readonly string[]
}

/** @param cuts where the second reading is cut */
export function compare(text: string, cuts: readonly number[], limits: ParserLimits): Comparison {
  const bytes = Buffer.from(text, 'latin1')
  const whole = read(bytes, [], limits)
  const reading = read(bytes, cuts, limits)
  const shown = show(text, reading.requests)
  const judgement = readRequestsWithLlhttp(
    shown.hasChanged ? Buffer.from(shown.text, 'latin1') : bytes,
    endsOf(shown.requests),
  )
  const split = differenceOf(whole, reading)
  const failure =
    whole.thrown ||
    reading.thrown ||
    (split && `whole and in pieces differ: ${split}`) ||
    differenceToJudgement(text, reading, judgement, shown)
  return { failure, reading, judgement, met: shown.met }
}

/** What is thrown is a failure like any other. */
function read(
  bytes: Buffer,
  cuts: readonly number[],
  limits: ParserLimits,
): Reading & { readonly thrown: string } {
  try {
    return Object.assign(readRequests(bytes, cuts, limits), { thrown: '' })
  } catch (error) {
    const thrown = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return { requests: [], fault: null, reason: '', refused: '', isClosed: false, thrown }
  }
}

/** What llhttp is shown of a request that we have taken. */
interface ShownRequest {
  readonly raw: RequestLine
  readonly line: RequestLine
  /** Where it has to end there, or -1. */
  readonly end: number
}

interface Shown {
  text: string
  hasChanged: boolean
  readonly requests: ShownRequest[]
  readonly met: string[]
}

// What may stand before a request (RFC 9112, 2.2), and its line.
const LINE = /(?:\r\n)*([^ \r\n]+) ([^ \r\n]+) HTTP\/1\.([0-9])\r\n/y

/** Replaces the lines that llhttp is known to refuse. */
function show(text: string, requests: readonly ReadRequest[]): Shown {
  const shown: Shown = { text: '', hasChanged: false, requests: [], met: [] }
  let at = 0
  for (const { start, end } of requests) {
    LINE.lastIndex = start
    // Without a match we have taken what is no line, which the comparison tells.
    const [, method = '', target = '', minor = ''] = LINE.exec(text) ?? []
    const raw = { method, target, minor }
    const line = rewritten(raw, shown.met)
    if (line !== raw) {
      shown.hasChanged = true
      shown.text += `${text.slice(at, start)}${line.method} ${line.target} HTTP/1.${line.minor}\r\n`
      at = LINE.lastIndex
    }
    shown.requests.push({ raw, line, end: end < 0 ? -1 : end - at + shown.text.length })
  }
  shown.text += text.slice(at)
  return shown
}

function rewritten(raw: RequestLine, met: string[]): RequestLine {
  let line = raw
  for (const difference of LOOSER) {
    const next = difference.rewrite(line)
    if (next === null) continue
    line = next
    met.push(difference.name)
  }
  return line
}

/** Two cuts around the last byte of each request: what llhttp completes between them ends just there. */
function endsOf(shown: readonly ShownRequest[]): number[] {
  return shown.flatMap(({ end }) => (end < 0 ? [] : [end - 1, end]))
}

function differenceToJudgement(
  text: string,
  reading: Reading,
  { requests: judged, error }: Judgement,
  { requests: shown, met }: Shown,
): string {
  const { requests, fault, isClosed } = reading
  for (const [i, own] of requests.entries()) {
    const other = judged[i]
    const look = shown[i]
    if (look?.raw.method === '') return `the line of request ${i} is none`
    if (other === undefined || look === undefined) {
      const isKnown = hasClosed(text, requests[i - 1], judged[i - 1], error, met)
      return isKnown ? '' : `llhttp refuses request ${i}: ${error}`
    }
    const isRefused = fault !== null || (error !== '' && other.end < 0)
    const part =
      differenceInLine(own, other, look) ||
      differenceInConnection(own, other, text, met) ||
      differenceInHeaders(own, other, look.raw.target) ||
      differenceInBody(own, other, look.end, isRefused)
    if (part !== '') return `request ${i} differs in ${part}${error && `; ${error}`}`
  }
  const waits = fault === null && !isClosed
  return waits && judged.length > requests.length ? 'llhttp takes one more, where we wait' : ''
}

/** llhttp has closed behind the request before, for a reason that is known. */
function hasClosed(
  text: string,
  own: ReadRequest | undefined,
  other: JudgedRequest | undefined,
  error: string,
  met: string[],
): boolean {
  if (own === undefined || !error.startsWith('HPE_CLOSED_CONNECTION')) return false
  // Has been looked at with that request.
  if (other?.keepsAlive === false) return true
  if (own.bodyLength >= 0 || !CLOSING_TRAILER.test(text.slice(own.start, own.end))) return false
  met.push(OTHERWISE.trailers.name)
  return true
}

function differenceInLine(own: ReadRequest, other: JudgedRequest, look: ShownRequest): string {
  const { raw, line } = look
  if (own.method !== raw.method || other.method !== line.method) return 'the method'
  const target = inBytes(own.target, own.encoding)
  if (target !== originForm(raw.target, own.encoding)) return 'the target'
  if (other.target !== line.target) return 'the target that llhttp sees'
  const isSame = own.version === versionOf(raw.minor) && String(other.minor) === line.minor
  return isSame ? '' : 'the version'
}

/** A last chunk, and in the lines behind it Connection with `close`. */
const CLOSING_TRAILER = /\r\n0+(?:;.*)?\r\n(?:.+\r\n)*connection:.*close/i

function differenceInConnection(
  own: ReadRequest,
  other: JudgedRequest,
  text: string,
  met: string[],
): string {
  if (own.keepsAlive === other.keepsAlive) return ''
  const [head = ''] = text.slice(own.start).trimStart().split('\r\n\r\n', 1)
  const lines = head.match(/^connection:.*/gim) ?? []
  if (lines.some((line) => line.includes('\t'))) met.push(OTHERWISE.tabs.name)
  else if (!own.keepsAlive && own.version === '1.0' && lines.some((line) => /close/i.test(line))) {
    met.push(OTHERWISE.closesOld.name)
  } else return `keepsAlive (${own.keepsAlive} for us)`
  return ''
}

const HIGH_BYTES = /[\x80-\xff]/g
const ABSOLUTE = /^https?:\/\/([^/?]*)\/?/i

/** Written apart from the parser that it checks, like what follows. */
function originForm(target: string, encoding: 'utf8' | 'latin1'): string {
  const plain = target.startsWith('/') ? target : target.replace(ABSOLUTE, '/')
  if (encoding === 'utf8') return plain
  return plain.replace(/^[^?]+/, (path) =>
    path.replace(HIGH_BYTES, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`),
  )
}

function versionOf(minor: string): string {
  return minor === '0' ? '1.0' : minor === '1' ? '1.1' : '1.x'
}

function differenceInHeaders(own: ReadRequest, other: JudgedRequest, target: string): string {
  if (own.names.length !== other.headers.length) return 'the number of headers'
  for (const [i, [name, value]] of other.headers.entries()) {
    if (own.names[i] !== name.toLowerCase()) return `the name of header ${i}`
    // RFC 9112, 3.2.2: the authority of the target stands in for Host.
    const authority = own.names[i] === 'host' ? ABSOLUTE.exec(target)?.[1] : undefined
    if (inBytes(own.values[i] ?? '', own.encoding) !== (authority ?? value)) return `header ${i}`
  }
  return ''
}

/** @param isRefused one of the two has refused the body on the way, if it is not complete */
function differenceInBody(
  own: ReadRequest,
  other: JudgedRequest,
  end: number,
  isRefused: boolean,
): string {
  if (end < 0 && isRefused) {
    const isPart = other.body.startsWith(own.body) || own.body.startsWith(other.body)
    return isPart ? '' : 'the body so far'
  }
  if (other.end !== end) return `the end (${end} for us, ${other.end} for llhttp)`
  if (end >= 0 && own.bodyLength >= 0 && own.body.length !== own.bodyLength) return 'the length'
  return other.body === own.body ? '' : 'the body'
}

/** Text as one character per byte. */
function inBytes(text: string, encoding: 'utf8' | 'latin1'): string {
  return encoding === 'latin1' ? text : Buffer.from(text, 'utf8').toString('latin1')
}
