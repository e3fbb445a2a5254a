// One cookie: found in a request, written for an answer. A long value goes into several, as browsers keep 4 KB of each.
import { ConfigFault } from 'gw/plugin'

const MOST_CHARS = 4000
/** With a digit for their number in front. What does not fit is given up: no target wants to see 36 KB of cookies. */
const MOST_PIECES = 9

const EXPIRED = '; Expires=Thu, 01 Jan 1970 00:00:01 GMT; Max-Age=0'

// RFC 6265, 4.1.1: a name is a token; an attribute is any text without control characters and semicolons.
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
const ATTRIBUTE = /^[\x20-\x3a\x3c-\x7e]*$/

export interface CookieConfig {
  readonly cookie_path: string
  readonly cookie_domain?: string | undefined
  readonly cookie_same_site: 'Strict' | 'Lax' | 'None' | 'Default'
  readonly cookie_secure: boolean
  readonly cookie_http_only: boolean
}

/** What follows the value of each cookie. Throws ConfigFault for what would break the line. */
export function attributesOf(config: CookieConfig): string {
  const { cookie_path: path, cookie_domain: domain, cookie_same_site: sameSite } = config
  checkAttribute('cookie_path', path)
  let text = `; Path=${path}`
  // Kong: browsers do not take localhost for a domain.
  if (domain !== undefined && domain !== 'localhost') {
    checkAttribute('cookie_domain', domain)
    text += `; Domain=${domain}`
  }
  if (sameSite !== 'Default') text += `; SameSite=${sameSite}`
  // Browsers refuse None without Secure; Kong adds it, too.
  if (config.cookie_secure || sameSite === 'None') text += '; Secure'
  if (config.cookie_http_only) text += '; HttpOnly'
  return text
}

function checkAttribute(field: string, value: string): void {
  if (!ATTRIBUTE.test(value)) {
    throw new ConfigFault(
      field,
      'must not hold semicolons, control characters or letters beyond ASCII',
    )
  }
}

export class Cookie {
  readonly name: string
  readonly #attributes: string

  /** @param field where the name stands in the configuration */
  constructor(field: string, name: string, attributes: string) {
    if (!NAME.test(name)) throw new ConfigFault(field, 'is no name for a cookie')
    this.name = name
    this.#attributes = attributes
  }

  /**
   * The value, put together of its pieces; null when there is none, or one of them is missing. HOT PATH
   * @param cookies the header of the request
   */
  read(cookies: string): string | null {
    const first = valueOf(cookies, this.name)
    if (first === null) return null
    const count = first.charCodeAt(0) - 48
    if (!(count >= 1 && count <= MOST_PIECES)) return null
    let value = first.slice(1)
    for (let i = 2; i <= count; i++) {
      const piece = valueOf(cookies, this.name + String(i))
      if (piece === null) return null
      value += piece
    }
    return value
  }

  /**
   * Lines of Set-Cookie; null when the value is too long.
   * @param lifetime `; Expires=...; Max-Age=...`, or empty for as long as the browser runs
   */
  write(value: string, lifetime: string): readonly string[] | null {
    const count = Math.ceil(value.length / MOST_CHARS)
    if (count > MOST_PIECES) return null
    return Array.from({ length: count }, (_, i) => {
      const piece = value.slice(i * MOST_CHARS, (i + 1) * MOST_CHARS)
      return i === 0
        ? `${this.name}=${count}${piece}${this.#attributes}${lifetime}`
        : `${this.name}${i + 1}=${piece}${this.#attributes}${lifetime}`
    })
  }

  /** Lines of Set-Cookie that take away all pieces that the request has. */
  clear(cookies: string): readonly string[] {
    const lines = [`${this.name}=${this.#attributes}${EXPIRED}`]
    for (let i = 2; i <= MOST_PIECES; i++) {
      const name = this.name + String(i)
      if (valueOf(cookies, name) !== null) lines.push(`${name}=${this.#attributes}${EXPIRED}`)
    }
    return lines
  }
}

/** The first of that name, as nginx. */
function valueOf(cookies: string, name: string): string | null {
  const wanted = `${name}=`
  for (let at = cookies.indexOf(wanted); at >= 0; at = cookies.indexOf(wanted, at + 1)) {
    if (!isStart(cookies, at)) continue
    const end = cookies.indexOf(';', at)
    return cookies.slice(at + wanted.length, end < 0 ? undefined : end).trim()
  }
  return null
}

function isStart(cookies: string, at: number): boolean {
  let before = at - 1
  while (cookies.charAt(before) === ' ') before--
  return before < 0 || cookies.charAt(before) === ';'
}
