// The inputs of the fuzzing, by their number: what to read, cut where, and within which limits.
import type { ParserLimits } from '../../src/server/http1/request-parser.js'
import { DEFAULT_SETTINGS } from '../../src/server/settings.js'
import { arbitraryRequests } from '../support/arbitrary-request.js'
import { mutate, splice } from '../support/mutate.js'
import { Random } from '../support/random.js'

export interface Input {
  /** One character per byte. */
  readonly text: string
  readonly cuts: readonly number[]
  readonly limits: ParserLimits
  /** As a client may send it, and within the limits. */
  readonly isValid: boolean
}

/** The judge drops no names. */
const ALL_NAMES = { ignoresInvalidHeaders: false, takesUnderscores: true }

/** Small enough that the inputs meet them. */
export const SMALL_LIMITS: ParserLimits = {
  lineBytes: 160,
  lineBuffers: 4,
  headerLines: 32,
  maxBodyBytes: 48,
  ...ALL_NAMES,
}

export function inputAt(seed: number, index: number): Input {
  const random = new Random(seed, index)
  const isMangled = random.percent(90)
  const isLimited = random.percent(15)
  let text = arbitraryRequests(random)
  if (isMangled) {
    if (random.percent(8)) text = splice(random, text, arbitraryRequests(random))
    // Most changes to the first line end it all there: half of the inputs are spared them.
    const from = random.percent(50) ? text.indexOf('\n') + 1 : 0
    text = text.slice(0, from) + mutate(random, text.slice(from))
  }
  return {
    text,
    cuts: cutsOf(random, text.length),
    limits: isLimited ? SMALL_LIMITS : { ...DEFAULT_SETTINGS, ...ALL_NAMES },
    isValid: !isMangled && !isLimited,
  }
}

/** Mostly some; now and then every byte comes alone. */
function cutsOf(random: Random, length: number): number[] {
  if (random.percent(3)) return Array.from({ length }, (_, at) => at)
  const cuts: number[] = []
  for (let left = 1 + random.below(4); left > 0; left--) cuts.push(random.below(length + 1))
  return cuts.sort((a, b) => a - b)
}
