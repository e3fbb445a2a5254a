// The entries of proxy_listen, admin_listen and status_listen (operations.md, 3).
import { isIP } from 'node:net'
import { ENGINES, type EngineKind } from './engine-settings.js'
import { list } from './setting-values.js'

export interface ListenEntry {
  /** An IP address. */
  readonly address: string
  readonly port: number
  /** What clients have connected to, where something in front maps ports (port_maps); else `port`. */
  readonly publicPort: number
  readonly ssl: boolean
  /** Every connection begins with a PROXY protocol header. */
  readonly proxyProtocol: boolean
  /** The engine that it asks for, or that it needs; null for the one of the settings. */
  readonly engine: EngineKind | null
  /** Flags of Kong's that change nothing here, such as reuseport. */
  readonly ignored: readonly string[]
}

const NO_EFFECT =
  /^(?:http2|reuseport|deferred|bind|backlog=\d+|ipv6only=(?:on|off)|so_keepalive=\S+)$/

/** Understood, and so not among the flags without effect. */
const EFFECT = /^(?:ssl|proxy_protocol|engine=.*)$/

/**
 * @param name the setting, for the message; what only the proxy's listeners can be told is refused in the others
 * @throws Error in Kong's words
 */
export function parseListen(name: string, value: string): readonly ListenEntry[] {
  const entries = value.split(',').map((entry) => entry.trim())
  if (entries[0] === 'off') return []
  return entries.map((entry) => parseEntry(name, entry))
}

function parseEntry(name: string, entry: string): ListenEntry {
  const [place = '', ...flags] = entry.split(/\s+/)
  const colon = place.lastIndexOf(':')
  const host = place.slice(0, colon)
  const address = host === 'localhost' ? '127.0.0.1' : host.replace(/^\[(.*)\]$/, '$1')
  const port = Number(place.slice(colon + 1) || Number.NaN)
  if (colon < 0 || isIP(address) === 0 || !Number.isInteger(port) || port < 0 || port > 65535) {
    throw new Error(
      `${name} must be of form: [off] | <ip>:<port> [ssl] [http2] ..., [... next entry ...] (got '${entry}')`,
    )
  }
  const others = flags.filter((flag) => !EFFECT.test(flag))
  const unknown = others.filter((flag) => !NO_EFFECT.test(flag))
  if (unknown.length > 0) {
    throw new Error(`${name}: '${unknown.join(' ')}' of '${entry}' is not supported`)
  }
  return {
    address,
    port,
    publicPort: port,
    ssl: flags.includes('ssl'),
    proxyProtocol: flags.includes('proxy_protocol'),
    engine: engineOf(name, entry, flags),
    ignored: others,
  }
}

function engineOf(name: string, entry: string, flags: readonly string[]): EngineKind | null {
  const wanted = flags.filter((flag) => flag.startsWith('engine='))
  if (name !== 'proxy_listen') {
    if (wanted.length === 0) return null
    throw new Error(`${name}: '${wanted.join(' ')}' of '${entry}' is for proxy_listen alone`)
  }
  const kinds = new Set(wanted.map((flag) => flag.slice('engine='.length)))
  const engine = ENGINES.find((kind) => kinds.has(kind)) ?? null
  if (kinds.size > 1 || (kinds.size === 1 && engine === null)) {
    throw new Error(`${name}: '${wanted.join(' ')}' of '${entry}' must be one of ${CHOICES}`)
  }
  if (!flags.includes('proxy_protocol')) return engine
  if (engine === 'uws') {
    // It reads such a header from whoever sends one, on every listener, and only version 2 (trap 16).
    throw new Error(
      `${name}: the uws engine of '${entry}' does not take proxy_protocol: write engine=http1, or leave engine out`,
    )
  }
  return 'http1'
}

const CHOICES = ENGINES.map((kind) => `engine=${kind}`).join(', ')

/**
 * Kong's `port_maps`: `80:8000, 443:8443`, public ports and those that are listened on.
 * @returns the public port by the other
 */
export function parsePortMaps(value: string): ReadonlyMap<number, number> {
  const maps = new Map<number, number>()
  for (const entry of list(value)) {
    const [publicPort = 0, port = 0] = /^\d+:\d+$/.test(entry) ? entry.split(':').map(Number) : []
    if (!isPort(publicPort) || !isPort(port)) {
      throw new Error(`invalid port mapping '${entry}': write PUBLIC:LISTENING, such as 443:8443`)
    }
    maps.set(port, publicPort)
  }
  return maps
}

function isPort(port: number): boolean {
  return port > 0 && port <= 65_535
}
