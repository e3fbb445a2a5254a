// Cuts what a client has received into answers, strictly: whatever is left over belongs to none.
import { MARK } from './target.js'

export interface Answer {
  readonly status: number
  /** Method and path of the request, as the target got it; empty when the gateway answered by itself. */
  readonly mark: string
  readonly announcesClose: boolean
}

export interface Answers {
  readonly list: readonly Answer[]
  /** Bytes behind the last whole answer. */
  readonly rest: string
}

const STATUS_LINE = /^HTTP\/1\.1 (\d{3})(?: [^\r\n]*)?$/

export function readAnswers(received: string): Answers {
  const list: Answer[] = []
  let at = 0
  for (;;) {
    const headEnd = received.indexOf('\r\n\r\n', at)
    if (headEnd < 0) break
    const lines = received.slice(at, headEnd).split('\r\n')
    const status = Number(STATUS_LINE.exec(lines[0] ?? '')?.[1])
    if (Number.isNaN(status)) break
    const mark = field(lines, MARK) ?? ''
    const isSilent = status < 200 || status === 204 || status === 304 || mark.startsWith('HEAD ')
    // The pages of uWebSockets.js itself end with the connection.
    const length = field(lines, 'content-length') ?? (mark === '' ? Infinity : 0)
    const end = headEnd + 4 + (isSilent ? 0 : Number(length))
    if (received.length < end && length !== Infinity) break
    list.push({ status, mark, announcesClose: field(lines, 'connection') === 'close' })
    at = end
  }
  return { list, rest: received.slice(at) }
}

function field(lines: readonly string[], name: string): string | undefined {
  const start = `${name.toLowerCase()}: `
  return lines.find((line) => line.toLowerCase().startsWith(start))?.slice(start.length)
}
