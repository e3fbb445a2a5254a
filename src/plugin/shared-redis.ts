// One connection of a worker to one Redis, shared by all who have the same settings: when it is made, given up and made
// again, and what requests are told meanwhile.
import type { Logger } from '../log/logger.js'
import type { PluginEnv } from './contract.js'
import { connectRedis, type Argument, type Connect } from './redis-client.js'
import type { RedisConnection, RedisScript, Trust } from './redis-client.js'
import { RedisError, type RedisTrouble } from './redis-error.js'
import { nameOfTarget, type RedisTarget } from './redis-target.js'

/** Commands without an answer yet, and requests that wait for the connection: beyond, one is refused at once. */
const MAX_PENDING = 10_000

const FIRST_DELAY_MS = 50
const MAX_DELAY_MS = 2_000
/** A connection that breaks sooner than this is not made again at once, but as after a failure. */
const STABLE_MS = 1_000

/** How long a connection is kept that nobody uses any more, as in Kong: requests that began before a reload finish on it. */
const LINGER_MS = 10_000

type State = 'idle' | 'connecting' | 'ready' | 'away' | 'closed'

interface Waiting {
  go(connection: RedisConnection): void
  fail(fault: RedisError): void
}

export interface RedisMeans {
  readonly connect: Connect
  readonly trust: Trust
  readonly log: Logger
  /** Milliseconds of a clock that never goes back. */
  now(): number
}

export class SharedRedis {
  readonly name: string
  readonly #target: RedisTarget
  readonly #means: RedisMeans
  #state: State = 'idle'
  #connection: RedisConnection | null = null
  #fault: RedisError = RedisError.of('away', 'not connected yet')
  /** While connecting after a connection that worked: requests that would rather wait a little than fail. */
  #waiting: Waiting[] = []
  #patience: NodeJS.Timeout | undefined
  #retry: NodeJS.Timeout | undefined
  #failures = 0
  #readyAt = 0
  #pending = 0
  /** What the log has been told, until it is over. */
  #trouble: RedisTrouble | null = null

  constructor(target: RedisTarget, means: RedisMeans) {
    this.name = nameOfTarget(target)
    this.#target = target
    this.#means = means
  }

  get isReady(): boolean {
    return this.#state === 'ready'
  }

