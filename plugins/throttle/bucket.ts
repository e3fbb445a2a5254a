// The arithmetic of buckets (GCRA): time as whole ticks, so that what a rate allows is exact and nothing adds up. The same
// numbers serve the memory of a node and Redis.
import { ConfigFault } from 'gw/plugin'

export interface BucketTerms {
  /** Requests in a period. */
  readonly rate: number
  readonly periodMs: number
  /** Requests that may come at once when none came before. */
  readonly atOnce: number
  /** How many of those go on without a delay. */
  readonly undelayed: number
  readonly maxDelayMs: number
}

/** A bucket is full by its lead: by how many ticks the requests that came are ahead of the rate. */
export interface Bucket {
  readonly ticksPerMs: number
  /** What a request adds to the lead. */
  readonly cost: number
  /** A request passes that finds no larger lead. */
  readonly most: number
  /** One that finds no larger lead than this is not delayed. */
  readonly free: number
  readonly atOnce: number
}

/** Leads stay below this, so that two epochs of them fit into the 32 bits of a counter. */
const MOST_TICKS = 2 ** 29
const MOST_TICKS_PER_MS = 2 ** 20
const LONGEST_MS = 366 * 86_400_000

/**
 * A tick is the largest part of a millisecond in which the time between two requests is whole. Where leads would be too
 * large for that it is longer, and the time between two requests is rounded up: by less than `atOnce` parts in 2^28, and
 * the rate is never exceeded.
 */
export function bucketOf(terms: BucketTerms): Bucket {
  const { rate, periodMs, atOnce, undelayed, maxDelayMs } = terms
  const intervalMs = periodMs / rate
  if (atOnce * intervalMs > LONGEST_MS) {
    const days = Math.ceil((atOnce * intervalMs) / 86_400_000)
    const wayOut = 'a lower burst or a higher rate; quota counts over long periods'
    throw new ConfigFault('burst', `would take ${days} days to fill again, at most 366`, wayOut)
  }
  const exact = rate / greatestCommonDivisor(rate, periodMs)
  const spanMs = Math.max((atOnce + 1) * intervalMs, 1)
  const room = Math.min(MOST_TICKS / spanMs, MOST_TICKS_PER_MS)
  const ticksPerMs = exact <= room ? exact : 2 ** Math.floor(Math.log2(room))
  const cost = Math.ceil((ticksPerMs * periodMs) / rate)
  const free = (undelayed - 1) * cost
  const delayed = Math.floor(maxDelayMs * ticksPerMs)
  return { ticksPerMs, cost, most: Math.min((atOnce - 1) * cost, free + delayed), free, atOnce }
}

/** How long a request waits that found this lead. */
export function delayMs({ free, ticksPerMs }: Bucket, lead: number): number {
  return lead <= free ? 0 : Math.ceil((lead - free) / ticksPerMs)
}

/** How many more would pass now. */
export function remainingAt({ most, cost }: Bucket, lead: number): number {
  return lead > most ? 0 : Math.floor((most - lead) / cost) + 1
}

/** Whole seconds until the lead is down to `wanted`, at least 1. */
export function secondsTo({ ticksPerMs }: Bucket, lead: number, wanted: number): number {
  return Math.max(1, Math.ceil((lead - wanted) / ticksPerMs / 1000))
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}
