// The table of the pages of a listener: which handler answers a path and a method.
import type { Awaitable } from '../../plugin/contract.js'
import { empty, METHOD_NOT_ALLOWED, NOT_FOUND, type PageAnswer, type PageRequest } from './page.js'

export type PageMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** @param params what stands at the `{...}` of the path, in order */
export type PageHandler = (request: PageRequest, params: readonly string[]) => Awaitable<PageAnswer>

export interface PageEntry {
  /** As in `/services/{services}/routes`. Of two that fit, the first in the table answers. */
  readonly path: string
  readonly methods: Readonly<Partial<Record<PageMethod, PageHandler>>>
}

export interface PageTable {
  answer(request: PageRequest): Awaitable<PageAnswer>
}

export interface PageTableOptions {
  /** Whether a 405 names the methods that there are (RFC 9110, 15.5.6); Kong's Admin API leaves them out. */
  readonly namesMethods: boolean
  /** What the answer to OPTIONS carries, besides the methods. */
  readonly optionsHeaders: (methods: string) => Readonly<Record<string, string>>
}

interface Compiled extends PageEntry {
  /** Null where anything may stand. */
  readonly steps: readonly (string | null)[]
}

export function createPageTable(
  entries: readonly PageEntry[],
  { namesMethods, optionsHeaders }: PageTableOptions,
): PageTable {
  const byLength = new Map<number, Compiled[]>()
  for (const entry of entries) {
    const steps = stepsOf(entry.path)
    const list = byLength.get(steps.length) ?? []
    byLength.set(steps.length, [...list, { ...entry, steps }])
  }
  return {
    answer(request) {
      if (request.method === 'OPTIONS' && request.path.join('/') === '*') {
        return empty(204, optionsHeaders('GET, HEAD, OPTIONS'))
      }
      const found = byLength
        .get(request.path.length)
        ?.find(({ steps }) => fits(steps, request.path))
      if (found === undefined) return NOT_FOUND
      const { methods, steps } = found
      const { method } = request
      if (method === 'OPTIONS') return empty(204, optionsHeaders(listOf(methods)))
      // HEAD is GET; whoever sends the answer leaves its body out.
      const handler = methods[(method === 'HEAD' ? 'GET' : method) as PageMethod]
      if (handler !== undefined) {
        return handler(
          request,
          request.path.filter((_, index) => steps[index] === null),
        )
      }
      if (!namesMethods) return METHOD_NOT_ALLOWED
      const allow = { ...METHOD_NOT_ALLOWED.headers, Allow: listOf(methods) }
      return { ...METHOD_NOT_ALLOWED, headers: allow }
    },
  }
}

function stepsOf(path: string): (string | null)[] {
  return path
    .split('/')
    .slice(1)
    .filter(Boolean)
    .map((step) => (step.startsWith('{') ? null : step))
}

function fits(steps: readonly (string | null)[], path: readonly string[]): boolean {
  return steps.every((step, index) => step === null || step === path[index])
}

/** In Kong's order. */
function listOf(methods: PageEntry['methods']): string {
  const names = new Set<string>([...Object.keys(methods), 'OPTIONS'])
  if (names.has('GET')) names.add('HEAD')
  return [...names].sort().join(', ')
}
