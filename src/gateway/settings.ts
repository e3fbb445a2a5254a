// Settings under Kong's names, from the environment (KONG_*, and GW_* for the same and for our own, which wins), from
// kong.conf and from flags. Pure: reading files is for those who call.
// Not from index.js: workers start as soon as there are settings, and must not wait for the rest of config/.
import { MAX_BYTES } from '../config/max-bytes.js'
import { Secrets } from '../config/vault-secrets.js'
import { ConfigError, type Problem } from '../errors/config-error.js'
import { ROUTER_FLAVOURS, type RouterFlavour } from '../../schemas/route.js'
import { LOG_LEVELS, type LogLevel } from '../log/logger.js'
import { isVaultReference } from '../util/vault-reference.js'
import { BUFFER_DEFAULTS, readBufferSettings } from './buffer-settings.js'
import { ENGINE_DEFAULTS, ENGINES, readEngineSettings, type EngineKind } from './engine-settings.js'
import { DNS_DEFAULTS, readDnsSettings } from './dns-settings.js'
import { isBlock, list, onOff, oneOf, size, time, wholeNumber } from './setting-values.js'
import {
  collectSettings,
  type Environment,
  type Given,
  type SettingSources,
} from './setting-sources.js'
import { DEFAULT_PREFIX } from './prefix-place.js'
import { errorType, headerTokens, upstreamRequestId } from './response-settings.js'
import { remarksOn, type Remark } from './unused-settings.js'
import { parseListen, parsePortMaps, type ListenEntry } from './listen-syntax.js'
import { workers } from './worker-count.js'
import { PAGE_TLS_DEFAULTS, readPageTls } from './page-tls.js'
import type { ErrorFormat } from '../errors/body.js'
import type { TrustSettings } from '../pipeline/client-address.js'
import type { BufferSettings } from '../pipeline/buffering.js'
import type { PipelineSettings } from '../pipeline/settings.js'
import type { KeepaliveSettings } from '../proxy/transport.js'
import type { EngineSettings } from '../server/settings.js'
import type { DnsSettings } from '../upstream/dns/settings.js'
import {
  readTargetTlsSettings,
  TARGET_TLS_DEFAULTS,
  type TargetTlsSettings,
} from './target-tls-settings.js'
import { OWN_TLS_DEFAULTS, readOwnTlsSettings, type OwnTlsSettings } from './own-tls-settings.js'
import { readTlsSettings, TLS_DEFAULTS, type TlsSettings } from './tls-settings.js'

export interface Settings extends TrustSettings {
  readonly declarativeConfig: string | undefined
  /** The document itself; counts only when no file is named. */
  readonly declarativeConfigString: string | undefined
  /** Read the file again when its content changes. */
  readonly watch: boolean
  readonly proxyListen: readonly ListenEntry[]
  readonly adminListen: readonly ListenEntry[]
  readonly statusListen: readonly ListenEntry[]
  readonly tls: TlsSettings
  readonly pageTls: ReturnType<typeof readPageTls>
  readonly targetTls: TargetTlsSettings
  readonly ownTls: OwnTlsSettings
  /** Of what is sent to the admin listener; past it a request is refused. */
  readonly adminMaxBodyBytes: number
  /** Whether the Admin API tells the secrets of entities, as Kong's does. */
  readonly adminSecrets: 'masked' | 'shown'
  /** Of the proxy's listeners that do not name one. */
  readonly engine: EngineKind
  readonly engineSettings: Partial<EngineSettings>
  readonly buffers: BufferSettings
  readonly logLevel: LogLevel
  readonly prefix: string
  /** `auto`: as many as `workerCount` says. */
  readonly workers: number | 'auto'
  /** Whether `kong start` goes into the background. */
  readonly daemon: boolean
  /** How long /status/ready says 503 before the listeners close. */
  readonly drainDelayMs: number
  /** The longest a graceful end waits for requests under way. */
  readonly shutdownTimeoutMs: number
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
  readonly dns: DnsSettings
  /** Whether services that fail are left alone for a while. */
  readonly circuitBreaker: boolean
  /** Whether limits count on each node while their Redis does not serve. */
  readonly rateLimitFallback: 'off' | 'local'
  /** What was given and says nothing to this version: variables, and names in kong.conf. */
  readonly ignored: readonly string[]
  /** What is to be said about those. */
  readonly remarks: readonly Remark[]
  /** Every setting that is understood as it stands, under Kong's name; secrets as `******`, references as references. */
  readonly values: Readonly<Record<string, string>>
}

