// Request ids: 32 lower-case hex digits, as Kong's. Random bytes are drawn for many at once: a draw for each would
// cost more than the whole routing.
import { randomFillSync } from 'node:crypto'

const DIGITS = 32
const IDS = 512
const pool = Buffer.allocUnsafeSlow((DIGITS / 2) * IDS)
/** All of them as text: a slice of it costs a tenth of turning 16 bytes into text. */
let digits = ''
let offset = 0

/** HOT PATH: once per request. */
export function newRequestId(): string {
  if (offset === digits.length) {
    digits = randomFillSync(pool).toString('hex')
    offset = 0
  }
  return digits.slice(offset, (offset += DIGITS))
}
