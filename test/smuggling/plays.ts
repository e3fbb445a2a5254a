// How the cases are played against each engine: in which pieces, and held to what.
import { NEXT, SMUGGLED } from './bytes.js'
import type { Case, CaseClass } from './case.js'
import { PLACE, type Outcome } from './outcome.js'
import { freeOutcome, outcomeOnUws } from './shortfalls.js'

/** One case as it is played once. */
export interface Play {
  /** Takes the place of `PLACE`, so that all that comes of it can be told. */
  readonly id: string
  readonly pieces: readonly string[]
  readonly outcome: Outcome
  /** Each byte on its own. */
  readonly isTorn: boolean
}

export type EngineName = 'http1' | 'uws'

/** A case by its name, and its plays. */
export interface Entry {
  readonly what: string
  readonly plays: readonly Play[]
}

export interface EntryClass {
  readonly name: string
  readonly entries: readonly Entry[]
}

export function entriesOf(classes: readonly CaseClass[], engine: EngineName): EntryClass[] {
  let number = 0
  return classes.map(({ name, cases }) => ({
    name,
    entries: cases.map((one) => ({
      what: one[0],
      plays: playsOf(one, String(number++).padStart(3, '0'), engine),
    })),
  }))
}

function playsOf(one: Case, number: string, engine: EngineName): Play[] {
  return engine === 'http1' ? playsOnHttp1(one, number) : playsOnUws(one, number)
}

/** It makes no difference where reads are cut. */
function playsOnHttp1([, sends, required, , only]: Case, number: string): Play[] {
  const pieces = typeof sends === 'string' ? [sends] : sends
  const plays = [play(`c${number}`, pieces, required)]
  if (only !== 'whole') plays.push({ ...play(`t${number}`, pieces, required), isTorn: true })
  if (only !== 'apart' && pieces.length > 1) {
    plays.push(play(`j${number}`, [pieces.join('')], required))
  }
  return plays
}

/**
 * What stands behind a request comes in a piece of its own, as uWebSockets.js closes at anything that comes before it has
 * answered. That it does so is seen when all comes at once.
 */
function playsOnUws([, sends, required, uws = null, only]: Case, number: string): Play[] {
  const pieces = typeof sends === 'string' ? [sends] : sends
  const wanted = outcomeOnUws(required, uws)
  const isApart = pieces.flatMap(apart)
  const plays = [play(`c${number}`, isApart, wanted)]
  if (only !== 'apart' && isApart.length > 1) {
    plays.push(play(`j${number}`, [pieces.join('')], freeOutcome(required, wanted)))
  }
  return plays
}

function apart(piece: string): string[] {
  const behind = [SMUGGLED, NEXT].find((one) => piece.endsWith(one) && piece !== one)
  return behind === undefined ? [piece] : [piece.slice(0, -behind.length), behind]
}

function play(id: string, pieces: readonly string[], outcome: Outcome): Play {
  return {
    id,
    pieces: pieces.map((piece) => piece.replaceAll(PLACE, id)),
    outcome: JSON.parse(JSON.stringify(outcome).replaceAll(PLACE, id)) as Outcome,
    isTorn: false,
  }
}
