// What the floors above use of the closer look. Apart from config/index.ts, so that `gw start` loads none of it.
import { withinTime } from '../../util/within-time.js'
import type { Fault } from '../faults.js'
import type { Origin } from '../load.js'
import type { Rule } from './rule.js'
import { RULES } from './rules.js'
import { LintView, type LintContext } from './view.js'

export { formatPath, type Fault } from '../faults.js'
export type { Origin } from '../load.js'
export { RULES } from './rules.js'
export type { LintContext } from './view.js'

/** For all rules: a file may hold patterns by the thousand, each as hard to look through as they come. */
const MAX_MS = 2_000

/** What is legal and yet hardly meant, beyond the warnings that `loadConfig` gives at every load. */
export function lint(
  origin: Origin,
  context: LintContext,
  rules: readonly Rule[] = RULES,
  milliseconds = MAX_MS,
): Fault[] {
  const view = new LintView(origin, context)
  const faults: Fault[] = []
  const left = [...rules]
  while (left.length > 0) {
    const isDone = withinTime(milliseconds, () => {
      for (let rule = left[0]; rule !== undefined; rule = left[0]) {
        faults.push(...apply(rule, view))
        left.shift()
      }
    })
    // What took the time is left out; the others go on.
    const slow = isDone ? undefined : left.shift()
    if (slow === undefined) continue
    const message = `took more than ${milliseconds} ms and was given up`
    faults.push({ path: [], message, rule: slow.name })
  }
  return faults
}

function apply({ name, check }: Rule, view: LintView): Fault[] {
  return check(view).map((found) => ({ ...found, rule: name }))
}