/** Every setting that is understood, with Kong's default where Kong has the setting. */
const DEFAULTS = {
  database: 'off',
  // Nothing is ever reported to anybody.
  anonymous_reports: 'off',
  declarative_config: '',
  declarative_config_string: '',
  watch: 'off',
  proxy_listen: '0.0.0.0:8000, 0.0.0.0:8443 ssl',
  port_maps: '',
  admin_listen: '127.0.0.1:8001, 127.0.0.1:8444 ssl',
  status_listen: '127.0.0.1:8007',
  ...TLS_DEFAULTS,
  ...PAGE_TLS_DEFAULTS,
  ...TARGET_TLS_DEFAULTS,
  ...OWN_TLS_DEFAULTS,
  log_level: 'notice',
  prefix: DEFAULT_PREFIX,
  nginx_worker_processes: 'auto',
  nginx_admin_client_max_body_size: '10m',
  nginx_daemon: 'on',
  drain_delay: '0',
  // nginx has none and waits for ever; an orchestrator kills after 30 seconds.
  nginx_main_worker_shutdown_timeout: '30s',
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
  ...DNS_DEFAULTS,
  admin_secrets: 'masked',
  circuit_breaker: 'on',
  rate_limit_fallback: 'off',
  ...ENGINE_DEFAULTS,
  ...BUFFER_DEFAULTS,
} as const

type Name = keyof typeof DEFAULTS

/** @throws ConfigError with every wrong setting, each under the name of its variable, flag or line */
export function readSettings(
  environment: Environment,
  sources: Omit<SettingSources, 'environment'> = {},
): Settings {
  const problems: Problem[] = []
  const given = collectSettings({ environment, ...sources })
  const values = shownValues(given)
  resolveReferences(given, environment, problems)
  const text = (name: Name): string => given.get(name)?.value ?? DEFAULTS[name]

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
      problems.push(problemAt(given.get(name), name, message))
      return fallback()
    }
  }

  const listen = (name: Name) => read(name, (value) => parseListen(name, value))
  const whole = (name: Name) => read(name, (value) => wholeNumber(name, value))
  const portMaps = read('port_maps', parsePortMaps)
  read('database', refuseDatabase)
  const settings: Settings = {
    declarativeConfig: text('declarative_config') || undefined,
    declarativeConfigString: text('declarative_config_string') || undefined,
    watch: read('watch', (value) => onOff('watch', value)),
    proxyListen: listen('proxy_listen').map((entry) => ({
      ...entry,
      publicPort: portMaps.get(entry.port) ?? entry.port,
    })),
    adminListen: listen('admin_listen'),
    statusListen: listen('status_listen'),
    tls: readTlsSettings(text, read),
    pageTls: readPageTls(text, read),
    targetTls: readTargetTlsSettings(text, read),
    ownTls: readOwnTlsSettings(read),
    adminMaxBodyBytes: read('nginx_admin_client_max_body_size', adminBodySize),
    adminSecrets: read('admin_secrets', (value) =>
      oneOf('admin_secrets', value, ['masked', 'shown']),
    ),
    engine: read('engine', (value) => oneOf('engine', value, ENGINES)),
    engineSettings: readEngineSettings(read),
    buffers: readBufferSettings(read),
    logLevel: read('log_level', (value) => oneOf('log_level', value, LOG_LEVELS)),
    prefix: text('prefix'),
    workers: read('nginx_worker_processes', workers),
    daemon: read('nginx_daemon', (value) => onOff('nginx_daemon', value)),
    drainDelayMs: read('drain_delay', time),
    shutdownTimeoutMs: read('nginx_main_worker_shutdown_timeout', time),
    plugins: list(text('plugins')),
    pluginPath: text('plugin_path') || undefined,
    routerFlavour: read('router_flavor', (value) => oneOf('router_flavor', value, ROUTER_FLAVOURS)),
    vaultEnvPrefix: text('vault_env_prefix'),
    expandEnv: read('expand_env', (value) => onOff('expand_env', value)),
    skipUnsupported: read('skip_unsupported', (value) => onOff('skip_unsupported', value)),
    trustedIps: read('trusted_ips', (value) => list(value).filter(isBlock)),
    realIpHeader: text('real_ip_header').toLowerCase(),
    realIpRecursive: read('real_ip_recursive', (value) => onOff('real_ip_recursive', value)),
    headers: read('headers', headerTokens),
    upstreamRequestId: read('headers_upstream', upstreamRequestId),
    debugHeader: read('allow_debug_header', (value) => onOff('allow_debug_header', value)),
    errorDefaultType: read('error_default_type', (value) => errorType(value)),
    keepalive: {
      poolSize: whole('upstream_keepalive_pool_size'),
      maxRequests: whole('upstream_keepalive_max_requests'),
      idleTimeoutMs: whole('upstream_keepalive_idle_timeout') * 1000,
    },
    dns: readDnsSettings(read),
    circuitBreaker: read('circuit_breaker', (value) => onOff('circuit_breaker', value)),
    rateLimitFallback: read('rate_limit_fallback', (value) =>
      oneOf('rate_limit_fallback', value, ['off', 'local']),
    ),
    ...unused(given),
    values,
  }
  if (problems.length > 0) throw new ConfigError(problems)
  return settings
}

