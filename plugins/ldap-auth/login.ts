// What a client says of itself in a header, and the name that a directory knows it by.
import { isUtf8 } from 'node:buffer'
import { decodeBase64 } from 'gw/plugin'

export interface Login {
  readonly username: string
  readonly password: string
}

// In a header to the target a control character would be one too many; to servers that read names up to a NUL, the name
// would end there, and the password would be empty: a bind that asks for no password (RFC 4513, 5.1.2).
const NO_NAME = /[\0-\x1f\x7f]/
/** Kong takes no longer header. More would be for servers to refuse, which close the connection then. */
const MAX_HEADER_CHARS = 8_192
const NUL = '\0'

/** The scheme of a header, with blanks before and behind it. */
export function schemePattern(headerType: string): RegExp {
  const literal = headerType.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
  return new RegExp(`^[ \\t]*${literal}[ \\t]+`, 'i')
}

/** Null for what is no user with a password. */
export function readLogin(value: string | undefined, scheme: RegExp): Login | null {
  if (value === undefined || value.length > MAX_HEADER_CHARS) return null
  const found = scheme.exec(value)
  if (found === null) return null
  const bytes = decodeBase64(value.slice(found[0].length))
  if (bytes === null || !isUtf8(bytes)) return null
  const text = bytes.toString('utf8')
  const colon = text.indexOf(':')
  const username = text.slice(0, colon)
  const password = text.slice(colon + 1)
  // Without a password, a server would accept every name.
  const isComplete = colon > 0 && password !== ''
  return isComplete && !NO_NAME.test(username) && !password.includes(NUL)
    ? { username, password }
    : null
}

/** `ATTRIBUTE=user,BASE_DN`. The name cannot end where it stands: what has a meaning in a DN is escaped (RFC 4514, 2.4). */
export function dnOf(username: string, attribute: string, baseDn: string): string {
  const escaped = username.replace(/^[# ]|[\\"+,;<=>]| $/g, '\\$&')
  return `${attribute}=${escaped},${baseDn}`
}
