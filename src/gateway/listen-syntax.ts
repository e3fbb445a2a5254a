// The entries of proxy_listen, admin_listen and status_listen (operations.md, 3).
import { isIP } from 'node:net'

export interface ListenEntry {
  /** An IP address. */
  readonly address: string
  readonly port: number
  readonly ssl: boolean
  /** Flags of Kong's that change nothing here, such as reuseport. */
  readonly ignored: readonly string[]
}

const NO_EFFECT =
  /^(?:http2|reuseport|deferred|bind|backlog=\d+|ipv6only=(?:on|off)|so_keepalive=\S+)$/

/**
 * @param name the setting, for the message
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
  const unknown = flags.filter((flag) => flag !== 'ssl' && !NO_EFFECT.test(flag))
  if (colon < 0 || isIP(address) === 0 || !Number.isInteger(port) || port < 0 || port > 65535) {
    throw new Error(
      `${name} must be of form: [off] | <ip>:<port> [ssl] [http2] ..., [... next entry ...] (got '${entry}')`,
    )
  }
  if (unknown.length > 0) {
    throw new Error(`${name}: '${unknown.join(' ')}' of '${entry}' is not supported`)
  }
  return {
    address,
    port,
    ssl: flags.includes('ssl'),
    ignored: flags.filter((flag) => flag !== 'ssl'),
  }
}
