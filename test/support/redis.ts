// A Redis server of one's own: free port, nothing on disk, gone when stopped.
import { Child } from './child.js'
import { freePort } from './ports.js'
import { HttpClient } from './http-client.js'
import { waitFor } from './wait.js'

export interface RunningRedis {
  readonly port: number
  stop(): Promise<void>
}

/** @param args further settings as on the command line, such as `--requirepass secret` */
export async function startRedis(args: readonly string[] = []): Promise<RunningRedis> {
  const port = await freePort()
  const settings = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
  ]
  const child = new Child('redis-server', [...settings, '--dir', '/tmp', ...args])
  try {
    await waitFor('redis-server', () => !child.isRunning || accepts(port), 10_000)
    if (!child.isRunning) throw new Error(`redis-server ended: ${child.output.slice(-500)}`)
  } catch (error) {
    await child.stop()
    throw error
  }
  return {
    port,
    stop: async () => {
      await child.stop()
    },
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
