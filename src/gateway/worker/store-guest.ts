// A worker's way to the store on the main thread. It remembers what it has read, as long as that holds.
import type { MessagePort } from 'node:worker_threads'
import { MAX_VALUE_CHARS, StoreError, type SharedStore } from '../../plugin/shared-store.js'
import type { StoreVersions, StoreAnswer, StoreQuestion } from './store-messages.js'

/** The main thread may be busy with a large configuration for some seconds. */
const PATIENCE_MS = 10_000
/** Questions without an answer yet: beyond, one is refused at once. */
const MAX_PENDING = 10_000
/** What is remembered at most: 20 MB. */
const MAX_REMEMBERED = 10_000
const MAX_REMEMBERED_CHARS = 2_000

interface Pending {
  settle(answer: StoreAnswer): void
  readonly timer: NodeJS.Timeout
}

interface Remembered {
  readonly value: string
  readonly version: number
  readonly endsAt: number
}

export class StoreGuest implements SharedStore {
  readonly #port: MessagePort
  readonly #versions: StoreVersions
  readonly #now: () => number
  readonly #pending = new Map<number, Pending>()
  readonly #remembered = new Map<string, Remembered>()
  #lastId = 0

  /** @param now milliseconds of a clock that never goes back */
  constructor(port: MessagePort, versions: StoreVersions, now: () => number) {
    this.#port = port
    this.#versions = versions
    this.#now = now
    port.on('message', (answer: StoreAnswer) => this.#pending.get(answer.id)?.settle(answer))
    port.unref()
  }

  async put(key: string, value: string, ttlMs: number): Promise<string | null> {
    if (value.length > MAX_VALUE_CHARS) throw StoreError.of('a value is too long for the store')
    return (await this.#ask({ id: this.#nextId(), kind: 'put', key, value, ttlMs })).value
  }

  // HOT PATH
  get(key: string): Promise<string | null> | string {
    const known = this.#remembered.get(key)
    if (known !== undefined) {
      if (known.version === this.#versions.of(key) && known.endsAt > this.#now()) return known.value
      this.#remembered.delete(key)
    }
    return this.#fetch(key)
  }

  async take(key: string): Promise<string | null> {
    return (await this.#ask({ id: this.#nextId(), kind: 'take', key })).value
  }

  async #fetch(key: string): Promise<string | null> {
    // Both before the question: what happens to the value meanwhile shows in the version.
    const version = this.#versions.of(key)
    const askedAt = this.#now()
    const { value, timeLeft } = await this.#ask({ id: this.#nextId(), kind: 'get', key })
    if (value !== null && value.length <= MAX_REMEMBERED_CHARS) {
      this.#remember(key, { value, version, endsAt: askedAt + timeLeft })
    }
    return value
  }

  #remember(key: string, remembered: Remembered): void {
    if (this.#remembered.size >= MAX_REMEMBERED) {
      for (const oldest of this.#remembered.keys()) {
        this.#remembered.delete(oldest)
        break
      }
    }
    this.#remembered.set(key, remembered)
  }

  #nextId(): number {
    return ++this.#lastId
  }

  #ask(question: StoreQuestion): Promise<StoreAnswer> {
    // A plugin in JavaScript is held to the contract by nothing else, and the main thread must not stumble over it.
    if (typeof question.key !== 'string') throw new TypeError('a key of the store is a text')
    if (this.#pending.size >= MAX_PENDING) {
      throw StoreError.of(`${MAX_PENDING} questions wait for the store already`)
    }
    return new Promise((resolve, reject) => {
      const { id } = question
      const end = (): void => {
        clearTimeout(timer)
        this.#pending.delete(id)
      }
      const timer = setTimeout(() => {
        end()
        reject(StoreError.of('the store did not answer in time'))
      }, PATIENCE_MS)
      const settle = (answer: StoreAnswer): void => {
        end()
        resolve(answer)
      }
      this.#pending.set(id, { settle, timer })
      this.#port.postMessage(question)
    })
  }
}
