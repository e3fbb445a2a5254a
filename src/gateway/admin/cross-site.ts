// Guards the admin listener against pages in its owner's browser: any of them can send requests to localhost, and read the
// answers where those allow every origin, as Kong's do.
import type { PageRequest } from '../pages/page.js'

const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Whether a browser sends it for a page of another origin, which could read the answer or change something. */
export function isCrossSite({ method, headers }: PageRequest): boolean {
  const { origin, host, 'sec-fetch-site': site } = headers
  // Scripts of other origins, and forms that are posted, name theirs; other clients have none.
  if (origin !== undefined && origin.replace(/^https?:\/\//i, '') !== host) return true
  // A link may lead here from anywhere: the page that has it does not see what it leads to.
  if (SAFE.has(method)) return false
  return site !== undefined && site !== 'same-origin' && site !== 'none'
}
