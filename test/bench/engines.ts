// The engines that a measurement can be about, and a gateway that runs on one of them.
import { ENGINES, type EngineKind } from '../../src/gateway/engine-settings.js'
import { startGateway, type RunningGateway } from '../support/gateway.js'
import { HttpClient } from '../support/http-client.js'
import { gwCommand } from '../support/root.js'
import { certificateFiles } from './certificate.js'
import { pinned } from './pinning.js'

/** What `--engine` says: one engine, or `both`. */
export function chosenEngines(text: string): readonly EngineKind[] {
  if (text === 'both') return ENGINES
  const engine = ENGINES.find((name) => name === text)
  if (engine === undefined)
    throw new Error(`--engine is ${ENGINES.join(', ')} or both, not ${text}`)
  return [engine]
}

export interface BenchGatewayOptions {
  readonly engine: EngineKind
  readonly config: object
  readonly isSecure?: boolean
  /** Another gateway's command, from `--gw`; started with Kong's settings in its environment. */
  readonly command?: string | undefined
  /** Settings besides those that every gateway here has. */
  readonly env?: Readonly<Record<string, string>>
  /** Options of Node's for our own gateway. */
  readonly nodeOptions?: readonly string[]
}

/** On the core of what is measured. */
export async function startEngine(options: BenchGatewayOptions): Promise<RunningGateway> {
  const { engine, config, isSecure = false, command, env = {}, nodeOptions = [] } = options
  const own = [process.execPath, ...nodeOptions, gwCommand, 'start']
  const gateway = await startGateway({
    config,
    listenFlags: isSecure ? 'ssl' : '',
    env: {
      GW_ENGINE: engine,
      KONG_LOG_LEVEL: 'warn',
      NODE_ENV: 'production',
      ...(isSecure && tlsSettings()),
      ...env,
    },
    command: pinned('measured', command?.split(' ') ?? own),
  })
  if (command !== undefined || isSecure) return gateway
  try {
    await checkEngine(engine, gateway.proxyPort)
    return gateway
  } catch (error) {
    await gateway.stop()
    throw error
  }
}

function tlsSettings(): Readonly<Record<string, string>> {
  const { certFile, keyFile } = certificateFiles()
  return { KONG_SSL_CERT: certFile, KONG_SSL_CERT_KEY: keyFile }
}

/** A figure under the wrong name is worse than none: HTTP/1.0 is what tells the two apart from outside. */
async function checkEngine(engine: EngineKind, port: number): Promise<void> {
  const client = await HttpClient.connect(port)
  try {
    client.send('GET / HTTP/1.0\r\nHost: localhost\r\n\r\n')
    const found: EngineKind = (await client.next()).status === 505 ? 'uws' : 'http1'
    if (found !== engine) throw new Error(`asked for ${engine}, the gateway runs on ${found}`)
  } finally {
    client.close()
  }
}
