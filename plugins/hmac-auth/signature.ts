// What a client says about its signature, and the text that it has signed (draft-cavage-http-signatures, as Kong has it).
import { type ClientRequest } from 'gw/plugin'

export interface Signature {
  readonly username: string
  readonly algorithm: string
  /** Names of what is signed, in order and as the client wrote them. */
  readonly signed: readonly string[]
  /** Base64. */
  readonly value: string
}

// Kong lets a value hold quotes as well. Then what belongs to which value would depend on who reads it, and finding out
// could take as long as the client likes.
const FIELDS =
  /[Hh]mac[ \t]*username="([^"]+)",[ \t]*algorithm="([^"]+)",[ \t]*headers="([^"]+)",[ \t]*signature="([^"]+)"/

/** Null for what is no signature. */
export function parseSignature(header: string | undefined): Signature | null {
  const found = header === undefined ? null : FIELDS.exec(header)
  if (found === null) return null
  const [, username = '', algorithm = '', signed = '', value = ''] = found
  return { username, algorithm, signed: signed.split(' '), value }
}

/**
 * The text that the signature is of. Null when a header of it comes twice, as the target might take the other, or is named
 * twice: a long header that is named a thousand times would be a lot to hash.
 */
export function signedText(request: ClientRequest, names: readonly string[]): string | null {
  if (new Set(names.map((name) => name.toLowerCase())).size < names.length) return null
  const lines: string[] = []
  for (const name of names) {
    const line = signedLine(request, name)
    if (line === null) return null
    lines.push(line)
  }
  return lines.join('\n')
}

function signedLine(request: ClientRequest, name: string): string | null {
  const values = request.headers.getAll(name)
  if (values.length > 1) return null
  const [value] = values
  if (value !== undefined) return `${name}: ${value}`
  const { method, target, httpVersion } = request
  switch (name) {
    case '@request-target':
      return `${name}: ${method.toLowerCase()} ${target}`
    case 'request-line':
      return `${method} ${target} HTTP/${httpVersion}`
    default:
      return `${name}:`
  }
}
