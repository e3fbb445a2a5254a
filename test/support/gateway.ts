// A real gateway as its users start it: a process of its own on free ports, waited for until it is ready.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Child, type Ending } from './child.js'
import { freePorts } from './ports.js'
import { gwCommand } from './root.js'
import { waitFor } from './wait.js'

export interface GatewayOptions {
  /** The declarative file: its text, or an object that is written as JSON (which is YAML, too). */
  readonly config: string | object
  /** Settings besides the listeners, such as KONG_TRUSTED_IPS. */
  readonly env?: Readonly<Record<string, string>>
  /** What stands behind the address of the proxy listener, such as `ssl`. */
  readonly listenFlags?: string
  /** What to run instead of this project's `gw start`: a candidate of the bench. */
  readonly command?: readonly string[]
}

export interface RunningGateway {
  readonly child: Child
  readonly proxyPort: number
  readonly adminPort: number
  readonly statusPort: number
  /** The file that it was started on; write to it and send SIGHUP. */
  readonly configFile: string
  readonly log: string
  writeConfig(config: string | object): void
  /** Stops it and removes its files. */
  stop(): Promise<Ending>
}

/** Rejects with the gateway's output when it ends, or is not ready after 20 s. */
export async function startGateway(options: GatewayOptions): Promise<RunningGateway> {
  const gateway = await launch(options)
  try {
    await waitFor(
      'the gateway to be ready',
      async () => !gateway.child.isRunning || (await isReady(gateway.statusPort)),
      20_000,
    )
    if (!gateway.child.isRunning) throw new Error('the gateway ended')
    return gateway
  } catch (cause) {
    const { log } = gateway
    await gateway.stop()
    throw new Error(`the gateway did not start: ${log.slice(-2_000)}`, { cause })
  }
}

/** Starts it and does not wait: for those who measure, or expect a failure. */
export async function launch(options: GatewayOptions): Promise<RunningGateway> {
  const { config, env, command, listenFlags = '' } = options
  const folder = mkdtempSync(join(tmpdir(), 'gw-test-'))
  const configFile = join(folder, 'kong.yml')
  const writeConfig = (wanted: string | object): void =>
    writeFileSync(configFile, typeof wanted === 'string' ? wanted : JSON.stringify(wanted))
  writeConfig(config)
  const [proxyPort = 0, adminPort = 0, statusPort = 0] = await freePorts(3)
  const [program = '', ...args] = command ?? [process.execPath, gwCommand, 'start']
  const child = new Child(program, args, {
    KONG_DATABASE: 'off',
    KONG_DECLARATIVE_CONFIG: configFile,
    KONG_PREFIX: join(folder, 'prefix'),
    KONG_PROXY_LISTEN: `127.0.0.1:${proxyPort} ${listenFlags}`.trimEnd(),
    KONG_ADMIN_LISTEN: `127.0.0.1:${adminPort}`,
    KONG_STATUS_LISTEN: `127.0.0.1:${statusPort}`,
    KONG_LOG_LEVEL: 'notice',
    KONG_NGINX_WORKER_PROCESSES: '1',
    ...env,
  })
  return {
    child,
    proxyPort,
    adminPort,
    statusPort,
    configFile,
    get log() {
      return child.output
    },
    writeConfig,
    async stop() {
      const ending = await child.stop()
      rmSync(folder, { recursive: true, force: true })
      return ending
    },
  }
}

/** 200 on the status listener's /status/ready, as Kong says it. */
export function isReady(statusPort: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(
      { port: statusPort, host: '127.0.0.1', path: '/status/ready', agent: false, timeout: 1_000 },
      (response) => {
        response.resume()
        resolve(response.statusCode === 200)
      },
    )
    request.on('error', () => resolve(false))
    request.on('timeout', () => request.destroy())
  })
}

/** The commonest file: one service at that port, one route `/`. */
export function oneRoute(targetPort: number, more: object = {}): object {
  return {
    _format_version: '3.0',
    services: [
      {
        name: 'target',
        url: `http://127.0.0.1:${targetPort}`,
        routes: [{ name: 'all', paths: ['/'] }],
        ...more,
      },
    ],
  }
}
