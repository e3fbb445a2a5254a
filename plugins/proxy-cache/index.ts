// Keeps answers of targets, and gives them to those who ask for the same.
import {
  contextKey,
  definePlugin,
  RedisError,
  RedisLeases,
  type AccessContext,
  type Awaitable,
  type Exit,
  type HeaderLines,
} from 'gw/plugin'
import type { Directives } from './cache-control.js'
import { cacheKey, digestOf, type CacheKey } from './cache-key.js'
import { Collector, CollectorBudget } from './collector.js'
import { Flights, type Flight, type Outcome } from './flights.js'
import { answerTo, type Question } from './inquiries.js'
import { isFailure, replay, substitute } from './kept-answer.js'
import { MAX_REMOTE_BODY_BYTES, type RemoteEntries } from './remote.js'
import { keptHeaders, showKey, showStatus } from './shown.js'
import { spec } from './spec.js'
import { EntryStore, type Entry } from './store.js'
import { freshnessOf, servesStale, termsOf, useOf, wishesOf, type Terms, type Use } from './use.js'

/** What a worker keeps at most. */
export const MAX_BYTES = 64 * 1024 * 1024
/** A longer body goes by without being kept. */
export const MAX_BODY_BYTES = 8 * 1024 * 1024

/** A request whose answer the target is to give. */
interface Visit {
  readonly identity: string
  readonly key: string
  /** Of which time: an answer does not outlive it. */
  readonly generation: number
  /** What serves if the target fails. */
  readonly spare: Entry | null
  /** That others may be waiting for. */
  readonly flight: Flight | null
  isDone: boolean
  keeping: Keeping | null
  /** Until Redis has the answer. */
  written: Promise<void> | null
  /** What goes out in the place of the target's body. */
  substitute: Buffer | null
}

interface Keeping {
  readonly terms: Terms
  readonly status: number
  readonly headers: HeaderLines
  readonly collector: Collector
}

const visits = contextKey<Visit>('proxy-cache')

let now: () => number = Date.now
/** Counts what empties the memory. */
let generation = 0
/** Counts what empties all, Redis too. */
let clearances = 0
let leases: RedisLeases<RemoteEntries>
const entries = new EntryStore(MAX_BYTES)
const flights = new Flights()
const budget = new CollectorBudget(MAX_BYTES)

export default definePlugin({
  ...spec,
  version: '3.9.1',
  priority: 100,

  init(env) {
    now = () => env.now()
    leases = new RedisLeases(env)
  },

  prepare: useOf,

  // Kong: a reload empties the cache. What is in Redis others may be using.
  configure(live) {
    generation++
    entries.clear()
    leases.serve(live.flatMap(({ remote }) => remote ?? []))
  },

  inquire(question) {
    if ((question as Question).kind === 'clear') {
      // What is on its way was asked for before.
      generation++
      clearances++
    }
    return answerTo(question as Question, entries, leases.users, now())
  },

  close() {
    leases.close()
  },

  // HOT PATH
  access(ctx, use) {
    const { request } = ctx
    const wishes = wishesOf(use, request.headers)
    const isBypass = wishes.has('no-store') || wishes.has('no-cache')
    if (isBypass || !use.methods.has(request.method)) {
      showStatus(ctx, ctx.response.headers, use, 'Bypass')
      return undefined
    }
    const names = cacheKey(ctx, use.key)
    if (use.remote !== null) return lookUp(ctx, use, wishes, names, use.remote)
    return proceed(ctx, use, wishes, names, entries.get(names.identity, now()))
  },

  header_filter(ctx, use) {
    const visit = ctx.get(visits)
    if (visit === undefined) {
      ctx.leaveBody()
      return
    }
    const { response, request } = ctx
    const terms = termsOf(use, response, now())
    if (terms === null) {
      finish(visit, 'refused')
      if (isFailure(response) && visit.spare !== null) {
        substitute(ctx, use, visit.spare, now())
        visit.substitute = visit.spare.body
      } else {
        showStatus(ctx, response.headers, use, 'Bypass')
        ctx.leaveBody()
      }
    } else if (request.method === 'HEAD') {
      // Kong: there is no body to keep, so that HEAD is never a Hit.
      finish(visit, 'refused')
      ctx.leaveBody()
    } else {
      const { status } = response
      const most = use.remote === null ? MAX_BODY_BYTES : MAX_REMOTE_BODY_BYTES
      const collector = new Collector(budget, most)
      visit.keeping = { terms, status, headers: keptHeaders(response), collector }
      ctx.watchBody()
    }
  },

  // HOT PATH: once per piece of an answer that may be kept.
  body_filter(ctx, use, chunk, last) {
    const visit = ctx.get(visits)
    if (visit === undefined) return chunk
    if (visit.substitute !== null) return takeSubstitute(visit)
    const { keeping } = visit
    if (keeping === null) return chunk
    if (!keeping.collector.add(chunk)) {
      ctx.log.debug({ key: visit.key }, 'an answer is too large to be kept')
      visit.keeping = null
      finish(visit, 'refused')
    } else if (last) {
      visit.keeping = null
      finish(visit, keep(use, visit, keeping) ?? 'refused')
    }
    return chunk
  },

  log(ctx) {
    const visit = ctx.get(visits)
    if (visit === undefined) return
    visit.keeping?.collector.drop()
    finish(visit, 'failed')
  },
})

