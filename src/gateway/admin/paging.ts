// Lists in pages, and those of their entries that carry certain tags.
import { message, json, PageRefusal, type PageAnswer, type PageRequest } from '../pages/page.js'

const DEFAULT_SIZE = 100
const MAX_SIZE = 1000

/** One page of entries that are in the order of their keys. `show` is asked for those on the page alone. */
export function pageOf<T>(
  { path, query }: PageRequest,
  entries: readonly T[],
  keyOf: (entry: T) => string,
  show: (entry: T) => unknown,
): PageAnswer {
  const size = sizeOf(query.get('size'))
  const offset = query.get('offset')
  // A key, not a number: entries may come and go between two pages.
  const from = offset === null ? '' : Buffer.from(offset, 'base64url').toString('utf8')
  const start = entries.findIndex((entry) => keyOf(entry) >= from)
  const data = start < 0 ? [] : entries.slice(start, start + size)
  const following = start < 0 ? undefined : entries[start + size]
  if (following === undefined) return json(200, { data: data.map(show), next: null })
  const next = Buffer.from(keyOf(following)).toString('base64url')
  return json(200, { data: data.map(show), offset: next, next: nextPage(path, query, next) })
}

/** One page of entries that have no keys in order: from one number to the next. What `json` is to be made of. */
export function numberedPage<T>(
  { path, query }: PageRequest,
  entries: readonly T[],
  show: (entry: T) => unknown,
): Readonly<Record<string, unknown>> {
  const size = sizeOf(query.get('size'))
  const offset = query.get('offset') ?? ''
  const start = /^\d{1,9}$/.test(offset) ? Number(offset) : 0
  const end = start + size
  const data = entries.slice(start, end).map(show)
  if (end >= entries.length) return { data, next: null }
  return { data, offset: String(end), next: nextPage(path, query, String(end)) }
}

function nextPage(path: readonly string[], query: URLSearchParams, offset: string): string {
  const parameters = new URLSearchParams(query)
  parameters.set('offset', offset)
  return `/${path.map(encodeURIComponent).join('/')}?${parameters.toString()}`
}

function sizeOf(text: string | null): number {
  const size = text === null ? DEFAULT_SIZE : Number(text)
  if (Number.isInteger(size) && size >= 1 && size <= MAX_SIZE) return size
  const fault = `size must be an integer between 1 and ${MAX_SIZE}`
  throw new PageRefusal(json(400, { code: 9, name: 'invalid size', message: fault }))
}

/**
 * Whether an entity is asked for: `a,b` wants both tags, `a/b` one of them. Kong 3.9 fails with 500 here when it has no
 * database.
 * @throws PageRefusal for a mixture of both
 */
export function tagFilter(text: string | null): (tags: unknown) => boolean {
  if (text === null) return () => true
  if (text === '' || (text.includes(',') && text.includes('/'))) {
    throw new PageRefusal(
      message(400, "invalid option (tags: invalid filter syntax: 'a,b' for both, 'a/b' for one)"),
    )
  }
  const isAny = text.includes('/')
  const wanted = text.split(isAny ? '/' : ',')
  return (tags) => {
    if (!Array.isArray(tags)) return false
    return isAny
      ? wanted.some((tag) => tags.includes(tag))
      : wanted.every((tag) => tags.includes(tag))
  }
}
