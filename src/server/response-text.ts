// The text of an answer's head, the same for both engines: status line, no characters that are not bytes.
import { STATUS_CODES } from 'node:http'

// Built once: a look-up per answer instead of two. 426 has no reason phrase in Kong, and unknown codes have none.
const STATUS_LINES: readonly string[] = Array.from({ length: 1000 }, (_, status) =>
  status === 426 ? '426 ' : `${status} ${STATUS_CODES[status] ?? ''}`,
)
const START_LINES = STATUS_LINES.map((line) => `HTTP/1.1 ${line}\r\n`)
const NO_STATUS = '500 Internal Server Error'

/** Status and reason phrase, as in `200 OK`. What is no status at all becomes a 500. */
export function statusLine(status: number): string {
  return (status >= 100 ? STATUS_LINES[status] : undefined) ?? NO_STATUS
}

/** The whole first line of an answer, as in `HTTP/1.1 200 OK` and CRLF. */
export function startLine(status: number): string {
  return (status >= 100 ? START_LINES[status] : undefined) ?? `HTTP/1.1 ${NO_STATUS}\r\n`
}

/** Whether an answer of that status has a body when it does not answer HEAD (RFC 9110, 6.4.1). */
export function mayHaveBody(status: number): boolean {
  return status >= 200 && status !== 204 && status !== 304
}

const BEYOND_BYTES = /[^\0-\xff]/g

/** Whether an answer of that status may carry a Content-Length (RFC 9110, 8.6). */
export function mayAnnounceLength(status: number): boolean {
  return status >= 200 && status !== 204
}

export function lengthField(length: number): string {
  return `Content-Length: ${length}\r\n`
}

/** Bytes of a body as it will be sent. */
export function sizeOf(body: Uint8Array | string): number {
  return typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength
}

/**
 * A head of one character per byte, as it may be written in latin1. A character that is no byte becomes `?`: cut to its
 * low byte, U+010A would be a line feed.
 */
export function byteText(head: string): string {
  return isAscii(head) ? head : head.replace(BEYOND_BYTES, '?')
}

/** The same where text would be sent as UTF-8: the text itself, or its bytes. */
export function headBytes(head: string): string | Buffer {
  return isAscii(head) ? head : Buffer.from(byteText(head), 'latin1')
}

/** HOT PATH: nearly every head is ASCII, whose bytes are as many as its characters; counting takes 20 ns, a pattern 100. */
export function isAscii(text: string): boolean {
  return Buffer.byteLength(text) === text.length
}

/** The whole head as one status line: a call per header line would cost more than all else (DATA-PATH). */
export function headText(status: number, fields: string, added: string): string {
  const lines = added === '' ? fields : fields + added
  return lines === '' ? statusLine(status) : `${statusLine(status)}\r\n${lines.slice(0, -2)}`
}
