// What a verified token says of its own time, held against the clock.

export interface TimeRules {
  readonly verifyExp: boolean
  readonly verifyNbf: boolean
  /** Seconds from now; 0 for no limit. */
  readonly maximumExpiration: number
}

/** The claims as they stand in the token. */
export interface Times {
  readonly exp: unknown
  readonly nbf: unknown
}

/** What is wrong, by claim, as the client gets it; null when nothing is. HOT PATH */
export function timeFault(
  times: Times,
  rules: TimeRules,
  nowMs: number,
): Readonly<Record<string, string>> | null {
  const now = Math.floor(nowMs / 1000)
  const exp = rules.verifyExp ? expFault(times.exp, now) : null
  const nbf = rules.verifyNbf ? nbfFault(times.nbf, now) : null
  if (exp !== null || nbf !== null) {
    return { ...(exp === null ? null : { exp }), ...(nbf === null ? null : { nbf }) }
  }
  return isTooFar(times.exp, rules.maximumExpiration, now)
    ? { exp: 'exceeds maximum allowed expiration' }
    : null
}

function expFault(exp: unknown, now: number): string | null {
  if (typeof exp !== 'number') return 'must be a number'
  return exp <= now ? 'token expired' : null
}

function nbfFault(nbf: unknown, now: number): string | null {
  if (typeof nbf !== 'number') return 'must be a number'
  return nbf > now ? 'token not valid yet' : null
}

/** A token that does not say when it ends lives longer than any limit. */
function isTooFar(exp: unknown, maximum: number, now: number): boolean {
  return maximum > 0 && (typeof exp !== 'number' || exp - now > maximum)
}
