// Reads what the target gets, and takes nothing but the plainest HTTP/1.1: every message that could be read in two ways
// throws. Shares no code with the gateway, whose mistakes it would repeat.

export interface StrictRequest {
  readonly method: string
  readonly path: string
  /** Names in lower case. */
  readonly fields: ReadonlyMap<string, readonly string[]>
  /** Decoded, one character per byte. */
  readonly body: string
}

const REQUEST_LINE = /^([A-Z_-]+) (\/[!-~]*(?:\?[!-~\x80-\xff]*)?) HTTP\/1\.1$/
// The delete character is the one control character that uWebSockets.js lets pass (RFC 9110, 5.5: a recipient may).
const FIELD = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+): ?([!-\xff](?:[\t -\xff]*[!-\xff])?)?$/
const LENGTH = /^(?:0|[1-9][0-9]{0,8})$/
const SIZE = /^(?:0|[1-9a-f][0-9a-f]{0,7})$/
/** Once at most: targets choose differently among several. */
const SINGLE = ['host', 'content-length', 'transfer-encoding', 'connection']

export class StrictReader {
  #bytes = ''

  /** One character per byte. */
  push(bytes: string): void {
    this.#bytes += bytes
  }

  /** What belongs to no whole request yet. */
  get rest(): string {
    return this.#bytes
  }

  /**
   * The next whole request, or null.
   * @throws when what has come cannot become a plain request any more
   */
  next(): StrictRequest | null {
    const end = this.#bytes.indexOf('\r\n\r\n')
    if (end < 0) return null
    const [line = '', ...lines] = this.#bytes.slice(0, end).split('\r\n')
    const [, method = '', path = ''] = must(REQUEST_LINE, line)
    const fields = readFields(lines)
    const found = readBody(fields, this.#bytes, end + 4)
    if (found === null) return null
    this.#bytes = this.#bytes.slice(found.end)
    return { method, path, fields, body: found.body }
  }
}

function readFields(lines: readonly string[]): Map<string, string[]> {
  const fields = new Map<string, string[]>()
  for (const line of lines) {
    const [, name = '', value = ''] = must(FIELD, line)
    const key = name.toLowerCase()
    fields.set(key, [...(fields.get(key) ?? []), value])
  }
  for (const name of SINGLE) {
    if ((fields.get(name)?.length ?? 0) > 1) throw new Error(`several lines of ${name}`)
  }
  if (!fields.has('host')) throw new Error('no Host')
  if (fields.has('content-length') && fields.has('transfer-encoding')) {
    throw new Error('framed in two ways')
  }
  return fields
}

interface Found {
  readonly body: string
  readonly end: number
}

function readBody(
  fields: ReadonlyMap<string, readonly string[]>,
  bytes: string,
  from: number,
): Found | null {
  const coding = fields.get('transfer-encoding')?.[0]
  if (coding !== undefined) {
    must(/^chunked$/, coding)
    return readChunks(bytes, from)
  }
  const length = Number(must(LENGTH, fields.get('content-length')?.[0] ?? '0')[0])
  const end = from + length
  return bytes.length < end ? null : { body: bytes.slice(from, end), end }
}

function readChunks(bytes: string, from: number): Found | null {
  let body = ''
  for (let at = from; ;) {
    const lineEnd = bytes.indexOf('\n', at)
    if (lineEnd < 0) return null
    const line = bytes.slice(at, lineEnd)
    if (!line.endsWith('\r')) throw new Error('a line of a chunk size ends in a bare line feed')
    const size = Number.parseInt(must(SIZE, line.slice(0, -1))[0], 16)
    const end = lineEnd + 1 + size
    if (bytes.length < end + 2) return null
    if (bytes.slice(end, end + 2) !== '\r\n') throw new Error('a chunk does not end in CRLF')
    at = end + 2
    if (size === 0) return { body, end: at }
    body += bytes.slice(lineEnd + 1, end)
  }
}

function must(pattern: RegExp, text: string): RegExpExecArray {
  const match = pattern.exec(text)
  if (match === null) throw new Error(`${JSON.stringify(text)} does not match ${pattern.source}`)
  return match
}
