// What a rule is: a name, and a look at the file.
import type { Fault } from '../faults.js'
import type { LintView } from './view.js'

/** A fault that does not say its rule yet. */
export type Finding = Omit<Fault, 'rule'>

export interface Rule {
  /** As `no-effect`; the README's table lists it. */
  readonly name: string
  readonly check: (view: LintView) => Finding[]
}
