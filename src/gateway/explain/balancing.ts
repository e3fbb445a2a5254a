// The upstream that a request goes through, and the targets that it may reach.
import type { Snapshot } from '../../model/snapshot.js'
import type { Side } from '../diff/side.js'
import type { DryRun } from './dry-run.js'
import type { BalancingShown } from './explanation.js'
import { namedIn } from './routes.js'

/** How many targets are listed. */
const MAX_TARGETS = 20

export function balancingShown(
  { journey }: DryRun,
  { upstreams, targets }: Snapshot,
  side: Side,
): BalancingShown | null {
  const host = journey.service?.host
  const upstream = upstreams.find(({ name }) => name === host)
  if (upstream === undefined) return null
  const own = targets.filter((target) => target.upstream.id === upstream.id)
  return {
    ...namedIn(side, 'upstreams', upstream),
    algorithm: upstream.algorithm,
    targets: own.slice(0, MAX_TARGETS).map(({ target, weight }) => ({ target, weight })),
    moreTargets: Math.max(0, own.length - MAX_TARGETS),
  }
}
