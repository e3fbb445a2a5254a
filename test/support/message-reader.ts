// Cuts a byte stream into HTTP/1.1 messages and keeps every header line as it came. Strict: what is malformed throws,
// so that a test never takes nonsense for an answer.

export interface HttpMessage {
  /** Request line or status line. */
  readonly startLine: string
  /** Lines in order, names as sent. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** Without chunk framing. */
  readonly body: Buffer
}

/** The first value of that header, or undefined. */
export function header(message: HttpMessage, name: string): string | undefined {
  return message.headers.find(([one]) => one.toLowerCase() === name.toLowerCase())?.[1]
}

interface Head {
  readonly startLine: string
  readonly headers: (readonly [string, string])[]
}

export class MessageReader {
  #data: Buffer = Buffer.alloc(0)
  readonly #hasBody: (startLine: string) => boolean
  readonly #readsResponses: boolean

  /**
   * @param kind requests without framing have no body; responses without framing end with the connection
   * @param hasBody false for the answer to a HEAD
   */
  constructor(
    kind: 'requests' | 'responses',
    hasBody: (startLine: string) => boolean = () => true,
  ) {
    this.#readsResponses = kind === 'responses'
    this.#hasBody = hasBody
  }

  push(chunk: Buffer): void {
    this.#data = this.#data.length === 0 ? chunk : Buffer.concat([this.#data, chunk])
  }

  /** Bytes that belong to no complete message yet. */
  get rest(): Buffer {
    return this.#data
  }

  /**
   * The next complete message, or null.
   * @param ended no more bytes will come: this completes a response without framing
   */
  next(ended = false): HttpMessage | null {
    const end = this.#data.indexOf('\r\n\r\n')
    if (end < 0) return null
    const head = parseHead(this.#data.toString('latin1', 0, end))
    const after = this.#data.subarray(end + 4)
    const found = this.#readBody(head, after, ended)
    if (found === null) return null
    this.#data = after.subarray(found.used)
    return { ...head, body: found.body }
  }

  #readBody(head: Head, data: Buffer, ended: boolean): { body: Buffer; used: number } | null {
    const value = (name: string): string | undefined => header({ ...head, body: data }, name)
    if (this.#readsResponses && !mayHaveBody(head.startLine))
      return { body: Buffer.alloc(0), used: 0 }
    if (!this.#hasBody(head.startLine)) return { body: Buffer.alloc(0), used: 0 }
    if (value('transfer-encoding') !== undefined) return unchunk(data)
    const length = value('content-length')
    if (length !== undefined) {
      if (!/^\d+$/.test(length)) throw new Error(`Content-Length: ${length}`)
      const size = Number(length)
      return data.length < size ? null : { body: data.subarray(0, size), used: size }
    }
    if (!this.#readsResponses) return { body: Buffer.alloc(0), used: 0 }
    return ended ? { body: data, used: data.length } : null
  }
}

function mayHaveBody(statusLine: string): boolean {
  const status = Number(statusLine.split(' ')[1])
  return status >= 200 && status !== 204 && status !== 304
}

function parseHead(text: string): Head {
  const [startLine = '', ...lines] = text.split('\r\n')
  const headers = lines.map((line): readonly [string, string] => {
    const colon = line.indexOf(':')
    if (colon < 1) throw new Error(`not a header line: ${JSON.stringify(line)}`)
    return [line.slice(0, colon), line.slice(colon + 1).trim()]
  })
  return { startLine, headers }
}

function unchunk(data: Buffer): { body: Buffer; used: number } | null {
  const pieces: Buffer[] = []
  for (let at = 0; ;) {
    const lineEnd = data.indexOf('\r\n', at)
    if (lineEnd < 0) return null
    const line = data.toString('latin1', at, lineEnd)
    if (!/^[0-9a-f]+$/i.test(line)) throw new Error(`not a chunk size: ${JSON.stringify(line)}`)
    const size = Number.parseInt(line, 16)
    const start = lineEnd + 2
    if (data.length < start + size + 2) return null
    if (data.toString('latin1', start + size, start + size + 2) !== '\r\n') {
      throw new Error('a chunk is not followed by a line end')
    }
    at = start + size + 2
    if (size === 0) return { body: Buffer.concat(pieces), used: at }
    pieces.push(data.subarray(start, start + size))
  }
}
