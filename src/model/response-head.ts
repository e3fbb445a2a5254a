// The head of a target's answer. It stays the text it came as until a plugin asks for its headers.
import { HeaderList } from '../util/header-list.js'

/** Response headers as plugins set them: text beyond ASCII goes out as UTF-8, one character per byte from here on. */
export class ResponseHeaders extends HeaderList {
  override set(name: string, value: string | readonly string[]): void {
    super.set(name, typeof value === 'string' ? toBytes(value) : value.map(toBytes))
  }

  override add(name: string, value: string): void {
    super.add(name, toBytes(value))
  }
}

export class ResponseHead {
  status: number
  #fields: string
  #headers: ResponseHeaders | null = null

  /**
   * @param fields the end-to-end header lines, each ended by CRLF, one character per byte; without framing
   *   (Content-Length, Transfer-Encoding), hop-by-hop fields (RFC 9110, 7.6.1) and Date
   */
  constructor(status: number, fields: string) {
    this.status = status
    this.#fields = fields
  }

  /** The same lines as a list; from the first call on, the list is the truth. */
  get headers(): ResponseHeaders {
    return (this.#headers ??= parseFields(this.#fields))
  }

  /** The lines as text, each ended by CRLF. */
  get fields(): string {
    return this.#headers === null ? this.#fields : formatFields(this.#headers)
  }

  /** Adds lines that are known to be well formed and not there yet. */
  append(fields: string): void {
    if (this.#headers === null) this.#fields += fields
    else parseInto(this.#headers, fields)
  }
}

/** @param fields `Name: value` lines, each ended by CRLF */
function parseFields(fields: string): ResponseHeaders {
  const list = new ResponseHeaders()
  parseInto(list, fields)
  return list
}

function parseInto(list: HeaderList, fields: string): void {
  let start = 0
  for (let end = fields.indexOf('\r\n'); end >= 0; end = fields.indexOf('\r\n', start)) {
    const colon = fields.indexOf(':', start)
    list.names.push(fields.slice(start, colon))
    list.values.push(fields.slice(colon + 1, end).trim())
    start = end + 2
  }
}

/** The lines of a list as text, each ended by CRLF. */
export function formatFields(headers: HeaderList): string {
  const { names, values } = headers
  let out = ''
  for (let i = 0; i < names.length; i++) out += `${names[i] ?? ''}: ${values[i] ?? ''}\r\n`
  return out
}

const BEYOND_ASCII = /[^\0-\x7f]/

function toBytes(value: string): string {
  return BEYOND_ASCII.test(value) ? Buffer.from(value, 'utf8').toString('latin1') : value
}
