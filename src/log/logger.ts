// The log of the gateway itself: JSON lines on standard output, levels as in Kong (KONG_LOG_LEVEL).
import { pino, type Logger as PinoLogger } from 'pino'

export const LOG_LEVELS = [
  'debug',
  'info',
  'notice',
  'warn',
  'error',
  'crit',
  'alert',
  'emerg',
] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** Both the message and, first, an object with fields; a string alone will do. */
export interface LogFunction {
  (fields: object, message: string): void
  (message: string): void
}

export interface Logger {
  debug: LogFunction
  info: LogFunction
  notice: LogFunction
  warn: LogFunction
  error: LogFunction
  child(fields: object): Logger
}

/**
 * @param level the least level that is written; crit, alert and emerg write errors of that rank alone, of which
 *   the gateway makes none, so they are silence
 * @param destination file descriptor; 2 for commands whose output is on 1
 */
export function createLogger(level: LogLevel, destination = 1): Logger {
  const options = {
    level: level === 'crit' || level === 'alert' || level === 'emerg' ? 'silent' : level,
    customLevels: { notice: 35 },
    base: null,
    formatters: { level: (label: string) => ({ level: label }) },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
  }
  const logger: PinoLogger<'notice'> = pino<'notice'>(
    options,
    pino.destination({ dest: destination, sync: true }),
  )
  // pino's own type of `child` forgets custom levels; at run time a child has them.
  return logger
}
