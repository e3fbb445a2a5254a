// A child process whose output is kept and whose end can be awaited. Stopped by its own id, never by name.
import { spawn, type ChildProcess } from 'node:child_process'

export interface Ending {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export class Child {
  readonly pid: number
  /** Resolves when the process has ended and its output is complete. */
  readonly ended: Promise<Ending>
  #process: ChildProcess
  #output = ''
  #stdout = ''
  #ending: Ending | null = null

  /** Throws when the program cannot be started. */
  constructor(
    command: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ) {
    const child = spawn(command, args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#process = child
    this.ended = new Promise((resolve) => {
      const end = (ending: Ending): void => {
        this.#ending ??= ending
        resolve(this.#ending)
      }
      child.once('close', (code, signal) => end({ code, signal }))
      child.once('error', (error) => {
        this.#output += error.message
        end({ code: 127, signal: null })
      })
    })
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#output += text
      this.#stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#output += text
    })
    this.pid = child.pid ?? 0
  }

  /** Standard output and standard error so far, in the order of arrival. */
  get output(): string {
    return this.#output
  }

  get stdout(): string {
    return this.#stdout
  }

  get isRunning(): boolean {
    return this.#ending === null
  }

  signal(signal: NodeJS.Signals): void {
    this.#process.kill(signal)
  }

  /** SIGTERM, and SIGKILL for one that does not end in time. */
  async stop(graceMs = 8_000): Promise<Ending> {
    if (this.isRunning) this.signal('SIGTERM')
    const killer = setTimeout(() => this.signal('SIGKILL'), graceMs)
    const ending = await this.ended
    clearTimeout(killer)
    return ending
  }
}

/** Runs a program to its end. */
export async function runToEnd(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ code: number | null; stdout: string; output: string }> {
  const child = new Child(command, args, env)
  const { code } = await child.ended
  return { code, stdout: child.stdout, output: child.output }
}
