// What a gateway says of itself: GET /, the plugins at hand, its paths, its log level.
import { hostname } from 'node:os'
import type { PluginRegistry } from '../../plugin/registry.js'
import { hostAndPort } from '../../util/host.js'
import type { ListenEntry } from '../listen-syntax.js'
import { NODE_ID } from '../node-id.js'
import type { PageEntry } from '../pages/page-table.js'
import { json, message } from '../pages/page.js'
import type { Settings } from '../settings.js'
import type { GatewayControl, GatewayStatus } from './contract.js'

/** The version of Kong whose Admin API this is: tools such as decK choose what they ask by it. */
const KONG_VERSION = '3.9.1'

export interface InformationOptions {
  readonly control: GatewayControl
  readonly plugins: PluginRegistry
  readonly settings: Settings
}

export function informationPages(options: InformationOptions): readonly PageEntry[] {
  const { control, plugins, settings } = options
  return [
    { path: '/', methods: { GET: () => json(200, information(options)) } },
    {
      path: '/plugins/enabled',
      methods: { GET: () => json(200, { enabled_plugins: plugins.names() }) },
    },
    {
      path: '/timers',
      methods: { GET: () => json(200, timers(control.status())) },
    },
    {
      path: '/debug/node/log-level',
      methods: { GET: () => message(200, `log level: ${settings.logLevel}`) },
    },
    {
      path: '/debug/node/log-level/{log_level}',
      methods: { PUT: () => message(405, 'cannot change log level when not using a database') },
    },
  ]
}

function timers({ workerHeaps }: GatewayStatus): object {
  return { worker: { id: 0, count: workerHeaps.length }, stats: { timers: {} } }
}

function information({ control, plugins, settings }: InformationOptions): object {
  const used = new Set(control.config.snapshot.plugins.map(({ name }) => name))
  const available = plugins.names().map((name) => {
    const { version, priority } = plugins.get(name) ?? {}
    return [name, { version, priority }]
  })
  return {
    tagline: 'Welcome to kong',
    version: KONG_VERSION,
    edition: 'community',
    hostname: hostname(),
    node_id: NODE_ID,
    // There is none.
    lua_version: 'none',
    timers: { running: 0, pending: 0 },
    plugins: {
      available_on_server: Object.fromEntries(available) as object,
      enabled_in_cluster: [...used].sort(),
    },
    configuration: configurationOf(settings),
    // Threads, of one process.
    pids: { master: process.pid, workers: control.status().workerHeaps.map(() => process.pid) },
  }
}

/** Under Kong's names, none of which holds a secret. */
function configurationOf(settings: Settings): object {
  return {
    database: 'off',
    declarative_config: settings.declarativeConfig,
    prefix: settings.prefix,
    log_level: settings.logLevel,
    proxy_listen: settings.proxyListen.map(listenText),
    admin_listen: settings.adminListen.map(listenText),
    status_listen: settings.statusListen.map(listenText),
    plugins: settings.plugins,
    router_flavor: settings.routerFlavour,
    trusted_ips: settings.trustedIps,
    real_ip_header: settings.realIpHeader,
    real_ip_recursive: settings.realIpRecursive ? 'on' : 'off',
    vault_env_prefix: settings.vaultEnvPrefix,
    nginx_worker_processes: String(settings.workers),
    nginx_admin_client_max_body_size: String(settings.adminMaxBodyBytes),
    upstream_keepalive_pool_size: settings.keepalive.poolSize,
    upstream_keepalive_max_requests: settings.keepalive.maxRequests,
    upstream_keepalive_idle_timeout: settings.keepalive.idleTimeoutMs / 1000,
  }
}

function listenText({ address, port, ssl, proxyProtocol }: ListenEntry): string {
  return [hostAndPort(address, port), ssl ? 'ssl' : '', proxyProtocol ? 'proxy_protocol' : '']
    .filter(Boolean)
    .join(' ')
}
