// Node's own parser, llhttp in its strict mode, as a second opinion on what an answer says.
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
  readonly RESPONSE: number
  readonly kLenientNone: number
  readonly kOnHeaders: number
  readonly kOnHeadersComplete: number
  readonly kOnBody: number
  readonly kOnMessageComplete: number
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
