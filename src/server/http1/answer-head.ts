// The head of an answer as text: status line, the pipeline's fields, Date and what frames the body.
import { byteText, startLine } from '../response-text.js'

export const CLOSE = 'Connection: close\r\n'
/** HTTP/1.0 closes unless this is said. */
export const KEEP_ALIVE = 'Connection: keep-alive\r\n'
export const CHUNKED = 'Transfer-Encoding: chunked\r\n'
export const SWITCH = 'Connection: upgrade\r\nUpgrade: websocket\r\n'

let second = 0
let dateLine = ''

// HOT PATH
export function answerHead(status: number, fields: string): string {
  const now = Math.trunc(Date.now() / 1000)
  if (now !== second) {
    second = now
    dateLine = `Date: ${new Date(now * 1000).toUTCString()}\r\n`
  }
  return startLine(status) + byteText(fields) + dateLine
}
