// Routes whose requests go to another address than before.
import type { Service } from '../../model/entities.js'
import type { Sides } from './entity-changes.js'
import type { Findings } from './findings.js'
import { maskedText } from './masking.js'
import type { PluginViews } from './plugin-findings.js'
import { linkOf } from './side.js'

export function findTargetChanges(
  { matching }: Sides,
  views: PluginViews,
  findings: Findings,
): void {
  for (const { old, new: now } of matching.pairsOf('routes')) {
    const before = addressOf(views.old.plugins.routeOf(old).service)
    const after = addressOf(views.new.plugins.routeOf(now).service)
    if (before === after) continue
    findings.addOnRoute(now, {
      // Without a service every request is answered 503.
      level: after === null ? 'breaking' : 'changed',
      rule: 'target-changed',
      say: (where) =>
        `requests${where} go to ${after ?? 'no service'} instead of ${before ?? 'no service'}`,
      old: linkOf(old, 'service'),
      new: linkOf(now, 'service'),
    })
  }
}

/** As messages show it; null without a service. */
function addressOf(service: Service | null): string | null {
  if (service === null) return null
  const { protocol, host, port, path } = service
  return maskedText(`${protocol}://${host}:${port}${path ?? ''}`)
}
