// The tries of one request, kept where a plugin has a log phase.
import { ERRORS, type ErrorCode } from '../errors/codes.js'
import type { TryEntry } from '../plugin/contract.js'
import type { Origin, Target, Tries, Try } from '../proxy/transport.js'

export class TryLog {
  readonly entries: { -readonly [K in keyof TryEntry]: TryEntry[K] }[] = []

  /** @param startedAt ms, monotonic: when the target began to be chosen */
  begin({ host, port }: Target, startedAt: number): void {
    this.entries.push({
      startedAt: performance.timeOrigin + startedAt,
      latency: performance.now() - startedAt,
      ip: host,
      port,
      state: null,
      code: null,
    })
  }

  /** @param failed how the last one has, or the status of an answer that was not good enough */
  failed(failed: ErrorCode | number): void {
    const last = this.entries.at(-1)
    if (last?.state !== null) return
    last.state = typeof failed === 'number' ? 'next' : 'failed'
    last.code = typeof failed === 'number' ? failed : ERRORS[failed].status
  }
}

/** Goes to the one target that there is, and keeps that it did. */
export class SameTarget implements Tries {
  readonly #log: TryLog
  readonly #try: Try

  constructor(log: TryLog, origin: Origin, head: string) {
    this.#log = log
    this.#try = { origin, head }
    log.begin(origin.target, performance.now())
  }

  next(failed: ErrorCode | number): Try {
    this.#log.failed(failed)
    this.#log.begin(this.#try.origin.target, performance.now())
    return this.#try
  }
}
