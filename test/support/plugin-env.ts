// What a plugin is given once per process, with a clock that the test sets.
import { CounterTable } from '../../src/plugin/counter-table.js'
import type { PluginEnv } from '../../src/plugin/contract.js'
import type { Logger } from '../../src/log/logger.js'

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
 * @param counters handed in by a test that moves the clock and goes on counting
 */
export function silentEnv(now: number, counters = freshCounters()): PluginEnv {
  return {
    log: silentLog,
    counters,
    secret: new Uint8Array(32),
    settings: { rateLimitFallback: 'off' },
    fetch: () => Promise.reject(new Error('this test asks no other server')),
    now: () => now,
  }
}
