// Why one route is tried before another, in words: the bits of order.ts read backwards. For people; no request needs it.
import { compareRanks, figuresOf, type RankedRoute, type RankFigures } from './order.js'

/** What decides, from the heaviest to the lightest. */
export type Advantage =
  | 'negative-regex-priority'
  | 'overflow'
  | 'plain-hosts'
  | 'regex'
  | 'attributes'
  | 'headers'
  | 'regex-priority'
  | 'shared-bits'
  | 'path-length'
  | 'id'

export interface Lead {
  readonly advantage: Advantage
  /** What the first has; goes on from `ahead, since`. */
  readonly reason: string
}

/** Bits of the upper half. */
const SIGN = 31
const PLAIN_HOSTS = 28
/** Where the fields of the lower half begin; regex_priority shares bits with those above it. */
const ATTRIBUTES = 29
const HEADERS = 20
const REGEX_PRIORITY = 19

/** @param first is tried before `second` */
export function leadOf(first: RankedRoute, second: RankedRoute): Lead {
  if (compareRanks(first, second) > 0) throw new TypeError('the second is ahead')
  const [a, b] = [first, second].map(({ route, paths }) => figuresOf(route, paths))
  if (a === undefined || b === undefined) throw new TypeError('two have figures')
  if (first.high !== second.high) return leadOfUpper(topBit(first.high ^ second.high), a, b)
  if (first.low !== second.low) return leadOfLower(topBit(first.low ^ second.low), a, b)
  return {
    advantage: 'id',
    reason: `both rank the same and its id is the greater one (${first.id}, here ${second.id})`,
  }
}

/** The number of the highest bit that is set. */
function topBit(bits: number): number {
  return 31 - Math.clz32(bits)
}

function leadOfUpper(bit: number, a: RankFigures, b: RankFigures): Lead {
  if (bit === SIGN) return leadOfSign(a)
  if (bit === PLAIN_HOSTS) {
    return {
      advantage: 'plain-hosts',
      reason: 'it names hosts without a wildcard, which goes before more attributes',
    }
  }
  const other = b.pathBytes === 0 ? 'no path' : 'a plain one'
  return { advantage: 'regex', reason: `its path is a regex, here it is ${other}` }
}

/** Kong's arithmetic overflows into the sign, which goes before everything else. */
function leadOfSign({ attributes, isRegex, regexPriority }: RankFigures): Lead {
  if (isRegex && regexPriority < 0) {
    const reason = `its regex_priority is negative (${regexPriority}), which Kong takes for the greatest`
    return { advantage: 'negative-regex-priority', reason }
  }
  const reason =
    attributes > 3
      ? `it sets ${attributes} of methods, hosts, headers, paths and snis: from 4 on that goes before all else`
      : `its regex_priority (${regexPriority}) is so great that it runs over into the bits before`
  return { advantage: 'overflow', reason }
}

const SHARED: Lead = {
  advantage: 'shared-bits',
  reason:
    'its regex_priority and its number of headers, which share bits in Kong, count for more together',
}

function leadOfLower(bit: number, a: RankFigures, b: RankFigures): Lead {
  if (bit >= ATTRIBUTES && a.attributes > b.attributes) {
    return {
      advantage: 'attributes',
      reason: `it sets ${a.attributes} of methods, hosts, headers, paths and snis, here ${b.attributes}`,
    }
  }
  if (a.headerNames > b.headerNames && topBit((a.headerNames ^ b.headerNames) << HEADERS) === bit) {
    return {
      advantage: 'headers',
      reason: `it asks for more headers (${a.headerNames}, here ${b.headerNames})`,
    }
  }
  if (bit >= REGEX_PRIORITY) {
    if (a.regexPriority < 0) return leadOfSign(a)
    if (b.isRegex && a.regexPriority <= b.regexPriority) return SHARED
    const here = b.isRegex ? String(b.regexPriority) : 'no regex'
    return {
      advantage: 'regex-priority',
      reason: `its regex_priority is ${a.regexPriority}, here ${here}`,
    }
  }
  // Only where the sign has swallowed that the one is a regex.
  const here = b.isRegex ? 'of a regex no length counts' : `here ${b.pathBytes}`
  return { advantage: 'path-length', reason: `its path is longer (${a.pathBytes} bytes, ${here})` }
}
