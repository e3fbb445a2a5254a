// The headers of the plugin in an answer, and those of an answer that are kept with it.
import type { ClientResponse, HeaderLines, Headers, RequestContext } from 'gw/plugin'
import type { Use } from './use.js'

/** What the cache has done for a request. */
export type Status = 'Hit' | 'Stale' | 'Miss' | 'Refresh' | 'Bypass'

/** Of this connection, or of this plugin. */
const NOT_KEPT: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailers',
  'transfer-encoding',
  'upgrade',
  'content-length',
  'x-cache-key',
  'x-cache-status',
])

export function keptHeaders({ status, headers }: ClientResponse): HeaderLines {
  return [...headers.entries()].filter(([name]) => {
    const lower = name.toLowerCase()
    // nginx: an answer without a body that it makes itself has no type.
    if (status === 204 && lower === 'content-type') return false
    return !NOT_KEPT.has(lower) && !lower.includes('ratelimit-remaining')
  })
}

function isShown({ request }: RequestContext, isOn: boolean): boolean {
  return isOn || request.headers.has('kong-debug')
}

export function showKey(ctx: RequestContext, headers: Headers, use: Use, key: string): void {
  if (isShown(ctx, use.shows.key)) headers.set('X-Cache-Key', key)
}

export function showStatus(ctx: RequestContext, headers: Headers, use: Use, status: Status): void {
  if (isShown(ctx, use.shows.status)) headers.set('X-Cache-Status', status)
}

export function showAge(ctx: RequestContext, headers: Headers, use: Use, age: number): void {
  if (isShown(ctx, use.shows.age)) headers.set('Age', String(age))
}
