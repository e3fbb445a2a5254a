// One input of the fuzzing: whether it shows what must not be.
import { compare, type Comparison } from './compare-requests.js'
import { STRICTER } from './known-differences.js'
import type { Input } from './request-inputs.js'

/** Compares, and asks whether what comes out is known. */
export function checkInput({ text, cuts, limits, isValid }: Input): Comparison {
  const comparison = compare(text, cuts, limits)
  const { failure, reading } = comparison
  if (failure !== '') return comparison
  if (isValid && reading.fault !== null) {
    return { ...comparison, failure: `a valid request is refused: ${reading.reason}` }
  }
  if (isOursAlone(comparison) && !isKnown(comparison)) {
    return { ...comparison, failure: `we alone refuse it: ${reading.fault} ${reading.reason}` }
  }
  return comparison
}

/** We have refused what llhttp takes, or where it waits for more. */
export function isOursAlone({ reading, judgement }: Comparison): boolean {
  if (reading.fault === null) return false
  const complete = reading.requests.filter(({ end }) => end >= 0).length
  return judgement.error === '' || (judgement.requests[complete]?.end ?? -1) >= 0
}

function isKnown({ reading: { fault, reason } }: Comparison): boolean {
  return STRICTER.some((known) => known.fault === fault && known.words.test(reason))
}
