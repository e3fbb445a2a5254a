// What a case of this suite is: bytes that a client sends, what both engines must make of them, and by how much
// uWebSockets.js falls short of that.
import type { Outcome } from './outcome.js'
import type { Shortfall } from './shortfalls.js'

/**
 * A line of a table of cases. Bytes in several pieces are sent with a pause between them.
 * `only`: it is about bytes that come together, and is not played byte by byte; or about bytes that come apart, and is
 * not played in one piece.
 */
export type Case = readonly [
  what: string,
  sends: string | readonly string[],
  required: Outcome,
  uws?: Shortfall | null,
  only?: 'whole' | 'apart',
]

export interface CaseClass {
  readonly name: string
  readonly cases: readonly Case[]
}

/** The same case, with another entry in the column of uWebSockets.js. */
export function onUws(uws: Shortfall | null, [what, sends, required, , only]: Case): Case {
  return only === undefined ? [what, sends, required, uws] : [what, sends, required, uws, only]
}
