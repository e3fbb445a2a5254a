// Keeps the workers: starts them, gives them each configuration at the same moment, replaces those that die.
import { randomBytes } from 'node:crypto'
import { describeError } from '../../errors/describe.js'
import type { Logger } from '../../log/logger.js'
import type { ListenEntry } from '../listen-syntax.js'
import type { ProxyListener } from '../listeners.js'
import type { Settings } from '../settings.js'
import { makeUpdate, type Inventory } from '../update/make-update.js'
import type { ConfigUpdate, TlsUpdate } from '../update/config-update.js'
import type { LoadedConfig } from '../../config/index.js'
import type { CounterTable } from '../../plugin/counter-table.js'
import type { GuardCounts } from '../../upstream/guard-counts.js'
import type { HealthTable } from '../../upstream/health/health-table.js'
import { Board, monotonicMs, type Report } from './board.js'
import type { StopMode } from './messages.js'
import { unlessGone, unlessLost, whileItReacts, within } from './patience.js'
import type { StoreHost } from './store-host.js'
import { Totals } from './totals.js'
import { Watchdog, type Watched, type WatchdogOptions } from './watchdog.js'
import { Worker } from './worker.js'

/** A worker that dies at once is started again less and less often. */
const FIRST_PAUSE_MS = 50
const LONGEST_PAUSE_MS = 5_000
/** One that has lived so long is not dying at once. */
const SETTLED_MS = 10_000

/** What a worker may take beyond the time it is given to end. */
const GRACE_MS = 2_000

export interface SupervisorOptions {
  readonly settings: Settings
  readonly workers: number
  /** Two workers may listen on a port at the same time. */
  readonly canShare: boolean
  /** A thread may be ended wherever it is: see Worker.terminate. */
  readonly canTerminate: boolean
  /** These outlive every worker. */
  readonly counters: CounterTable
  readonly buckets: CounterTable
  readonly health: HealthTable
  readonly store: StoreHost
  readonly log: Logger
}

interface Member extends Watched {
  readonly worker: Worker
  readonly startedAt: number
}

/** What all workers have. */
interface InForce {
  readonly config: LoadedConfig
  readonly tls: TlsUpdate
  readonly inventory: Inventory
}

export class Supervisor {
  readonly #options: SupervisorOptions
  readonly #board: Board
  readonly #members = new Set<Member>()
  readonly #freePlaces: number[]
  #inForce: InForce | null = null
  #entries: readonly ListenEntry[] = []
  readonly #totals = new Totals()
  #pauseMs = FIRST_PAUSE_MS
  #isStopping = false
  #lastTurn: Promise<unknown> = Promise.resolve()
  readonly #watchdog: Watchdog<Member>
  readonly #secret = new Uint8Array(randomBytes(32))

