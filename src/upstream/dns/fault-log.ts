// Says once when a name stops resolving and once when it does again; not more than some lines in a minute, so that a
// resolver that is down does not fill the log with every name there is.
import type { Logger } from '../../log/logger.js'
import type { DnsError } from './dns-error.js'

const MOST_LINES = 30
const WINDOW_MS = 60_000

export class FaultLog {
  readonly #log: Logger
  readonly #now: () => number
  #windowEnd = -Infinity
  #lines = 0
  #unsaid = 0

  constructor(log: Logger, now: () => number) {
    this.#log = log
    this.#now = now
  }

  /** @param before what went wrong last time; null when all was well */
  failed(name: string, { error, before }: { error: DnsError; before: DnsError | null }): void {
    if (before !== null || !this.#mayWrite()) return
    this.#log.warn({ name, reason: error.detail }, 'a name does not resolve')
  }

  recovered(name: string, before: DnsError | null): void {
    if (before === null || !this.#mayWrite()) return
    this.#log.notice({ name, before: before.reason }, 'a name resolves again')
  }

  #mayWrite(): boolean {
    const now = this.#now()
    if (now >= this.#windowEnd) {
      const lines = this.#unsaid
      this.#windowEnd = now + WINDOW_MS
      this.#lines = 0
      this.#unsaid = 0
      if (lines > 0) this.#log.warn({ lines }, 'names: more has changed than was written here')
    }
    if (this.#lines < MOST_LINES) {
      this.#lines++
      return true
    }
    this.#unsaid++
    return false
  }
}
