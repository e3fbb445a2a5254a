// What nobody caught.
import type { Logger } from '../log/logger.js'

/**
 * What a plugin lets loose (a promise nobody awaits, a timer that throws) must not end the traffic of everybody else: it
 * is logged, and the thread goes on.
 */
export function logStrayErrors(log: Logger): void {
  process.on('uncaughtException', (error) => {
    log.error({ err: error }, 'uncaught error')
  })
  process.on('unhandledRejection', (error) => {
    log.error({ err: error }, 'unhandled rejection')
  })
}
