// The head of an answer. A target's stays the text it came as until a plugin asks for its headers.
import { HeaderList } from '../util/header-list.js'

/**
 * What in a head's text the gateway has a hand in; a bit mask, so that the common case is one comparison. From
 * `other` on, the gateway's own lines cannot simply be put behind the text.
 */
export const OVERLAP = {
  none: 0,
  server: 1,
  /** Content-Type: text/... or application/..., to which a charset may have to be added. */
  type: 2,
  /** Via, or a name that begins with `X-Kong-`. */
  other: 4,
  unknown: 8,
} as const

// Names that the gateway sets or drops itself; X-Kong-* besides.
const OWN_NAMES: ReadonlySet<string> = new Set([
  'server',
  'via',
  'content-type',
  'content-length',
  'transfer-encoding',
  'date',
])

/** Response headers as plugins set them: text beyond ASCII goes out as UTF-8, one character per byte from here on. */
export class ResponseHeaders extends HeaderList {
  protected override encode(value: string): string {
    return Buffer.from(value, 'utf8').toString('latin1')
  }

  /** Puts the lines of another list over those of the same names here. */
  override(others: ResponseHeaders): void {
    for (const name of others.names) this.remove(name)
    this.names.push(...others.names)
    this.values.push(...others.values)
  }
}

/**
 * Lines that stood in the headers of an earlier answer: their values are bytes already.
 * @throws TypeError for lines that cannot have stood there
 */
export function keptLines(
  lines: readonly (readonly [name: string, value: string])[],
): ResponseHeaders {
  const list = new KeptHeaders()
  for (const [name, value] of lines) list.add(name, value)
  return list
}

class KeptHeaders extends ResponseHeaders {
  protected override encode(value: string): string {
    // What is no byte would become one on its way out, and maybe a line break.
    if (/[^\0-\xff]/.test(value)) throw new TypeError('a header that was kept is no text of bytes')
    return value
  }
}

export class ResponseHead {
  status: number
  #overlap: number
  #fields: string
  #headers: ResponseHeaders | null = null

  /**
   * @param fields the end-to-end header lines, each ended by CRLF, one character per byte; without framing
   *   (Content-Length, Transfer-Encoding), hop-by-hop fields (RFC 9110, 7.6.1) and Date
   * @param overlap bits of OVERLAP
   */
  constructor(status: number, fields: string, overlap: number = OVERLAP.unknown) {
    this.status = status
    this.#fields = fields
    this.#overlap = overlap
  }

  /** Bits of OVERLAP; `unknown` once the headers are a list. */
  get overlap(): number {
    return this.#headers === null ? this.#overlap : OVERLAP.unknown
  }

  /** The same lines as a list; from the first call on, the list is the truth. */
  get headers(): ResponseHeaders {
    return (this.#headers ??= parseFields(this.#fields))
  }

  /**
   * Puts the lines of another head over those of the same names. The text stays text when it has none of those names:
   * the usual case, and half the cost of a list (HOT PATH).
   */
  override(other: ResponseHead): void {
    const { headers } = other
    if (this.#headers === null && !this.#mayHave(headers.names)) this.#fields += other.fields
    else this.headers.override(headers)
  }

  /** Whether one of the names may stand in the text, or is one that the gateway has a hand in. */
  #mayHave(names: readonly string[]): boolean {
    const text = this.#fields.toLowerCase()
    for (const name of names) {
      const lower = name.toLowerCase()
      if (text.includes(lower) || OWN_NAMES.has(lower) || lower.startsWith('x-kong-')) return true
    }
    return false
  }

  /** The lines as text, each ended by CRLF. */
  get fields(): string {
    return this.#headers === null ? this.#fields : formatFields(this.#headers)
  }
}

/** @param fields `Name: value` lines, each ended by CRLF */
function parseFields(fields: string): ResponseHeaders {
  const list = new ResponseHeaders()
  let start = 0
  for (let end = fields.indexOf('\r\n'); end >= 0; end = fields.indexOf('\r\n', start)) {
    const colon = fields.indexOf(':', start)
    list.names.push(fields.slice(start, colon))
    // Not trim(): U+00A0 is a byte of some other character here.
    list.values.push(fields.slice(colon + 1, end).replace(/^[\t ]+|[\t ]+$/g, ''))
    start = end + 2
  }
  return list
}

/** The lines of a list as text, each ended by CRLF. */
function formatFields({ names, values }: HeaderList): string {
  let out = ''
  for (let i = 0; i < names.length; i++) out += `${names[i] ?? ''}: ${values[i] ?? ''}\r\n`
  return out
}
