// Request ids: 32 lower-case hex digits, as Kong's. Random bytes are drawn for many at once: a draw for each would
// cost more than the whole routing.
import { randomFillSync } from 'node:crypto'

const BYTES = 16
const pool = Buffer.allocUnsafeSlow(BYTES * 512)
let offset = pool.length

/** HOT PATH: once per request. */
export function newRequestId(): string {
  if (offset === pool.length) {
    randomFillSync(pool)
    offset = 0
  }
  return pool.toString('hex', offset, (offset += BYTES))
}
