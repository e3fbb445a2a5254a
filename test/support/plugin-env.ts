// What a plugin is given once per process, with a clock that the test sets.
import { CounterTable } from '../../src/plugin/counter-table.js'
import type { PluginEnv } from '../../src/plugin/contract.js'
import { TlsTerms } from '../../src/proxy/tls-terms.js'
import type { Logger } from '../../src/log/logger.js'
import { StoreMemory, type SharedStore } from '../../src/plugin/shared-store.js'

export const silentLog: Logger = {
  debug: () => undefined,
  info: () => undefined,
  notice: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLog,
}

/** Small: a test counts little. */
export function freshCounters(): CounterTable {
  return CounterTable.create({ maxEntries: 100 })
}

/**
 * @param now what the clock says, in milliseconds
 * @param counters handed in, as `buckets`, by a test that moves the clock and goes on counting
 */
export function silentEnv(
  now: number,
  counters = freshCounters(),
  buckets = freshCounters(),
): PluginEnv {
  return {
    log: silentLog,
    counters,
    shared: memoryStore(() => now),
    buckets,
    secret: new Uint8Array(32),
    settings: { rateLimitFallback: 'off' },
    // Trusts nobody.
    serverTrust: () => new TlsTerms({ verify: true, depth: 1, authorities: [], client: null }),
    fetch: () => Promise.reject(new Error('this test asks no other server')),
    now: () => now,
  }
}

/** As a plugin finds it, without threads. */
export function memoryStore(now: () => number): SharedStore {
  const memory = new StoreMemory(now)
  return {
    put: (key, value, ttlMs) => Promise.resolve(memory.put(key, value, ttlMs)),
    get: (key) => memory.get(key),
    take: (key) => Promise.resolve(memory.take(key)),
  }
}
