// Settings that are given and have no effect here: which of them are worth a word, and what is said. What a Kong
// without a database would not use either, or what tunes machinery that gw does not have, is no reason for a warning.
import { closest } from '../util/closest.js'

export interface UnusedSetting {
  /** In small letters, without KONG_. */
  readonly name: string
  readonly value: string
  /** As it was given: the variable, or the name in a file. */
  readonly shown: string
}

export interface Remark {
  readonly level: 'warn' | 'debug'
  readonly message: string
}

interface Group {
  readonly names: RegExp
  /** What is said behind the names; null where nothing is lost. */
  readonly message: string | null
  /** Values with which nothing is lost. `off` is one in every group. */
  readonly harmless?: RegExp
}

const OFF = /^(?:off|false|no|none|0)$/i

/** The first group that knows a name has it. */
const GROUPS: readonly Group[] = [
  {
    names: /^(?:pg|cassandra|db|_debug_pg|cluster|lmdb|konnect)_/,
    message: null,
  },
  {
    names:
      /^(?:mem_cache_size|worker_(?:consistency|state_update_frequency|events_max_payload)|router_consistency|resolver_mem_cache_size|dedicated_config_processing|privileged_worker|nginx_user|openresty_path|kic|lua_socket_pool_size|ssl_session_cache_size|ssl_dhparam)$/,
    message: null,
  },
  // Kong's plugins see so many headers and arguments; here they see all of them.
  { names: /^lua_max_(?:req_headers|resp_headers|uri_args|post_args)$/, message: null },
  {
    // nginx's workers, its buffers and its Lua: answers are passed on as they come, and a target's head may be large.
    names:
      /^(?:nginx_main_(?:user|worker_rlimit_nofile|pcre_jit|error_log)|nginx_worker_connections|nginx_events_\w+|nginx_(?:http|proxy|location|stream|main)_lua_\w+|nginx_(?:http|proxy|location)_(?:proxy_(?:buffering|buffers|buffer_size|busy_buffers_size|max_temp_file_size|temp_file_write_size)|client_body_in_single_buffer)|nginx_http_charset)$/,
    message: null,
  },
  // Variables of Kong's images, of compose files, and of Kubernetes, which tells every pod of its neighbours.
  { names: /^(?:version|package|image|user|dist|sha256|artifact)$/, message: null },
  {
    names: /_service_(?:host|port)(?:_\w+)?$|_port_\d+_(?:tcp|udp)(?:_(?:proto|port|addr))?$/,
    message: null,
  },
  {
    names: /_access_log$/,
    message: 'gw writes no access log; a plugin such as file-log or http-log tells of requests',
  },
  {
    names: /_error_log$/,
    harmless: /^\/dev\/std(?:out|err)\b/,
    message: 'the log of gw goes to standard output, or to PREFIX/logs/error.log of a daemon',
  },
  {
    names:
      /^(?:portal|vitals|rbac|enforce_rbac|license|keyring|audit_log|smtp|admin_gui_auth|admin_gui_session|admin_gui_rbac|admin_emails|admin_invitation|admin_approved|event_hooks|fips|analytics|tracing_(?:write|debug|time|types|endpoint)|debug_ssl|untrusted_lua_enterprise)/,
    message: 'that is a part of Kong Enterprise',
  },
  { names: /^admin_(?:gui|api|url)/, message: 'there is no Kong Manager' },
  {
    names:
      /^(?:lua_package_c?path|untrusted_lua\w*|pluginserver_\w+|go_\w+|wasm\w*|nginx_wasm_\w+)$/,
    harmless: /^(?:sandbox|\.\/\?\.lua;\.\/\?\/init\.lua;)$/,
    message:
      'nothing runs in Lua, WebAssembly or plugin servers; plugins in TypeScript: GW_PLUGIN_PATH',
  },
  {
    names: /^(?:lua_ssl_protocols|proxy_server\w*)$/,
    harmless: /^(?:TLSv1\.2 TLSv1\.3|on)$/,
    message:
      'plugins that ask servers speak TLS 1.2 and 1.3 with them, directly; lua_ssl_trusted_certificate says whom they trust',
  },
  {
    names: /^dns_no_sync$/,
    message: 'who looks up a name that is being looked up waits for the same answer',
  },
  {
    names: /^(?:stream_listen|nginx_(?:stream|sproxy|supstream)_\w+|proxy_stream_\w+)$/,
    message: 'TCP and UDP are not proxied',
  },
  {
    names: /^role$/,
    harmless: /^traditional$/,
    message: 'there is no hybrid mode; the declarative file is what runs',
  },
  { names: /^(?:tracing|opentelemetry_tracing|request_debug)/, message: 'requests are not traced' },
  { names: /^nginx_/, message: 'gw does not run nginx and does not know the directive' },
  {
    names: /^(?:host_ports|error_template_\w+|node_id|vaults|vault_\w+|cluster)$/,
    harmless: /^bundled$/,
    message: 'this version does not have it',
  },
]

/**
 * One remark for each reason.
 * @param known names of settings that are understood, for those that are misspelt
 */
export function remarksOn(unused: readonly UnusedSetting[], known: readonly string[]): Remark[] {
  const warnings = new Map<string, string[]>()
  const silent: string[] = []
  for (const setting of unused) {
    const message = reasonFor(setting, known)
    if (message === null) silent.push(setting.shown)
    else warnings.set(message, [...(warnings.get(message) ?? []), setting.shown])
  }
  const remarks = [...warnings].map(([message, names]): Remark => ({
    level: 'warn',
    message: noEffect(names, message),
  }))
  if (silent.length === 0) return remarks
  return [...remarks, { level: 'debug', message: noEffect(silent, 'and need none') }]
}

function noEffect(names: readonly string[], reason: string): string {
  const verb = names.length === 1 ? 'has' : 'have'
  return `${names.join(', ')} ${verb} no effect: ${reason}`
}

function reasonFor({ name, value }: UnusedSetting, known: readonly string[]): string | null {
  if (/^(?:tcp|udp):\/\//.test(value)) return null // Kubernetes again
  const group = GROUPS.find(({ names }) => names.test(name))
  if (group === undefined) {
    const meant = closest(name, known)
    const unknown = 'no setting of gw or Kong'
    return meant === undefined ? unknown : `${unknown}; did you mean ${meant}?`
  }
  const isHarmless = OFF.test(value) || group.harmless?.test(value) === true
  return isHarmless ? null : group.message
}
