// Settings from the environment: Kong's names (KONG_*), and GW_* for the same and for our own, which wins.
import { isIP } from 'node:net'
import { MAX_BYTES, Secrets } from '../config/index.js'
import { ConfigError, type Problem } from '../errors/config-error.js'
import { ROUTER_FLAVOURS, type RouterFlavour } from '../../schemas/route.js'
import { LOG_LEVELS, type LogLevel } from '../log/logger.js'
import { parseSize } from '../util/nginx-values.js'
import { isVaultReference } from '../util/vault-reference.js'
import { ENGINE_DEFAULTS, ENGINES, readEngineSettings, type EngineKind } from './engine-settings.js'
import { list, onOff } from './setting-values.js'
import { parseListen, type ListenEntry } from './listen-syntax.js'
import { PAGE_TLS_DEFAULTS, readPageTls } from './page-tls.js'
import type { ErrorFormat } from '../errors/body.js'
import type { TrustSettings } from '../pipeline/client-address.js'
import type { PipelineSettings } from '../pipeline/settings.js'
import type { KeepaliveSettings } from '../proxy/transport.js'
import type { EngineSettings } from '../server/settings.js'
import { readTlsSettings, TLS_DEFAULTS, type TlsSettings } from './tls-settings.js'

export interface Settings extends TrustSettings {
  readonly declarativeConfig: string | undefined
  readonly proxyListen: readonly ListenEntry[]
  readonly adminListen: readonly ListenEntry[]
  readonly statusListen: readonly ListenEntry[]
  readonly tls: TlsSettings
  readonly pageTls: ReturnType<typeof readPageTls>
  /** Of what is sent to the admin listener; past it a request is refused. */
  readonly adminMaxBodyBytes: number
  /** Of the proxy's listeners that do not name one. */
  readonly engine: EngineKind
  readonly engineSettings: Partial<EngineSettings>
  readonly logLevel: LogLevel
  readonly prefix: string
  readonly workers: number | 'auto'
  /** As written: `bundled`, names, or `off`. */
  readonly plugins: readonly string[]
  readonly pluginPath: string | undefined
  readonly routerFlavour: RouterFlavour
  readonly vaultEnvPrefix: string
  /** Put variables of the environment into the text of the declarative file. */
  readonly expandEnv: boolean
  /** Leave out what a file asks for and this version cannot do, instead of refusing to start. */
  readonly skipUnsupported: boolean
  readonly headers: PipelineSettings['headers']
  readonly upstreamRequestId: boolean
  readonly debugHeader: boolean
  readonly errorDefaultType: ErrorFormat
  readonly keepalive: KeepaliveSettings
  /** Names of variables that say nothing to this version; worth a warning each. */
  readonly ignored: readonly string[]
}

type Environment = Readonly<Record<string, string | undefined>>

/** Every setting that is understood, with Kong's default where Kong has the setting. */
const DEFAULTS = {
  database: 'off',
  // Nothing is ever reported to anybody.
  anonymous_reports: 'off',
  declarative_config: '',
  proxy_listen: '0.0.0.0:8000',
  admin_listen: '127.0.0.1:8001',
  status_listen: '127.0.0.1:8007',
  ...TLS_DEFAULTS,
  ...PAGE_TLS_DEFAULTS,
  nginx_admin_client_max_body_size: '10m',
  log_level: 'notice',
  prefix: '/usr/local/kong/',
  nginx_worker_processes: 'auto',
  plugins: 'bundled',
  plugin_path: '',
  router_flavor: 'traditional_compatible',
  vault_env_prefix: '',
  expand_env: 'off',
  skip_unsupported: 'off',
  trusted_ips: '',
  real_ip_header: 'X-Real-IP',
  real_ip_recursive: 'off',
  headers: 'server_tokens, latency_tokens, X-Kong-Request-Id',
  headers_upstream: 'X-Kong-Request-Id',
  allow_debug_header: 'off',
  error_default_type: 'text/plain',
  upstream_keepalive_pool_size: '512',
  upstream_keepalive_max_requests: '10000',
  upstream_keepalive_idle_timeout: '60',
  ...ENGINE_DEFAULTS,
} as const

