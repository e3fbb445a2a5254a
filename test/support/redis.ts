// A Redis server of one's own: free port, nothing on disk, gone when stopped.
import { Redis } from 'ioredis'
import { Child } from './child.js'
import { makeFolder } from './folder.js'
import { freePort } from './ports.js'
import { HttpClient } from './http-client.js'
import { waitFor } from './wait.js'

export interface RunningRedis {
  readonly port: number
  /** Takes connections, and answers nobody until `resume`. */
  pause(): void
  resume(): void
  stop(): Promise<void>
}

/**
 * @param args further settings as on the command line, such as `--requirepass secret`
 * @param port given by a test that starts it again
 */
export async function startRedis(
  args: readonly string[] = [],
  port?: number,
): Promise<RunningRedis> {
  const inMemory = ['--save', '', '--appendonly', 'no']
  return start([], port ?? (await freePort()), [...inMemory, ...args])
}

/** @param configFile whom to watch; the sentinel keeps its state there */
export async function startSentinel(configFile: string): Promise<RunningRedis> {
  return start([configFile], await freePort(), ['--sentinel'])
}

async function start(
  first: readonly string[],
  port: number,
  args: readonly string[],
): Promise<RunningRedis> {
  // A replica writes what it gets, and a server reads what it finds: so each has a folder of its own.
  const folder = makeFolder()
  const place = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder.path]
  const child = new Child('redis-server', [...first, ...place, ...args])
  try {
    await waitFor('redis-server', () => !child.isRunning || accepts(port), 10_000)
    if (!child.isRunning) throw new Error(`redis-server ended: ${child.output.slice(-500)}`)
  } catch (error) {
    await child.stop()
    folder.remove()
    throw error
  }
  return {
    port,
    pause: () => child.signal('SIGSTOP'),
    resume: () => child.signal('SIGCONT'),
    stop: async () => {
      // One that is paused hears of nothing else.
      child.signal('SIGCONT')
      await child.stop()
      folder.remove()
    },
  }
}

/** Sends one command on a connection of its own; its answer. */
export async function command(port: number, ...words: string[]): Promise<unknown> {
  const client = new Redis(port)
  try {
    const [name = '', ...args] = words
    return await client.call(name, ...args)
  } finally {
    client.disconnect()
  }
}

async function accepts(port: number): Promise<boolean> {
  try {
    const client = await HttpClient.connect(port)
    client.close()
    return true
  } catch {
    return false // refused: not listening yet
  }
}
