// The path that the target sees: the service's path joined with what strip_path leaves of the request's.
import type { PathHandling, RouteMatch } from './contract.js'

/**
 * @param match the prefix that `strip_path` removes comes from here
 * @param path the request's path, normalised
 * @param servicePath null counts as `/`
 * @param handling as the router says for the route
 * @returns text, still to be escaped (see path.ts)
 */
// HOT PATH
export function upstreamPath(
  match: RouteMatch,
  path: string,
  servicePath: string | null,
  handling: PathHandling = 'v0',
): string {
  const base = servicePath ?? '/'
  if (!match.route.strip_path) return handling === 'v0' ? keepV0(base, path) : base + path.slice(1)
  const rest = restOf(match.prefix, path)
  return handling === 'v0' ? stripV0(base, rest, path) : stripV1(base, rest)
}

function keepV0(base: string, path: string): string {
  if (base.endsWith('/')) return base + path.slice(1)
  return path === '/' ? base : base + path
}

function stripV0(base: string, rest: string, path: string): string {
  const endsWithSlash = base.endsWith('/')
  if (rest === '') {
    if (!endsWithSlash) return path.length > 1 && path.endsWith('/') ? `${base}/` : base
    return base === '/' || path.endsWith('/') ? base : base.slice(0, -1)
  }
  if (endsWithSlash) return rest.startsWith('/') ? base + rest.slice(1) : base + rest
  return rest.startsWith('/') ? base + rest : `${base}/${rest}`
}

function stripV1(base: string, rest: string): string {
  return base.endsWith('/') && rest.startsWith('/') ? base + rest.slice(1) : base + rest
}

/**
 * What follows the prefix. Cutting a prefix such as `/route` off `/route../x` would leave a dot segment in front,
 * and so a way out of the service's path: it is dropped.
 */
function restOf(prefix: string, path: string): string {
  // A route without paths strips the slash alone.
  const rest = path.slice(prefix === '' ? 1 : prefix.length)
  if (rest === '.' || rest === '..') return ''
  if (rest.startsWith('./')) return rest.slice(2)
  return rest.startsWith('../') ? rest.slice(3) : rest
}
