// A client in a process of its own: connections of many ports and files, and no pause of the
// one is measured as a pause of the other.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { projectRoot } from '../../support/root.js'
import { pinned } from '../pinning.js'

/** What one kind of client is asked, and what it answers. */
export interface Protocol {
  readonly question: object
  readonly reply: object
}

export class ClientProcess<P extends Protocol> {
  readonly #process: ChildProcess

  /**
   * @param name of a file in this folder
   * @param isPinned to the core of the load
   */
  constructor(name: string, args: readonly string[], isPinned = true) {
    const file = join(projectRoot, `dist/test/bench/clients/${name}.js`)
    const command = [process.execPath, file, ...args]
    const [program = '', ...rest] = isPinned ? pinned('load', command) : command
    this.#process = spawn(program, rest, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  }

  /** Rejects when the process ends, or does not answer in time. */
  async ask(question: P['question'], patienceMs = 60_000): Promise<P['reply']> {
    const waiting = new AbortController()
    const { signal } = waiting
    try {
      this.#process.send(question)
      return await Promise.race([
        // What the file at the other end sends.
        once(this.#process, 'message', { signal }).then(([reply]) => reply as P['reply']),
        once(this.#process, 'exit', { signal }).then(() => {
          throw new Error('a client ended')
        }),
        sleep(patienceMs, undefined, { signal }).then(() => {
          throw new Error('a client did not answer')
        }),
      ])
    } finally {
      waiting.abort() // the two that have lost the race
    }
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return
    const ended = once(this.#process, 'exit')
    this.#process.kill('SIGKILL') // nothing in it is worth a goodbye
    await ended
  }
}

/** The other end: answers each question with what `answer` returns, and ends with the process that asks. */
export function serve<P extends Protocol>(
  answer: (question: P['question']) => Promise<P['reply']>,
): void {
  process.on('message', (question) => {
    // What `ask` sends.
    void answer(question as P['question']).then((reply) => process.send?.(reply))
  })
  process.once('disconnect', () => process.exit())
}
