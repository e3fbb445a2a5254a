// What consistent hashing tells requests apart by (kong/runloop/balancer/init.lua, get_value_to_hash).
import { randomUUID } from 'node:crypto'
import type { Upstream } from '../model/entities.js'
import type { RequestContext } from '../plugin/contract.js'

/** A request's key, and the cookie that the client has to be given for it; null for none. */
export interface HashKey {
  readonly value: string
  readonly cookie: HashCookie | null
}

export interface HashCookie {
  readonly name: string
  /** As it stands in Set-Cookie. */
  readonly line: string
}

/** Null for an input that a request does not have. */
type Input = (request: RequestContext) => HashKey | null

/** Kong: requests of which nothing is known all go to one target. */
const NOTHING: HashKey = { value: '', cookie: null }

/** Null for an upstream that does not hash. */
export function hashKeyOf(upstream: Upstream): ((request: RequestContext) => HashKey) | null {
  if (upstream.algorithm !== 'consistent-hashing') return null
  const { hash_on, hash_fallback } = upstream
  const first = inputOf(hash_on, upstream, {
    header: upstream.hash_on_header,
    query: upstream.hash_on_query_arg,
    capture: upstream.hash_on_uri_capture,
  })
  const second = inputOf(hash_fallback, upstream, {
    header: upstream.hash_fallback_header,
    query: upstream.hash_fallback_query_arg,
    capture: upstream.hash_fallback_uri_capture,
  })
  return (request) => first(request) ?? second(request) ?? NOTHING
}

interface Names {
  readonly header: string | null
  readonly query: string | null
  readonly capture: string | null
}

function inputOf(kind: Upstream['hash_on'], upstream: Upstream, names: Names): Input {
  switch (kind) {
    case 'none':
      return () => null
    case 'consumer':
      return ({ consumer, credential }) => keyFrom(consumer?.id ?? credential?.id)
    case 'ip':
      return ({ request }) => keyFrom(request.clientIp)
    case 'header':
      return ({ request }) => keyFrom(headerOf(request, names.header ?? ''))
    case 'cookie':
      return ({ request }) => cookieKey(request, upstream)
    case 'path':
      return ({ request }) => keyFrom(decodedPath(request.path))
    case 'query_arg':
      return ({ request }) => keyFrom(argumentOf(request, names.query ?? ''))
    case 'uri_capture':
      return ({ request }) => keyFrom(captureOf(request, names.capture ?? ''))
  }
}

type ClientRequest = RequestContext['request']

function keyFrom(value: string | undefined): HashKey | null {
  return value === undefined ? null : { value, cookie: null }
}

function headerOf({ headers }: ClientRequest, name: string): string | undefined {
  return headers.has(name) ? headers.getAll(name).join(', ') : undefined
}

/** nginx decodes the path as a whole; one that does not come to text stays as it is. */
function decodedPath(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

/** Kong: an argument without a value counts as `true`. */
function argumentOf({ query }: ClientRequest, name: string): string | undefined {
  const values = query.getAll(name).map(String)
  return values.length === 0 ? undefined : values.sort().join()
}

function captureOf({ uriCaptures }: ClientRequest, name: string): string | undefined {
  const { named, unnamed } = uriCaptures
  if (Object.hasOwn(named, name)) return named[name]
  return /^\d+$/.test(name) ? unnamed[Number(name)] : undefined
}

function cookieKey({ headers }: ClientRequest, upstream: Upstream): HashKey {
  const { hash_on_cookie: name, hash_on_cookie_path: path } = upstream
  const known = cookieIn(headers.getAll('cookie'), name ?? '')
  if (known !== undefined) return { value: known, cookie: null }
  const value = randomUUID()
  // `Same-Site` is Kong's spelling: browsers do not know it, and go by their default, which is the same.
  const line = `${name ?? ''}=${value}; Path=${path}; Same-Site=Lax; HttpOnly`
  return { value, cookie: { name: name ?? '', line } }
}

/** nginx: the first of that name, whatever the case. */
function cookieIn(lines: readonly string[], name: string): string | undefined {
  const wanted = name.toLowerCase()
  for (const line of lines) {
    for (const pair of line.split(';')) {
      const mark = pair.indexOf('=')
      if (mark >= 0 && pair.slice(0, mark).trim().toLowerCase() === wanted) {
        return pair.slice(mark + 1).trim()
      }
    }
  }
  return undefined
}

/** The values of Set-Cookie with that cookie among them: in place of the target's first of that name, else behind all. */
export function withCookie(values: readonly string[], { name, line }: HashCookie): string[] {
  const at = values.findIndex((value) => value.startsWith(`${name}=`))
  return at < 0 ? [...values, line] : values.with(at, line)
}