/** A setting may be a reference to a secret; one that leads nowhere is a problem, as in Kong. */
function resolveReferences(
  given: Map<string, Given>,
  environment: Environment,
  problems: Problem[],
): void {
  const envPrefix = given.get('vault_env_prefix')?.value ?? DEFAULTS.vault_env_prefix
  const secrets = new Secrets({ environment, envPrefix }, [])
  for (const [name, setting] of given) {
    const { value } = setting
    if (!isName(name) || !isVaultReference(value)) continue
    const read = secrets.read(value)
    if ('value' in read) {
      given.set(name, { ...setting, value: read.value })
      continue
    }
    const message = `unable to resolve reference ${value} (${read.fault})`
    problems.push(problemAt(setting, name, message))
    given.delete(name)
  }
}

/** Whether a name in small letters is understood. */
export function isSettingName(name: string): boolean {
  return isName(name)
}

function isName(name: string): name is Name {
  return Object.hasOwn(DEFAULTS, name)
}

function problemAt(setting: Given | undefined, name: Name, message: string): Problem {
  const { file, line } = setting ?? { file: `KONG_${name.toUpperCase()}`, line: 0 }
  return { file, path: '', line, column: line > 0 ? 1 : 0, message }
}

/** What may be a secret, or hold some. */
const SECRET = /_key$|password|secret|token$|^declarative_config_string$/

function shownValues(given: ReadonlyMap<string, Given>): Readonly<Record<string, string>> {
  const shown = Object.entries(DEFAULTS).map(([name, standard]) => {
    const value = given.get(name)?.value ?? standard
    const isHidden = value !== '' && SECRET.test(name) && !isVaultReference(value)
    return [name, isHidden ? '******' : value] as const
  })
  return Object.fromEntries(shown)
}

function unused(given: ReadonlyMap<string, Given>): Pick<Settings, 'ignored' | 'remarks'> {
  const settings = [...given]
    .filter(([name]) => !isName(name))
    .map(([name, { value, file, line }]) => ({ name, value, shown: line > 0 ? name : file }))
  return {
    ignored: settings.map(({ shown }) => shown),
    remarks: remarksOn(settings, Object.keys(DEFAULTS)),
  }
}

function refuseDatabase(value: string): void {
  // What YAML makes of an unquoted `off` on its way through other tools.
  if (value === 'off' || value.toLowerCase() === 'false') return
  throw new Error(
    `there is no database here (got '${value}'): set it to off and give a declarative file, such as one that ` +
      '`kong config db_export` writes',
  )
}

/** nginx knows 0 as no limit; what is read into memory has one. */
function adminBodySize(value: string): number {
  const bytes = size(value)
  return bytes === 0 ? MAX_BYTES : Math.min(bytes, MAX_BYTES)
}
