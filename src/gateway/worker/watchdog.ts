// Looks after what serves: does each worker react, has it memory left, does the table of counters hold all that is counted.
import type { Logger } from '../../log/logger.js'
import type { CounterTable } from '../../plugin/counter-table.js'
import { monotonicMs, type Board } from './board.js'

const LOOK_MS = 1_000
/** Without a sign of life for so long, a worker hangs. */
const HANGS_AFTER_MS = 10_000
/** A worker that has used so much of its memory at two looks in a row is replaced before it dies of it. */
const FULL = 0.9
/** If that has not helped, it is tried again after so many looks. */
const FULL_AGAIN_LOOKS = 60
/** A full table of counters is told of so often, not with every counter that it gives up. */
const COUNTERS_EVERY_MS = 60_000

export interface Watched {
  /** On the board. */
  readonly place: number
  /** Has the configuration that is in force, and listens. */
  serves: boolean
  /** Is about to end, and that is meant. */
  leaves: boolean
  hangs: boolean
  /** At how many looks in a row its memory was full. */
  fullLooks: number
}

export interface WatchdogOptions<M extends Watched> {
  readonly members: Iterable<M>
  readonly board: Board
  readonly counters: Pick<CounterTable, 'evictions' | 'capacity'>
  readonly log: Logger
  /** Once for each time that it begins. */
  readonly onHang: (member: M) => void
  readonly onFull: (member: M) => void
}

export class Watchdog<M extends Watched> {
  readonly #options: WatchdogOptions<M>
  #timer: NodeJS.Timeout | null = null
  #lookedAt = 0
  #toldOfCountersAt = -Infinity
  #evictions = 0

  constructor(options: WatchdogOptions<M>) {
    this.#options = options
  }

  get isRunning(): boolean {
    return this.#timer !== null
  }

  start(): void {
    this.#lookedAt = monotonicMs()
    this.#timer = setInterval(() => this.look(), LOOK_MS)
    this.#timer.unref()
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#timer = null
  }

  look(now = monotonicMs()): void {
    // After time in which this thread itself stood still, the others have to have their turn first.
    const stoodStill = now - this.#lookedAt > 2 * LOOK_MS
    this.#lookedAt = now
    if (stoodStill) return
    for (const member of this.#options.members) {
      if (!member.serves || member.leaves) continue
      this.#checkLife(member, now)
      this.#checkMemory(member)
    }
    this.#checkCounters(now)
  }

  #checkLife(member: M, now: number): void {
    const { board, log, onHang } = this.#options
    const worker = member.place
    const silentMs = now - board.read(worker).beat
    const hangs = silentMs > HANGS_AFTER_MS
    if (hangs === member.hangs) return
    member.hangs = hangs
    if (!hangs) {
      log.notice({ worker }, 'a worker reacts again')
      return
    }
    log.error(
      { worker, silentMs },
      'a worker does not react: something computes without an end, such as a plugin or a regular expression',
    )
    onHang(member)
  }

  #checkMemory(member: M): void {
    const { board, log, onFull } = this.#options
    const worker = member.place
    const { heapUse } = board.read(worker)
    member.fullLooks = heapUse > FULL ? member.fullLooks + 1 : 0
    if (member.fullLooks % FULL_AGAIN_LOOKS !== 2) return
    const percent = Math.round(heapUse * 100)
    log.error({ worker, percent }, 'a worker is running out of memory, and is replaced')
    onFull(member)
  }

  #checkCounters(now: number): void {
    const { counters, log } = this.#options
    const evictions = counters.evictions - this.#evictions
    if (evictions === 0 || now - this.#toldOfCountersAt < COUNTERS_EVERY_MS) return
    this.#toldOfCountersAt = now
    this.#evictions = counters.evictions
    log.warn(
      { evictions, slots: counters.capacity },
      'the table of counters is full: the least used were forgotten before their time, so that limits let some requests more through',
    )
  }
}
