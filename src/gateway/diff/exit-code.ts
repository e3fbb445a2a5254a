// The verdict as the exit code of a command.
import type { Difference } from './difference.js'

/** A file that cannot be compared, as for `gw validate` one that there is no verdict on. */
export const NO_COMPARISON = 2

/**
 * From 3 on a person should look. What loosens has a code of its own, since a removed route is often all that a change
 * is about: a gate for security can tell the two apart.
 */
export function exitCodeOf(verdict: Difference['verdict']): number {
  switch (verdict) {
    case 'none':
      return 0
    case 'loosened':
      return 3
    case 'breaking':
      return 4
    default:
      return 1
  }
}
