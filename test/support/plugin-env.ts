// What a plugin is given once per process, with a clock that the test sets.
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

/** @param now what the clock says, in milliseconds */
export function silentEnv(now: number): PluginEnv {
  return { log: silentLog, now: () => now }
}
