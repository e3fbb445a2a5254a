// The words that the tables of cases are written in: requests as text, one character per byte.
import { PLACE, type Reached } from './outcome.js'

/** The path of the request that a case is about. */
export const A = `/${PLACE}/a`

/** A request of which the target must never hear, unless as the body of another. */
export const SMUGGLED = `GET /${PLACE}/smuggled HTTP/1.1\r\nHost: a\r\n\r\n`

/** A request that is to be served behind another. */
export const NEXT = `GET /${PLACE}/next HTTP/1.1\r\nHost: a\r\n\r\n`

/** A head of exactly these lines. */
export function head(...lines: readonly string[]): string {
  return `${lines.join('\r\n')}\r\n\r\n`
}

/** A request with a Host, and with more lines. */
export function request(line: string, ...lines: readonly string[]): string {
  return head(line, 'Host: a', ...lines)
}

export function get(path = A, ...lines: readonly string[]): string {
  return request(`GET ${path} HTTP/1.1`, ...lines)
}

/** The head of a POST to `A`. */
export function post(...lines: readonly string[]): string {
  return request(`POST ${A} HTTP/1.1`, ...lines)
}

/** The head of a chunked POST to `A`, and what follows it. */
export function chunked(body: string, ...lines: readonly string[]): string {
  return post('Transfer-Encoding: chunked', ...lines) + body
}

/** One well-formed chunk. */
export function chunk(data: string): string {
  return `${data.length.toString(16)}\r\n${data}\r\n`
}

export const LAST = '0\r\n\r\n'

/** How the target gets `NEXT`, and what the others make. */
export const gotNext: Reached = { method: 'GET', path: `/${PLACE}/next`, body: '' }

/** `SMUGGLED`, where an engine has a request of its own in it, because it has served the one before. */
export const gotSmuggled: Reached = { method: 'GET', path: `/${PLACE}/smuggled`, body: '' }

export function gotGet(path = A, fields?: Reached['fields']): Reached {
  return { method: 'GET', path, body: '', ...(fields && { fields }) }
}

export function gotPost(body: string, path = A, fields?: Reached['fields']): Reached {
  return { method: 'POST', path, body, ...(fields && { fields }) }
}
