// What the target says has been used: `video=2, image=1`.
import { luaNumber } from 'gw/plugin'

/** More at a time than counters take. */
const MAX_AMOUNT = 2 ** 31

/** Whole amounts above 0 by name; what cannot be read counts for nothing, and of one name the last. */
export function reportedUses(line: string | undefined): ReadonlyMap<string, number> {
  if (line === undefined) return NONE
  const uses = new Map<string, number>()
  for (const item of line.split(',')) {
    const equals = item.indexOf('=')
    if (equals < 0) continue
    const amount = luaNumber(item.slice(equals + 1))
    if (amount !== undefined) uses.set(item.slice(0, equals).trim(), whole(amount))
  }
  return uses
}

const NONE: ReadonlyMap<string, number> = new Map()

function whole(amount: number): number {
  return Math.min(Math.max(0, Math.ceil(amount)), MAX_AMOUNT)
}
