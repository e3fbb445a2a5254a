// Asks a server whether a token is good, and what it stands for (RFC 7662).
import type { Members } from '../util/json-web-token.js'
import { fetchJson, type Fetch, type OutboundRequest } from './outbound-http.js'

/** An answer speaks of one token. */
const MAX_ANSWER_BYTES = 64 * 1024

export interface Introspection extends Pick<OutboundRequest, 'timeoutMs' | 'verify' | 'idleMs'> {
  readonly headers: Readonly<Record<string, string>>
  /** Fields beside the token. */
  readonly fields: readonly (readonly [name: string, value: string])[]
  /** The name that the token is sent under. */
  readonly tokenField: string
}

/**
 * What the server says of the token, whether it is active or not.
 * @throws OutboundError for an answer that is none: other than 200, or no JSON object
 */
export function introspect(
  fetch: Fetch,
  url: URL,
  token: string,
  { headers, fields, tokenField, ...connection }: Introspection,
): Promise<Members> {
  const form = new URLSearchParams([[tokenField, token]])
  for (const [name, value] of fields) form.append(name, value)
  return fetchJson(fetch, {
    ...connection,
    method: 'POST',
    url,
    headers: {
      Accept: 'application/json',
      ...headers,
      'Content-Type': 'application/x-www-form-urlencoded',
    },
    body: form.toString(),
    maxBytes: MAX_ANSWER_BYTES,
  })
}