  /** Begins to connect. Whatever comes of it, `run` says. */
  open(): void {
    if (this.#state !== 'idle') return
    this.#await()
    this.#attempt()
  }

  /**
   * Runs a script once, or not at all. Rejects with RedisError: at once while Redis is away, else when the configured time
   * is over.
   */
  async run(
    script: RedisScript,
    keys: readonly string[],
    args: readonly Argument[],
  ): Promise<unknown[]> {
    const waiting = this.#waiting.length
    if (this.#pending + waiting >= MAX_PENDING) {
      throw RedisError.of('crowded', `${MAX_PENDING} commands wait for an answer already`)
    }
    const connection = this.#connection ?? (await this.#ready())
    this.#pending++
    try {
      const reply = await connection.run(script, keys, args)
      if (this.#trouble !== null) this.#recover()
      return reply
    } catch (error) {
      if (error instanceof RedisError) this.#suffer(error)
      throw error
    } finally {
      this.#pending--
    }
  }

  close(): void {
    this.#state = 'closed'
    clearTimeout(this.#retry)
    clearTimeout(this.#patience)
    this.#connection?.close()
    this.#connection = null
    this.#turnAway(RedisError.of('away', 'the gateway has closed the connection'))
  }

  #ready(): Promise<RedisConnection> {
    if (this.#state !== 'connecting') return Promise.reject(this.#fault)
    return new Promise((go, fail) => this.#waiting.push({ go, fail }))
  }

  /** Requests may wait from now on, but not for longer than the configured time. */
  #await(): void {
    this.#state = 'connecting'
    this.#patience = setTimeout(
      () => this.#giveUp(RedisError.of('away', 'no connection in time')),
      this.#target.connectTimeoutMs,
    )
  }

  #attempt(): void {
    const { connect, trust } = this.#means
    connect(this.#target, trust, (fault) => this.#lost(fault)).then(
      (connection) => this.#connected(connection),
      (error: unknown) => this.#failed(error),
    )
  }

  #connected(connection: RedisConnection): void {
    if (this.#state === 'closed') {
      connection.close()
      return
    }
    clearTimeout(this.#patience)
    this.#state = 'ready'
    this.#connection = connection
    this.#readyAt = this.#means.now()
    // Whether it serves after another fault, the next command shows.
    if (this.#trouble === 'away' || this.#trouble === 'silent') this.#recover()
    for (const waiting of this.#waiting.splice(0)) waiting.go(connection)
  }

  #failed(error: unknown): void {
    if (this.#state === 'closed') return
    this.#giveUp(error instanceof RedisError ? error : RedisError.of('away', String(error)))
    this.#attemptLater()
  }

  /** A server that restarts is back at once, often before anybody asks: so nothing is said before an attempt has failed. */
  #lost(fault: RedisError): void {
    if (this.#state !== 'ready') return
    this.#connection = null
    const wasStable = this.#means.now() - this.#readyAt >= STABLE_MS
    if (wasStable) this.#failures = 0
    if (wasStable && fault.trouble !== 'silent') {
      this.#await()
      this.#attempt()
      return
    }
    this.#giveUp(fault)
    this.#attemptLater()
  }

  #giveUp(fault: RedisError): void {
    clearTimeout(this.#patience)
    this.#state = 'away'
    this.#fault = fault
    this.#suffer(fault)
    this.#turnAway(fault)
  }

  #turnAway(fault: RedisError): void {
    this.#fault = fault
    for (const waiting of this.#waiting.splice(0)) waiting.fail(fault)
  }

  #attemptLater(): void {
    const delay = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** this.#failures++)
    // Workers and replicas that lost it together do not come back together.
    this.#retry = setTimeout(() => this.#attempt(), delay * (0.5 + Math.random() / 2))
  }

  #suffer(fault: RedisError): void {
    const { trouble, message } = fault
    if (this.#trouble !== null || this.#state === 'closed') return
    this.#trouble = trouble
    this.#means.log.warn({ redis: this.name, trouble, cause: message }, 'Redis does not serve')
  }

  #recover(): void {
    this.#trouble = null
    this.#means.log.notice({ redis: this.name }, 'Redis serves again')
  }
}

interface Entry {
  readonly redis: SharedRedis
  users: number
  closing: NodeJS.Timeout | undefined
}

/** What a plugin has to hand over. */
export type RedisEnv = Pick<PluginEnv, 'log' | 'serverTrust'>

/** The connections of a worker. */
export class RedisPool {
  readonly #entries = new Map<string, Entry>()
  readonly #connect: Connect

  constructor(connect: Connect) {
    this.#connect = connect
  }

  get size(): number {
    return this.#entries.size
  }

  /** Everybody with the same settings gets the same object, until `release`. Begins to connect. */
  lease(target: RedisTarget, { log, serverTrust: trust }: RedisEnv): SharedRedis {
    const key = JSON.stringify(target)
    let entry = this.#entries.get(key)
    if (entry === undefined) {
      const now = (): number => performance.now()
      const redis = new SharedRedis(target, { connect: this.#connect, trust, log, now })
      entry = { redis, users: 0, closing: undefined }
      this.#entries.set(key, entry)
    }
    clearTimeout(entry.closing)
    entry.users++
    entry.redis.open()
    return entry.redis
  }

  /** @param lingerMs how long it stays open for others to come, once nobody uses it; 0 at the end of the worker */
  release(redis: SharedRedis, lingerMs = LINGER_MS): void {
    for (const [key, entry] of this.#entries) {
      if (entry.redis !== redis || --entry.users > 0) continue
      const close = (): void => {
        this.#entries.delete(key)
        redis.close()
      }
      if (lingerMs === 0) close()
      else entry.closing = setTimeout(close, lingerMs).unref()
    }
  }
}

/** Each worker is a thread with modules of its own, and so has one of these. */
export const redisPool = new RedisPool(connectRedis)
