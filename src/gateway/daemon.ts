// A gateway in the background: a process of its own, which tells the one that started it how it went, and is then left
// to itself. Its output goes to a log in the prefix.
import { fork } from 'node:child_process'
import { closeSync, openSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { IN_PREFIX } from './prefix.js'

/** What the gateway says to its starter. */
type Word = { readonly state: 'ready' } | { readonly state: 'failed'; readonly message: string }

/**
 * Resolves once it listens.
 * @param command the program and what it is told
 * @throws Error with what the gateway said, or the end of its log
 */
export async function startDaemon(
  command: { readonly program: string; readonly args: readonly string[] },
  prefix: string,
): Promise<void> {
  const file = join(prefix, IN_PREFIX.errorLog)
  const log = openSync(file, 'a', 0o640)
  const start = statSync(file).size
  const child = fork(command.program, command.args, {
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
  })
  closeSync(log)
  // Whoever interrupts the start means the gateway, too.
  const interrupt = (): void => void child.kill('SIGTERM')
  const interrupts = ['SIGINT', 'SIGTERM'] as const
  // Before handlers that end this process.
  for (const signal of interrupts) process.prependListener(signal, interrupt)
  try {
    await new Promise<void>((resolve, reject) => {
      let said = ''
      child.once('error', reject)
      child.on('message', (message) => {
        if (!isWord(message)) return
        if (message.state === 'ready') resolve()
        else said = message.message
      })
      // Also behind what it said: only now its place in the prefix is free again.
      child.once('exit', (code, signal) => {
        const end = `it ended with ${code ?? signal ?? 'no word'}`
        const seen = [end, endOf(file, start)].filter(Boolean).join('\n')
        reject(new Error(said === '' ? seen : said))
      })
    })
  } finally {
    for (const signal of interrupts) process.off(signal, interrupt)
    child.removeAllListeners()
    if (child.connected) child.disconnect()
    child.unref()
  }
}

/** In the gateway: tells its starter, if there is one that listens, and lets go of it. */
export function tellStarter(word: Word): Promise<void> {
  if (process.send === undefined || !process.connected) return Promise.resolve()
  return new Promise((resolve) => {
    // A starter that has gone needs no word.
    process.send?.(word, undefined, undefined, () => {
      if (process.connected) process.disconnect()
      resolve()
    })
  })
}

function isWord(message: unknown): message is Word {
  if (typeof message !== 'object' || message === null || !('state' in message)) return false
  if (message.state === 'ready') return true
  return message.state === 'failed' && 'message' in message && typeof message.message === 'string'
}

/** More of a log than this nobody reads on a terminal. */
const MAX_CHARACTERS = 4_000

function endOf(file: string, from: number): string {
  return readFileSync(file).subarray(from).toString('utf8').slice(-MAX_CHARACTERS).trimEnd()
}
