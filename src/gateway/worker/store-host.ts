// The store that all workers share, on the main thread: it outlives workers and configurations.
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import type { Logger } from '../../log/logger.js'
import { StoreMemory, type StoreLimits } from '../../plugin/shared-store.js'
import { monotonicMs } from './board.js'
import { StoreVersions, type StoreAnswer, type StoreQuestion } from './store-messages.js'

/** A store that stays full says so this often. */
const REMINDER_MS = 60_000

export class StoreHost {
  readonly versions = new StoreVersions()
  readonly #memory: StoreMemory
  readonly #log: Logger
  #told = 0
  #toldAt = -Infinity

  constructor(log: Logger, limits?: StoreLimits) {
    this.#log = log
    this.#memory = new StoreMemory(monotonicMs, (key) => this.versions.advance(key), limits)
  }

  /** The end of a line to the store, for a worker. It closes with the worker. */
  connect(): MessagePort {
    const { port1: own, port2: other } = new MessageChannel()
    own.on('message', (question: StoreQuestion) => own.postMessage(this.#answer(question)))
    // A worker keeps the process alive, its line does not.
    own.unref()
    return other
  }

  #answer(question: StoreQuestion): StoreAnswer {
    const { id, kind, key } = question
    switch (kind) {
      case 'get': {
        const value = this.#memory.get(key)
        return { id, value, timeLeft: this.#memory.timeLeft(key) }
      }
      case 'take':
        return { id, value: this.#memory.take(key), timeLeft: 0 }
      case 'put': {
        const value = this.#memory.put(key, question.value, question.ttlMs)
        this.#tellOfEvictions()
        return { id, value, timeLeft: 0 }
      }
    }
  }

  #tellOfEvictions(): void {
    const { evictions, size } = this.#memory
    if (evictions === this.#told || monotonicMs() - this.#toldAt < REMINDER_MS) return
    this.#log.warn(
      { entries: size, givenUp: evictions - this.#told },
      'the store that workers share is full: its oldest entries are given up',
    )
    this.#told = evictions
    this.#toldAt = monotonicMs()
  }
}
