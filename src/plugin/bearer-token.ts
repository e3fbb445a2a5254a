// Where a bearer token may stand in a request (RFC 6750, 2), and how it is taken out of there.
import { MAX_FIELDS_BYTES, bodyKind, readFields, withoutField } from './body-fields.js'
import type { AccessContext, ClientRequest, UpstreamRequest } from './contract.js'

export interface BearerSources {
  /** Headers that hold nothing but the token, beside Authorization, in lower case. */
  readonly plainHeaders: readonly string[]
  readonly inHeader: boolean
  readonly inQuery: boolean
  readonly inBody: boolean
}

/** Of the query argument and of the field of a body. */
const ARGUMENT = 'access_token'

/** The first token outside the body; undefined for none. HOT PATH */
export function findBearerToken(
  { headers, query }: ClientRequest,
  { inHeader, inQuery, plainHeaders }: BearerSources,
): string | undefined {
  if (inHeader) {
    const token = bearerOf(headers.get('authorization'))
    if (token !== '') return token
    for (const name of plainHeaders) {
      const value = headers.get(name)
      if (value !== undefined && value !== '') return bearerOf(value) || value
    }
  }
  if (!inQuery || query.text === '') return undefined
  const value = query.get(ARGUMENT)
  return typeof value === 'string' && value !== '' ? value : undefined
}

const SCHEME = 'bearer '

/** Empty for another scheme. The name of a scheme has no case (RFC 9110, 11.1). */
function bearerOf(value: string | undefined): string {
  if (value === undefined || value.length <= SCHEME.length) return ''
  return value.slice(0, SCHEME.length).toLowerCase() === SCHEME
    ? value.slice(SCHEME.length).trim()
    : ''
}

/** Whether the body may hold a token: a form or JSON that is not too long to be read for its fields. */
export function mayHaveBodyToken({ headers, bodyLength }: ClientRequest): boolean {
  if (bodyLength === 0 || bodyLength > MAX_FIELDS_BYTES) return false
  return bodyKind(headers.get('content-type')) !== null
}

/** The token in the body; undefined for none. @param hide takes it out of what the target gets */
export async function readBodyToken(
  { request, upstream }: AccessContext,
  hide: boolean,
): Promise<string | undefined> {
  const type = request.headers.get('content-type')
  const body = await request.readBody(MAX_FIELDS_BYTES)
  const token = readFields(type, body)?.get(ARGUMENT)
  if (typeof token !== 'string' || token === '') return undefined
  if (hide) upstream.setBody(withoutField(type, body, ARGUMENT))
  return token
}

/** Takes tokens out of headers and query, whichever of them counted: the target gets none. */
export function hideBearerTokens(
  { headers, query }: UpstreamRequest,
  { inHeader, inQuery, plainHeaders }: BearerSources,
): void {
  if (inHeader) {
    const lines = headers.getAll('authorization')
    if (lines.some((line) => bearerOf(line) !== '')) headers.remove('authorization')
    for (const name of plainHeaders) headers.remove(name)
  }
  if (inQuery && query.get(ARGUMENT) !== undefined) query.remove(ARGUMENT)
}
