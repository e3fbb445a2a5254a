// Comparison that takes as long for a near miss as for any other, so that nobody finds a secret byte by byte.
import { timingSafeEqual } from 'node:crypto'

/** Lengths may show, contents do not. */
export function equalSecrets(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}
