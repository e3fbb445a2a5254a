// Makes an input that fails as small as it gets by taking pieces out.
import { checkInput } from './check-input.js'
import type { Input } from './request-inputs.js'

/** The same failure, in fewer bytes. */
export function minimise(input: Input): Input {
  const kind = kindOf(input)
  let best = input
  for (let size = best.text.length >> 1; size > 0;) {
    const smaller = without(best, size, kind)
    if (smaller === null) size >>= 1
    else best = smaller
  }
  return best
}

/** What it says, without places and lengths. */
export function kindOf(input: Input): string {
  return checkInput(input).failure.replace(/\d+/g, 'N').split('\n', 1)[0] ?? ''
}

function without({ text, ...rest }: Input, size: number, kind: string): Input | null {
  for (let at = 0; at + size <= text.length; at++) {
    const shorter = text.slice(0, at) + text.slice(at + size)
    // Where it was cut before, or everywhere.
    const moved = [...new Set(rest.cuts.map((cut) => (cut > at ? Math.max(at, cut - size) : cut)))]
    const everywhere = Array.from({ length: shorter.length }, (_, index) => index)
    for (const cuts of [moved, everywhere]) {
      // Valid it is no longer.
      const input = { ...rest, text: shorter, cuts, isValid: false }
      if (kindOf(input) === kind) return input
    }
  }
  return null
}
