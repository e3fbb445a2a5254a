// A prefix of its own for a gateway that commands start, ask and end, as a person at a shell would.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runToEnd } from '../../support/child.js'
import { makeFolder } from '../../support/folder.js'
import { isReady, oneRoute } from '../../support/gateway.js'
import { freePorts } from '../../support/ports.js'
import { gwCommand, kongCommand } from '../../support/root.js'
import { waitFor } from '../../support/wait.js'

export type Result = Awaited<ReturnType<typeof runToEnd>>

export interface Place {
  readonly folder: string
  readonly prefix: string
  readonly configFile: string
  readonly proxyPort: number
  readonly statusPort: number
  /** Settings that every command gets. */
  readonly env: Readonly<Record<string, string>>
  readonly errorLog: string
  /** Null when there is none. */
  readonly pid: number | null
  gw(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Result>
  kong(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Result>
  writeConfig(config: string | object): void
  waitUntilReady(): Promise<void>
  /** Ends what runs there, by its id, and removes the files. */
  remove(): Promise<void>
}

export async function makePlace(): Promise<Place> {
  const folder = makeFolder()
  const prefix = join(folder.path, 'prefix')
  const [proxyPort = 0, statusPort = 0, nobody = 0] = await freePorts(3)
  const configFile = folder.write('kong.yml', JSON.stringify(oneRoute(nobody)))
  const env = {
    KONG_PREFIX: prefix,
    KONG_DATABASE: 'off',
    KONG_DECLARATIVE_CONFIG: configFile,
    KONG_PROXY_LISTEN: `127.0.0.1:${proxyPort}`,
    KONG_ADMIN_LISTEN: 'off',
    KONG_STATUS_LISTEN: `127.0.0.1:${statusPort}`,
    KONG_NGINX_WORKER_PROCESSES: '1',
  }
  const run = (
    command: string,
    args: readonly string[],
    more: Readonly<Record<string, string>> = {},
  ): Promise<Result> => runToEnd(process.execPath, [command, ...args], { ...env, ...more })
  const place: Place = {
    folder: folder.path,
    prefix,
    configFile,
    proxyPort,
    statusPort,
    env,
    get errorLog() {
      return readFileSync(join(prefix, 'logs/error.log'), 'utf8')
    },
    get pid() {
      const file = join(prefix, 'pids/nginx.pid')
      return existsSync(file) ? Number(readFileSync(file, 'utf8')) : null
    },
    gw: (args, more) => run(gwCommand, args, more),
    kong: (args, more) => run(kongCommand, args, more),
    writeConfig(config) {
      writeFileSync(configFile, typeof config === 'string' ? config : JSON.stringify(config))
    },
    waitUntilReady: () => waitFor('the gateway to be ready', () => isReady(statusPort), 20_000),
    async remove() {
      const { pid } = place
      if (pid !== null && isRunning(pid)) {
        process.kill(pid, 'SIGTERM')
        await waitFor('the gateway to end', () => !isRunning(pid), 20_000)
      }
      folder.remove()
    },
  }
  return place
}

/** Of processes that are nobody's children here. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  const stat = `/proc/${pid}/stat`
  return !existsSync(stat) || !readFileSync(stat, 'latin1').includes(') Z ')
}

/** Puts a record there that says so, as one that was killed would leave it. */
export function leaveRecord(prefix: string, text: string): void {
  mkdirSync(join(prefix, 'pids'), { recursive: true })
  writeFileSync(join(prefix, 'pids/gw.process'), text)
  writeFileSync(join(prefix, 'pids/nginx.pid'), text.split(' ', 1)[0] ?? '')
}
