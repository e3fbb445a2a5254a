// A gateway on both engines whose routes ask a directory, and what its clients see.
import { startGateway, type RunningGateway } from './gateway.js'
import { requestOnce, type Answer } from './http-client.js'
import { freePorts } from './ports.js'
import type { RecordingTarget } from './recording-target.js'
import { BASE_DN } from './slapd.js'

export const ENGINES = ['uws', 'http1'] as const
export type Engine = (typeof ENGINES)[number]

/** Far above what a crowded machine takes for an answer. */
export const TIMEOUT_MS = 10_000

export interface LdapGateway {
  readonly gateway: RunningGateway
  portOf(engine: Engine): number
  ask(engine: Engine, path: string, headers?: Readonly<Record<string, string>>): Promise<Answer>
  /** The status for a user and a password. */
  statusFor(engine: Engine, path: string, username: string, password: string): Promise<number>
  /** How many requests have come so far, as workers tell it a moment later. */
  requests(): Promise<number>
  /** How many `ask` and `statusFor` have sent. */
  readonly sent: number
  reload(routes: Readonly<Record<string, readonly object[]>>): void
}

/** A use of ldap-auth for a server at that port. */
export function ldapAuth(port: number, config: object = {}): object {
  const server = { ldap_host: '127.0.0.1', ldap_port: port, timeout: TIMEOUT_MS }
  return { name: 'ldap-auth', config: { ...server, base_dn: BASE_DN, attribute: 'uid', ...config } }
}

/** @param routes the plugins of each route, which is found by its name in the path */
export async function startLdapGateway(
  target: RecordingTarget,
  routes: Readonly<Record<string, readonly object[]>>,
  env: Readonly<Record<string, string>> = {},
): Promise<LdapGateway> {
  const [uws = 0, http1 = 0] = await freePorts(2)
  const ports = { uws, http1 }
  const listen = ENGINES.map((engine) => `127.0.0.1:${ports[engine]} engine=${engine}`)
  const gateway = await startGateway({
    config: configOf(target, routes),
    env: { KONG_PROXY_LISTEN: listen.join(', '), KONG_LOG_LEVEL: 'debug', ...env },
  })
  let sent = 0
  const ask: LdapGateway['ask'] = (engine, path, headers = {}) => {
    sent++
    return requestOnce(ports[engine], 'GET', path, headers)
  }
  return {
    gateway,
    portOf: (engine) => ports[engine],
    ask,
    statusFor: async (engine, path, username, password) => {
      const headers = { Authorization: authorization(username, password) }
      return (await ask(engine, path, headers)).status
    },
    requests: async () => {
      const { text } = await requestOnce(gateway.statusPort, 'GET', '/status')
      return (JSON.parse(text) as { server: { total_requests: number } }).server.total_requests
    },
    get sent() {
      return sent
    },
    reload: (next) => {
      gateway.writeConfig(configOf(target, next))
      gateway.child.signal('SIGHUP')
    },
  }
}

export function authorization(username: string, password: string, scheme = 'ldap'): string {
  return `${scheme} ${Buffer.from(`${username}:${password}`).toString('base64')}`
}

function configOf(
  target: RecordingTarget,
  routes: Readonly<Record<string, readonly object[]>>,
): object {
  return {
    _format_version: '3.0',
    consumers: [
      { username: 'guest' },
      { username: 'bob', keyauth_credentials: [{ key: 'bob-key' }] },
    ],
    services: [
      {
        name: 'target',
        url: `http://127.0.0.1:${target.port}`,
        routes: Object.entries(routes).map(([name, plugins]) => ({
          name,
          paths: [`/${name}`],
          plugins,
        })),
      },
    ],
  }
}
