// What went wrong, for the person at the terminal.
import { GatewayError } from './gateway-error.js'

/** Every problem of a configuration, or the error's own words. */
export function describeError(error: unknown): string {
  if (error instanceof GatewayError) return error.detail ?? error.message
  return error instanceof Error ? error.message : String(error)
}
