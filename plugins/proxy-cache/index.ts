// Keeps answers of targets in memory, and gives them to those who ask for the same.
import {
  contextKey,
  definePlugin,
  type AccessContext,
  type Awaitable,
  type ClientResponse,
  type Exit,
  type HeaderFilterContext,
  type HeaderLines,
} from 'gw/plugin'
import { cacheKey, digestOf } from './cache-key.js'
import { Collector, CollectorBudget } from './collector.js'
import { Flights, type Flight, type Outcome } from './flights.js'
import { keptHeaders, showAge, showKey, showStatus, type Status } from './shown.js'
import { spec } from './spec.js'
import { EntryStore, shownEntry, type Entry } from './store.js'
import {
  ageOf,
  freshnessOf,
  servesStale,
  termsOf,
  useOf,
  wishesOf,
  type Terms,
  type Use,
} from './use.js'

/** What a worker keeps at most. */
export const MAX_BYTES = 64 * 1024 * 1024
/** A longer body goes by without being kept. */
export const MAX_BODY_BYTES = 8 * 1024 * 1024

/** A request whose answer the target is to give. */
interface Visit {
  readonly identity: string
  readonly key: string
  /** Of which configuration: an answer does not outlive it. */
  readonly generation: number
  /** What serves if the target fails. */
  readonly spare: Entry | null
  /** That others may be waiting for. */
  readonly flight: Flight | null
  isDone: boolean
  keeping: Keeping | null
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
let generation = 0
const entries = new EntryStore(MAX_BYTES)
const flights = new Flights()
const budget = new CollectorBudget(MAX_BYTES)

export default definePlugin({
  ...spec,
  version: '3.9.1',
  priority: 100,

  init(env) {
    now = () => env.now()
  },

  prepare: useOf,

  // Kong: a reload empties the cache.
  configure() {
    generation++
    entries.clear()
  },

  inquire(question) {
    return answerTo(question as Question)
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
    const time = now()
    const names = cacheKey(ctx, use.key)
    const entry = entries.get(names.identity, time)
    const freshness = entry === null ? 'stale' : freshnessOf(use, wishes, entry, time)
    if (entry !== null && freshness === 'fresh') return replay(ctx, use, entry, 'Hit')
    const key = entry?.key ?? digestOf(names)
    showKey(ctx, ctx.response.headers, use, key)
    if (entry === null && wishes.has('only-if-cached')) return ctx.exit(504)
    const wanted: Wanted = {
      identity: names.identity,
      key,
      status: entry === null ? 'Miss' : 'Refresh',
      old: freshness === 'stale' ? entry : null,
    }
    return isShared(use) && request.method === 'GET'
      ? share(ctx, use, wanted)
      : fetch(ctx, use, wanted, null)
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
      if (isFailure(response) && visit.spare !== null) substitute(ctx, use, visit, visit.spare)
      else {
        showStatus(ctx, response.headers, use, 'Bypass')
        ctx.leaveBody()
      }
    } else if (request.method === 'HEAD') {
      // Kong: there is no body to keep, so that HEAD is never a Hit.
      finish(visit, 'refused')
      ctx.leaveBody()
    } else {
      const { status } = response
      const collector = new Collector(budget, MAX_BODY_BYTES)
      visit.keeping = { terms, status, headers: keptHeaders(response), collector }
      ctx.watchBody()
    }
  },

  // HOT PATH: once per piece of an answer that may be kept.
  body_filter(ctx, _use, chunk, last) {
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
      finish(visit, keep(visit, keeping) ? 'kept' : 'refused')
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

/** What the Admin API asks. */
type Question =
  | { readonly kind: 'clear' }
  | { readonly kind: 'find'; readonly key: string }
  | { readonly kind: 'drop'; readonly key: string }

/** To `find` the answer as Kong shows it, or null; to `drop` whether there was one. */
function answerTo(question: Question): unknown {
  switch (question.kind) {
    case 'clear':
      // What is on its way was asked for before.
      generation++
      entries.clear()
      return null
    case 'find': {
      const [entry] = entries.byKey(question.key, now())
      return entry === undefined ? null : shownEntry(entry)
    }
    case 'drop': {
      const dropped = entries.byKey(question.key, now())
      for (const { identity } of dropped) entries.delete(identity)
      return dropped.length > 0
    }
  }
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
    generation,
    spare,
    flight,
    isDone: false,
    keeping: null,
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
    return replay(ctx, use, old, 'Stale')
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
    const entry = outcome === 'kept' ? entries.get(identity, now()) : null
    if (entry !== null) return replay(ctx, use, entry, 'Hit')
    // The request before has gone without an answer: one of those who wait takes its place.
    if (outcome !== 'failed') return fetch(ctx, use, wanted, null)
    flight = flights.get(identity)
  }
  return fetch(ctx, use, wanted, flights.begin(identity))
}

function replay(ctx: AccessContext, use: Use, entry: Entry, status: Status): Exit {
  showKey(ctx, ctx.response.headers, use, entry.key)
  const exit = ctx.replay(entry.status, entry.headers, entry.body)
  showStatus(ctx, ctx.response.headers, use, status)
  showAge(ctx, ctx.response.headers, use, ageOf(entry, now()))
  return exit
}

/** RFC 5861, 4. */
function isFailure({ status, source }: ClientResponse): boolean {
  return source !== 'exit' && (status === 500 || (status >= 502 && status <= 504))
}

function substitute(ctx: HeaderFilterContext, use: Use, visit: Visit, entry: Entry): void {
  const { response } = ctx
  response.status = entry.status
  for (const [name] of [...response.headers.entries()]) response.headers.remove(name)
  for (const [name, value] of entry.headers) {
    // Kept as bytes, while a header is set as text.
    response.headers.add(name, Buffer.from(value, 'latin1').toString('utf8'))
  }
  showKey(ctx, response.headers, use, entry.key)
  showStatus(ctx, response.headers, use, 'Stale')
  showAge(ctx, response.headers, use, ageOf(entry, now()))
  visit.substitute = entry.body
}

const EMPTY = Buffer.alloc(0)

function takeSubstitute(visit: Visit): Buffer | null {
  const body = visit.substitute
  visit.substitute = EMPTY
  return body === null || body.length === 0 ? null : body
}

function finish(visit: Visit, outcome: Outcome): void {
  if (visit.isDone) return
  visit.isDone = true
  if (visit.flight !== null) flights.end(visit.flight, outcome, now())
}

function keep(
  { identity, key, generation: own }: Visit,
  { terms, status, headers, collector }: Keeping,
): boolean {
  const body = collector.whole()
  if (own !== generation) return false
  entries.set({ identity, key, status, headers, body, storedAt: now(), ...terms })
  return true
}