  /** Starts the threads at once, so that they load their modules while the configuration is read. */
  constructor(options: SupervisorOptions) {
    this.#options = options
    // One that leaves may take its time while its successor serves.
    const places = 2 * options.workers
    this.#board = new Board(places)
    this.#freePlaces = Array.from({ length: places }, (_, place) => place).reverse()
    this.#watchdog = new Watchdog({
      members: this.#members,
      board: this.#board,
      counters: jointly(options),
      log: options.log,
      onHang: ({ worker }) => {
        if (options.canTerminate) void worker.terminate()
      },
      onFull: (member) => void this.#replace(member),
    })
    for (let i = 0; i < options.workers; i++) this.#spawn()
  }

  get totalRequests(): number {
    return this.#totals.requests(this.#reports)
  }

  get pendingRequests(): number {
    return this.#reports.reduce((sum, { pending }) => sum + pending, 0)
  }

  get guards(): GuardCounts {
    return this.#totals.guards(this.#reports)
  }

  get canShare(): boolean {
    return this.#options.canShare
  }

  get health(): HealthTable {
    return this.#options.health
  }

  get workers(): number {
    return this.#options.workers
  }

  /** What the objects of each worker take, in bytes. */
  get heaps(): readonly number[] {
    return this.#reports.map(({ heapBytes }) => heapBytes)
  }

  /** Workers that serve, and react. */
  get serving(): number {
    return [...this.#members].filter(({ serves, leaves, hangs }) => serves && !leaves && !hangs)
      .length
  }

  /**
   * Gives all workers a configuration: first they make it ready, each aside, and when all have, it serves in all. When one
   * refuses it, it serves in none.
   * @throws ConfigError
   */
  apply(config: LoadedConfig, tls: TlsUpdate): Promise<void> {
    return this.#inTurn(async () => {
      const base = this.#inForce
      const { update, inventory } = makeUpdate(config, tls, base?.inventory ?? null)
      const isFirst = base === null
      const members = [...this.#members].filter(({ serves }) => serves || isFirst)
      await (isFirst ? this.#prepareAtOnce(members, update) : this.#prepare(members, update))
      this.#inForce = { config, tls, inventory }
      await Promise.all(
        members.map(async (member) => {
          const committed = member.worker.order({ kind: 'commit' })
          // Later, one that dies or hangs has nothing to do with whether the others serve.
          await (isFirst ? committed : unlessLost(whileItReacts(member, committed)))
        }),
      )
    })
  }

  /** Lets all workers listen; rejects with a message that names address and port when one cannot. */
  listen(entries: readonly ListenEntry[]): Promise<readonly ProxyListener[]> {
    return this.#inTurn(async () => {
      this.#entries = entries
      const listening = [...this.#members].map((member) => this.#listen(member))
      // All have to be heard before one that fails ends the start.
      const [first] = (await Promise.allSettled(listening)).map(valueOf)
      this.#watchdog.start()
      return first ?? []
    })
  }

  /** What a plugin answers in each worker that serves and reacts. */
  async inquire(plugin: string, question: unknown): Promise<readonly unknown[]> {
    const asked = [...this.#members].filter(({ serves, hangs }) => serves && !hangs)
    const answers = asked.map(async (member) => {
      const order = member.worker.order({ kind: 'inquire', plugin, question })
      let value: unknown
      await unlessLost(
        whileItReacts(member, order).then((answer) => {
          if (answer.kind === 'told') value = answer.value
        }),
      )
      return value
    })
    return Promise.all(answers)
  }

  /** Answers close their connections from now on. */
  drain(): void {
    for (const { worker } of this.#members) void unlessLost(worker.order({ kind: 'drain' }))
  }

  /** Resolves when all threads have ended; with one that does not end in time, it says so and rejects. */
  async stop(mode: StopMode, timeoutMs: number): Promise<void> {
    this.#isStopping = true
    this.#watchdog.stop()
    const members = [...this.#members]
    for (const member of members) {
      member.leaves = true
      member.worker.send({ kind: 'stop', mode, timeoutMs })
    }
    const ended = Promise.all(members.map(({ worker }) => worker.ended))
    const patience = (mode === 'fast' ? 0 : timeoutMs) + GRACE_MS
    if (!(await within(patience, ended))) throw new Error('a worker does not react and cannot end')
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#lastTurn.then(work)
    this.#lastTurn = turn.catch(() => undefined) // the caller hears of it
    return turn
  }

  /** Before there is any traffic. */
  async #prepareAtOnce(members: readonly Member[], update: ConfigUpdate): Promise<void> {
    await Promise.all(members.map(({ worker }) => worker.order({ kind: 'prepare', update })))
  }

  /**
   * One after the other, so that the processors are left to the traffic. Rejects when one of them refuses or hangs; one that
   * dies meanwhile is left to its successor.
   */
  async #prepare(members: readonly Member[], update: ConfigUpdate): Promise<void> {
    try {
      for (const member of members) {
        const prepared = member.worker.order({ kind: 'prepare', update })
        await whileItReacts(member, prepared).catch(unlessGone)
      }
    } catch (error) {
      for (const { worker } of members) void unlessLost(worker.order({ kind: 'abandon' }))
      throw error
    }
  }

  async #listen(member: Member): Promise<readonly ProxyListener[]> {
    const answer = await member.worker.order({ kind: 'listen', entries: this.#entries })
    member.serves = true
    return answer.kind === 'listening' ? answer.listeners : []
  }

  #spawn(): Member {
    const { settings, workers, counters, buckets, health, store } = this.#options
    const place = this.#freePlaces.pop()
    if (place === undefined) throw new Error('there are too many workers that do not end')
    this.#board.clear(place)
    const shared = {
      board: this.#board.buffer,
      counters: counters.buffer,
      buckets: buckets.buffer,
      health: health.buffer,
      store: store.connect(),
      storeVersions: store.versions.buffer,
      secret: this.#secret,
    }
    const data = { settings, place, workers, ...shared }
    const member: Member = {
      place,
      worker: new Worker(data),
      startedAt: monotonicMs(),
      serves: false,
      leaves: false,
      hangs: false,
      fullLooks: 0,
    }
    this.#members.add(member)
    void member.worker.ended.then((reason) => this.#onEnd(member, reason))
    return member
  }

  #onEnd(member: Member, reason: string): void {
    const { place, leaves, startedAt } = member
    this.#totals.retire(this.#board.read(place))
    this.#board.clear(place)
    this.#members.delete(member)
    this.#freePlaces.push(place)
    if (leaves || this.#isStopping) return
    this.#options.log.error({ worker: place, reason }, 'a worker has died')
    // One that dies before the gateway serves has failed the start.
    if (!this.#watchdog.isRunning) return
    if (monotonicMs() - startedAt >= SETTLED_MS) this.#pauseMs = FIRST_PAUSE_MS
    setTimeout(() => void this.#replace(null), this.#pauseMs)
    this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS)
  }

  /** @param old the worker that a new one is for, while it still serves; null for one that has died */
  async #replace(old: Member | null): Promise<void> {
    if (this.#isStopping || (old === null && this.#isComplete)) return
    const { log, canShare } = this.#options
    const member = this.#spawn()
    try {
      // Outside of the turn: plugins may take their time.
      await member.worker.order({ kind: 'start' })
      await this.#inTurn(async () => {
        await this.#equip(member)
        if (old !== null && !canShare) await old.worker.order({ kind: 'leave' })
        await this.#listen(member)
      })
    } catch (error) {
      log.error({ worker: member.place }, `a worker could not be started: ${describeError(error)}`)
      // Its end brings about the next attempt.
      member.worker.send({ kind: 'stop', mode: 'fast', timeoutMs: 0 })
      return
    }
    log.notice({ worker: member.place }, 'a worker has taken the place of another')
    if (old !== null) this.#dismiss(old)
  }

  /** A successor that could not be started leaves the one that it was for in its place. */
  get #isComplete(): boolean {
    return [...this.#members].filter(({ leaves }) => !leaves).length >= this.#options.workers
  }

  /** Gives a worker that has nothing yet what all others have. */
  async #equip({ worker }: Member): Promise<void> {
    if (this.#inForce === null) return
    const { config, tls } = this.#inForce
    const { update } = makeUpdate(config, tls, null)
    await worker.order({ kind: 'prepare', update })
    await worker.order({ kind: 'commit' })
  }

  #dismiss(member: Member): void {
    member.leaves = true
    const { shutdownTimeoutMs: timeoutMs } = this.#options.settings
    member.worker.send({ kind: 'stop', mode: 'graceful', timeoutMs })
  }

  get #reports(): readonly Report[] {
    return [...this.#members].map(({ place }) => this.#board.read(place))
  }
}

function valueOf<T>(outcome: PromiseSettledResult<T>): T {
  if (outcome.status === 'rejected') throw outcome.reason
  return outcome.value
}

/** What the watchdog looks after: both tables forget when they are full. */
function jointly({ counters, buckets }: SupervisorOptions): WatchdogOptions<Member>['counters'] {
  return {
    capacity: counters.capacity,
    get evictions() {
      return counters.evictions + buckets.evictions
    },
  }
}
