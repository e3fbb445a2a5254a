// Guards the admin listener against pages in its owner's browser: any of them can send a form or a script's request to
// localhost. Kong takes those.
import type { PageRequest } from '../pages/page.js'

const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Whether a browser sends it for a page of another origin, and it may change something. */
export function isCrossSite({ method, headers }: PageRequest): boolean {
  if (SAFE.has(method)) return false
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site !== 'same-origin' && site !== 'none'
  const { origin, host } = headers
  // Browsers name the origin of every such request; other clients have none.
  return origin !== undefined && origin.replace(/^https?:\/\//i, '') !== host
}
