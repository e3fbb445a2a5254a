// The main thread's hold on one worker.
import { SHARE_ENV, Worker as Thread } from 'node:worker_threads'
import { ConfigError } from '../../errors/config-error.js'
import type { Answer, Order, WorkerData } from './messages.js'

/** What an order ends with when the worker has died. */
export class WorkerGone extends Error {
  constructor(reason: string) {
    super(`the worker has ended: ${reason}`)
  }
}

export class Worker {
  /** Resolves when the thread has ended, with the reason. */
  readonly ended: Promise<string>
  readonly #thread: Thread
  /** In the order of their orders. */
  readonly #waiting: ((answer: Answer | WorkerGone) => void)[] = []
  #gone: WorkerGone | null = null

  constructor(data: WorkerData) {
    const thread = new Thread(new URL('./thread.js', import.meta.url), {
      workerData: data,
      transferList: [data.store],
      name: `gw worker ${data.place}`,
      // uWebSockets.js reads settings of its own from there, which a copy would keep from it.
      env: SHARE_ENV,
    })
    this.#thread = thread
    let reason = ''
    thread.on('error', (error: Error & { readonly code?: string }) => {
      reason = error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'out of memory' : error.message
    })
    thread.on('message', (answer: Answer) => this.#waiting.shift()?.(answer))
    this.ended = new Promise((resolve) => {
      thread.on('exit', (code) => {
        this.#gone = new WorkerGone(reason || `exit code ${code}`)
        for (const settle of this.#waiting.splice(0)) settle(this.#gone)
        resolve(reason || `exit code ${code}`)
      })
    })
  }

  /**
   * Rejects with ConfigError for what the worker refuses, WorkerGone when it has ended, and Error for all that goes wrong
   * otherwise.
   */
  order(order: Exclude<Order, { kind: 'stop' }>): Promise<Answer> {
    if (this.#gone !== null) return Promise.reject(this.#gone)
    return new Promise((resolve, reject) => {
      this.#waiting.push((answer) => {
        if (answer instanceof WorkerGone) reject(answer)
        else if (answer.kind === 'refused') reject(new ConfigError(answer.problems))
        else if (answer.kind === 'failed') reject(new Error(answer.message))
        else resolve(answer)
      })
      this.#thread.postMessage(order)
    })
  }

  /** What is not answered. */
  send(order: Extract<Order, { kind: 'stop' }>): void {
    this.#thread.postMessage(order)
  }

  /** Ends the thread wherever it is. Not while uWebSockets.js has a socket open there: that would end the process. */
  async terminate(): Promise<void> {
    await this.#thread.terminate()
  }
}