type Name = keyof typeof DEFAULTS

/** @throws ConfigError with every wrong setting, each under the name of its variable */
export function readSettings(environment: Environment): Settings {
  const problems: Problem[] = []
  const values = collect(environment)
  resolveReferences(values, environment, problems)
  const text = (name: Name): string => values.get(name)?.value ?? DEFAULTS[name]
  const variable = (name: Name): string =>
    values.get(name)?.variable ?? `KONG_${name.toUpperCase()}`

  /** Reads one setting; what goes wrong becomes a problem, and the default stands in so that the rest is read too. */
  function read<T>(
    name: Name,
    parse: (value: string) => T,
    fallback: () => T = () => parse(DEFAULTS[name]),
  ): T {
    try {
      return parse(text(name))
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      problems.push({ file: variable(name), path: '', line: 0, column: 0, message })
      return fallback()
    }
  }

  const listen = (name: Name) => read(name, (value) => parseListen(name, value))
  const whole = (name: Name) => read(name, (value) => wholeNumber(name, value))
  read('database', refuseDatabase)
  const settings: Settings = {
    declarativeConfig: text('declarative_config') || undefined,
    proxyListen: listen('proxy_listen'),
    adminListen: listen('admin_listen'),
    statusListen: listen('status_listen'),
    tls: readTlsSettings(text, read),
    pageTls: readPageTls(text, read),
    adminMaxBodyBytes: read('nginx_admin_client_max_body_size', adminBodySize),
    engine: read('engine', (value) => oneOf('engine', value, ENGINES)),
    engineSettings: readEngineSettings(read),
    logLevel: read('log_level', (value) => oneOf('log_level', value, LOG_LEVELS)),
    prefix: text('prefix'),
    workers: read('nginx_worker_processes', (value) =>
      value === 'auto' ? 'auto' : wholeNumber('nginx_worker_processes', value),
    ),
    plugins: list(text('plugins')),
    pluginPath: text('plugin_path') || undefined,
    routerFlavour: read('router_flavor', (value) => oneOf('router_flavor', value, ROUTER_FLAVOURS)),
    vaultEnvPrefix: text('vault_env_prefix'),
    expandEnv: read('expand_env', (value) => onOff('expand_env', value)),
    skipUnsupported: read('skip_unsupported', (value) => onOff('skip_unsupported', value)),
    trustedIps: read('trusted_ips', (value) => list(value).map(checkedBlock)),
    realIpHeader: text('real_ip_header').toLowerCase(),
    realIpRecursive: read('real_ip_recursive', (value) => onOff('real_ip_recursive', value)),
    headers: read('headers', headerTokens),
    upstreamRequestId: list(text('headers_upstream'))[0]?.toLowerCase() === 'x-kong-request-id',
    debugHeader: read('allow_debug_header', (value) => onOff('allow_debug_header', value)),
    errorDefaultType: read('error_default_type', (value) => errorType(value)),
    keepalive: {
      poolSize: whole('upstream_keepalive_pool_size'),
      maxRequests: whole('upstream_keepalive_max_requests'),
      idleTimeoutMs: whole('upstream_keepalive_idle_timeout') * 1000,
    },
    ignored: ignoredVariables(environment),
  }
  if (problems.length > 0) throw new ConfigError(problems)
  return settings
}

/** Which value stands for each setting, and from which variable. An empty one counts as unset, as in Kong. */
function collect(environment: Environment): Map<string, { value: string; variable: string }> {
  const values = new Map<string, { value: string; variable: string }>()
  for (const prefix of ['KONG_', 'GW_']) {
    for (const [variable, value] of Object.entries(environment)) {
      if (!variable.toUpperCase().startsWith(prefix) || value === undefined || value === '')
        continue
      values.set(variable.slice(prefix.length).toLowerCase(), { value, variable })
    }
  }
  return values
}

