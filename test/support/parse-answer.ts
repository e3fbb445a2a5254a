// Runs the parser of answers over a text, cut into reads, and tells what came out of it.
import { ResponseParser } from '../../src/proxy/response-parser.js'

export interface Outcome {
  status: number
  fields: string
  length: number
  body: string
  /** Bytes behind the answer. */
  rest: number
  isReusable: boolean
}

/** @param cuts where reads end besides the end */
export function parse(
  text: string,
  cuts: readonly number[] = [],
  isHead = false,
): Outcome | string {
  const bytes = Buffer.from(text, 'latin1')
  const parser = new ResponseParser()
  parser.begin(isHead)
  const outcome: Outcome = {
    status: 0,
    fields: '',
    length: 0,
    body: '',
    rest: 0,
    isReusable: false,
  }
  let from = 0
  for (const to of [...cuts, bytes.length]) {
    const read = Buffer.from(bytes.subarray(from, to))
    parser.execute(read, read.length)
    if (parser.fault !== '') return parser.fault
    if (parser.head !== null) {
      outcome.status = parser.head.status
      outcome.fields = parser.head.fields
      outcome.length = parser.length
    }
    outcome.body += read.toString('latin1', parser.bodyStart, parser.bodyEnd)
    if (parser.isComplete) {
      outcome.rest = bytes.length - from - parser.consumed
      outcome.isReusable = parser.isReusable
      return outcome
    }
    from = to
  }
  return parser.end() ? outcome : 'incomplete'
}

/** Reads of one byte each. */
export function everyByte(text: string): number[] {
  return Array.from({ length: text.length }, (_, index) => index)
}
