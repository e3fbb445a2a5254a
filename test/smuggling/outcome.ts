// What an engine makes of the bytes that a client sends: its answers, what reaches the target, and what becomes of the
// connection.

/** Stands for the name of the case in every path, as long as the names are: lengths stay right when it is replaced. */
export const PLACE = 'CASE'

/** A request as the target gets it. */
export interface Reached {
  readonly method: string
  /** With its query. */
  readonly path: string
  /** Decoded, one character per byte. */
  readonly body: string
  /** Fields that matter: the values of all lines of that name, or none. */
  readonly fields?: Readonly<Record<string, readonly string[]>>
}

export interface Outcome {
  /** The statuses of all answers, in order. */
  readonly answers: readonly number[]
  /** The requests that the target gets, in order: these and no other byte. */
  readonly reaches: readonly Reached[]
  /** Paths of requests whose beginning the target may see, but never their end: their body turned out wrong. */
  readonly begins?: readonly string[]
  /** Paths of requests that the target may get or not: what becomes of them is a matter of time. */
  readonly mayReach?: readonly string[]
  /** Only what reaches the target counts: what the client hears is a matter of time. */
  readonly isFree?: true
  /** `waiting`: the client has not said all, and is waited for. */
  readonly connection: 'kept' | 'closed' | 'waiting'
  /** What came behind the last answer has ended the connection, so that no answer could say so. */
  readonly isCut?: true
}

/** Answered and closed; the target gets nothing. */
export function refused(status = 400): Outcome {
  return { answers: [status], reaches: [], connection: 'closed' }
}

/** As `refused`, but the fault is in the body: the target may have seen the head. */
export function refusedInBody(status = 400, path = `/${PLACE}/a`): Outcome {
  return { ...refused(status), begins: [path] }
}

/** Every one is served, and the connection goes on. */
export function served(...reaches: readonly Reached[]): Outcome {
  return { answers: reaches.map(() => 200), reaches, connection: 'kept' }
}

export function thenClosed(outcome: Outcome): Outcome {
  return { ...outcome, connection: 'closed' }
}

/** The bytes behind the last answer end the connection, and are not answered. */
export function thenCut(outcome: Outcome): Outcome {
  return { ...outcome, connection: 'closed', isCut: true }
}

/** The bytes behind what is served are a request that is not. */
export function thenRefused(outcome: Outcome, status = 400): Outcome {
  return { ...outcome, answers: [...outcome.answers, status], connection: 'closed' }
}

/** The bytes behind what is served are no whole request yet. */
export function thenWaiting(outcome: Outcome): Outcome {
  return { ...outcome, connection: 'waiting' }
}

export const nothingYet: Outcome = { answers: [], reaches: [], connection: 'waiting' }
