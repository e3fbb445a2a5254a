// What a page of the status and admin listeners is asked and what it answers, apart from sockets.
import { STATUS_CODES, type IncomingHttpHeaders } from 'node:http'

export interface PageRequest {
  readonly method: string
  /** Decoded steps; `/services/a/` has two. */
  readonly path: readonly string[]
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  /**
   * Reads the whole body.
   * @throws PageRefusal for one that is too large
   */
  body(): Promise<Buffer>
}

export interface PageAnswer {
  readonly status: number
  /** Names in the spelling that goes out. */
  readonly headers: Readonly<Record<string, string>>
  /** Empty for none. */
  readonly body: string
}

/** Ends the handling of a request with an answer, from wherever the reason was found. */
export class PageRefusal extends Error {
  override readonly name = 'PageRefusal'
  readonly answer: PageAnswer

  constructor(answer: PageAnswer) {
    super(`refused with ${answer.status}`)
    this.answer = answer
  }
}

export function json(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): PageAnswer {
  const type = { 'Content-Type': 'application/json; charset=utf-8' }
  return { status, headers: { ...type, ...headers }, body: JSON.stringify(body) }
}

/** A status with Kong's usual body. */
export function message(
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): PageAnswer {
  return json(status, { message: text }, headers)
}

export function empty(status: number, headers: Readonly<Record<string, string>> = {}): PageAnswer {
  return { status, headers, body: '' }
}

/** nginx's page, which Kong leaves as it is for what it refuses without a word. */
export function page(status: number): PageAnswer {
  const title = `${status} ${STATUS_CODES[status] ?? ''}`
  const body =
    `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n` +
    `<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`
  return { status, headers: { 'Content-Type': 'text/html; charset=UTF-8' }, body }
}

export const NOT_FOUND = message(404, 'Not found')
export const METHOD_NOT_ALLOWED = message(405, 'Method not allowed')
export const UNEXPECTED = message(500, 'An unexpected error occurred')
