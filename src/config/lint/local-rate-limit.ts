// Limits that each gateway counts for itself, in a file that is made for several.
import type { DocumentPath } from '../places.js'
import { formatPath } from '../faults.js'
import type { Finding } from './rule.js'
import type { LintView, Use } from './view.js'

/** Plugins that limit, with the field in which they say where they count. */
const COUNTED_BY: Readonly<Record<string, string>> = {
  'rate-limiting': 'policy',
  'rate-limiting-advanced': 'strategy',
  'response-ratelimiting': 'policy',
  throttle: 'policy',
}

/** Fields in which plugins say where they keep what they share. */
const SHARED_BY = ['policy', 'strategy', 'storage'] as const

/**
 * `policy: local` is the default and right for one gateway, however many workers it has; a file that runs on one must stay
 * silent. So it takes a sign that there are several: another plugin of the same file that shares its state by Redis.
 * Upstreams are no such sign: many targets may stand behind one gateway. Once per file, as the way out is the same
 * everywhere.
 */
export function localRateLimit(view: LintView): Finding[] {
  const local = view
    .usesOf(...Object.keys(COUNTED_BY))
    .filter(({ name, config }) => config[COUNTED_BY[name] ?? ''] === 'local')
  const [first] = local
  const shared = view.uses.map(sharedField).find((path) => path !== null)
  if (first === undefined || shared === undefined) return []
  const field = COUNTED_BY[first.name] ?? ''
  const others = local.length > 1 ? ` (${local.length - 1} more like it)` : ''
  return [
    {
      path: [...first.path, 'config', field],
      message: `counts requests in each gateway by itself${others}, while ${formatPath(shared)} shares its state by Redis`,
      hint: `${field}: redis counts for all of them together`,
    },
  ]
}

function sharedField({ config, path }: Use): DocumentPath | null {
  const field = SHARED_BY.find((name) => config[name] === 'redis')
  return field === undefined ? null : [...path, 'config', field]
}