/** The same for answers in Redis. While that does not serve, the target is asked, and nothing is kept. */
async function lookUp(
  ctx: AccessContext,
  use: Use,
  wishes: Directives,
  names: CacheKey,
  remote: RemoteEntries,
): Promise<Exit | undefined> {
  let entry: Entry | null
  try {
    entry = await remote.get(digestOf(names), names.identity, now())
  } catch (error) {
    if (!(error instanceof RedisError)) throw error
    if (wishes.has('only-if-cached')) return ctx.exit(504)
    showStatus(ctx, ctx.response.headers, use, 'Bypass')
    return undefined
  }
  return proceed(ctx, use, wishes, names, entry)
}

/** HOT PATH */
function proceed(
  ctx: AccessContext,
  use: Use,
  wishes: Directives,
  names: CacheKey,
  entry: Entry | null,
): Awaitable<Exit | undefined> {
  const freshness = entry === null ? 'stale' : freshnessOf(use, wishes, entry, now())
  if (entry !== null && freshness === 'fresh') return replay(ctx, use, entry, 'Hit', now())
  const key = entry?.key ?? digestOf(names)
  showKey(ctx, ctx.response.headers, use, key)
  if (entry === null && wishes.has('only-if-cached')) return ctx.exit(504)
  const wanted: Wanted = {
    identity: names.identity,
    key,
    status: entry === null ? 'Miss' : 'Refresh',
    old: freshness === 'stale' ? entry : null,
  }
  return isShared(use) && ctx.request.method === 'GET'
    ? share(ctx, use, wanted)
    : fetch(ctx, use, wanted, null)
}

/** What no entry could be given for. */
interface Wanted {
  readonly identity: string
  readonly key: string
  readonly status: 'Miss' | 'Refresh'
  /** What is kept of it and is too old. */
  readonly old: Entry | null
}

function isShared({ coalesceMs, staleWhileRevalidate }: Use): boolean {
  return coalesceMs > 0 || staleWhileRevalidate > 0
}

/** The target is to answer. */
function fetch(
  ctx: AccessContext,
  use: Use,
  { identity, key, status, old }: Wanted,
  flight: Flight | null,
): Exit | undefined {
  showStatus(ctx, ctx.response.headers, use, status)
  const spare = old !== null && servesStale(old, use.staleIfError, now()) ? old : null
  ctx.set(visits, {
    identity,
    key,
    generation: generationOf(use),
    spare,
    flight,
    isDone: false,
    keeping: null,
    written: null,
    substitute: null,
  })
  return undefined
}

/** The target is to answer one of those who ask for the same. */
function share(ctx: AccessContext, use: Use, wanted: Wanted): Awaitable<Exit | undefined> {
  const { identity, old } = wanted
  const flight = flights.get(identity)
  if (flight === null) return fetch(ctx, use, wanted, flights.begin(identity))
  if (old !== null && servesStale(old, use.staleWhileRevalidate, now())) {
    return replay(ctx, use, old, 'Stale', now())
  }
  if (use.coalesceMs === 0 || flights.isRefused(identity, now())) {
    return fetch(ctx, use, wanted, null)
  }
  return awaitAnother(ctx, use, wanted, flight)
}

async function awaitAnother(
  ctx: AccessContext,
  use: Use,
  wanted: Wanted,
  first: Flight,
): Promise<Exit | undefined> {
  const { identity } = wanted
  const deadline = performance.now() + use.coalesceMs
  let flight: Flight | null = first
  while (flight !== null) {
    const outcome: Outcome | 'late' = await flight.wait(deadline - performance.now())
    if (typeof outcome === 'object') return replay(ctx, use, outcome, 'Hit', now())
    // The request before has gone without an answer: one of those who wait takes its place.
    if (outcome !== 'failed') return fetch(ctx, use, wanted, null)
    flight = flights.get(identity)
  }
  return fetch(ctx, use, wanted, flights.begin(identity))
}

const EMPTY = Buffer.alloc(0)

function takeSubstitute(visit: Visit): Buffer | null {
  const body = visit.substitute
  visit.substitute = EMPTY
  return body === null || body.length === 0 ? null : body
}

function finish(visit: Visit, outcome: Outcome): void {
  const { flight, written } = visit
  if (visit.isDone) return
  visit.isDone = true
  if (flight === null) return
  if (written === null) {
    flights.end(flight, outcome, now())
    return
  }
  // Who has looked before Redis had the answer still finds the flight: what Redis has told them may have come with the same
  // bytes, and be on its way through promises.
  flight.settle(outcome)
  void written.then(() => {
    setImmediate(() => {
      flights.end(flight, outcome, now())
    })
  })
}

/** Null for an answer that has come too late. */
function keep(
  use: Use,
  visit: Visit,
  { terms, status, headers, collector }: Keeping,
): Entry | null {
  const { identity, key } = visit
  const body = collector.whole()
  if (visit.generation !== generationOf(use)) return null
  const time = now()
  const entry: Entry = { identity, key, status, headers, body, storedAt: time, ...terms }
  if (use.remote === null) entries.set(entry)
  else visit.written = use.remote.set(entry, time)
  return entry
}

function generationOf({ remote }: Use): number {
  return remote === null ? generation : clearances
}