/** A setting may be a reference to a secret; one that leads nowhere is a problem, as in Kong. */
function resolveReferences(
  values: Map<string, { value: string; variable: string }>,
  environment: Environment,
  problems: Problem[],
): void {
  const envPrefix = values.get('vault_env_prefix')?.value ?? DEFAULTS.vault_env_prefix
  const secrets = new Secrets({ environment, envPrefix }, [])
  for (const [name, { value, variable }] of values) {
    if (!(name in DEFAULTS) || !isVaultReference(value)) continue
    const read = secrets.read(value)
    if ('value' in read) {
      values.set(name, { value: read.value, variable })
      continue
    }
    const message = `unable to resolve reference ${value} (${read.fault})`
    problems.push({ file: variable, path: '', line: 0, column: 0, message })
    values.delete(name)
  }
}

function ignoredVariables(environment: Environment): readonly string[] {
  return Object.keys(environment).filter((variable) => {
    const name = /^(?:KONG|GW)_(.+)$/i.exec(variable)?.[1]?.toLowerCase()
    return name !== undefined && !(name in DEFAULTS) && environment[variable] !== ''
  })
}

function refuseDatabase(value: string): void {
  if (value === 'off') return
  throw new Error(
    `there is no database here (got '${value}'): set it to off and give a declarative file, such as one that ` +
      '`kong config db_export` writes',
  )
}

function wholeNumber(name: Name, value: string): number {
  const number = Number(value)
  if (!Number.isInteger(number) || number < 0)
    throw new Error(`${name} is not a number: '${value}'`)
  return number
}

/** nginx knows 0 as no limit; what is read into memory has one. */
function adminBodySize(value: string): number {
  const bytes = parseSize(value)
  if (bytes === null) throw new Error(`'${value}' is not a size: write 8k, 10m, 1g, or bytes`)
  return bytes === 0 ? MAX_BYTES : Math.min(bytes, MAX_BYTES)
}

function oneOf<T extends string>(name: Name, value: string, choices: readonly T[]): T {
  const chosen = choices.find((choice) => choice === value)
  if (chosen === undefined) {
    throw new Error(`${name} has an invalid value: '${value}' (${choices.join(', ')})`)
  }
  return chosen
}

function checkedBlock(block: string): string {
  const [address = '', bits, ...rest] = block.split('/')
  const family = isIP(address)
  const most = family === 6 ? 128 : 32
  const isRange = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most)
  if (family === 0 || !isRange || rest.length > 0)
    throw new Error(`invalid ip or cidr range: '${block}'`)
  return block
}

const SERVER_TOKENS = ['server', 'via'] as const
const LATENCY_TOKENS = ['upstreamLatency', 'proxyLatency', 'responseLatency'] as const
const HEADER_TOKENS: Readonly<Record<string, readonly (keyof PipelineSettings['headers'])[]>> = {
  server_tokens: SERVER_TOKENS,
  latency_tokens: LATENCY_TOKENS,
  server: ['server'],
  via: ['via'],
  'x-kong-upstream-latency': ['upstreamLatency'],
  'x-kong-proxy-latency': ['proxyLatency'],
  'x-kong-response-latency': ['responseLatency'],
  'x-kong-admin-latency': [],
  'x-kong-upstream-status': ['upstreamStatus'],
  'x-kong-request-id': ['requestId'],
  off: [],
}

function headerTokens(value: string): PipelineSettings['headers'] {
  const tokens = list(value).map((token) => token.toLowerCase())
  const wrong = tokens.find((token) => !(token in HEADER_TOKENS))
  if (wrong !== undefined) throw new Error(`headers: invalid entry '${wrong}'`)
  // `off` counts as the first entry alone.
  const on = new Set(
    tokens[0] === 'off' ? [] : tokens.flatMap((token) => HEADER_TOKENS[token] ?? []),
  )
  return {
    server: on.has('server'),
    via: on.has('via'),
    upstreamLatency: on.has('upstreamLatency'),
    proxyLatency: on.has('proxyLatency'),
    responseLatency: on.has('responseLatency'),
    upstreamStatus: on.has('upstreamStatus'),
    requestId: on.has('requestId'),
  }
}

function errorType(value: string): ErrorFormat {
  const types = {
    'text/plain': 'plain',
    'text/html': 'html',
    'application/json': 'json',
    'application/xml': 'xml',
  } as const
  return types[oneOf('error_default_type', value, Object.keys(types) as (keyof typeof types)[])]
}
