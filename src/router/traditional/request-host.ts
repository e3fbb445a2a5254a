// Host headers against the hosts of routes, as flavour traditional compares them.

/** A Host header with and without its port. */
export interface SplitHost {
  readonly name: string
  /** With the scheme's usual port where it has none. */
  readonly withPort: string
}

const BRACKETED = /^\[(.*?)\](?::(\d*))?$/
const PORT = /^\d+$/

/** Kong's reading (kong/router/traditional.lua, split_port): brackets come off an IPv6 address. */
export function splitHost(host: string, usualPort: number): SplitHost {
  if (host.startsWith('[')) {
    const [, name = host, port = ''] = BRACKETED.exec(host) ?? []
    if (port !== '') return { name, withPort: host }
    return { name, withPort: host.endsWith(':') ? `${host}${usualPort}` : `${host}:${usualPort}` }
  }
  const colon = host.indexOf(':')
  if (colon < 0) return { name: host, withPort: `${host}:${usualPort}` }
  const name = host.slice(0, colon)
  const port = host.slice(colon + 1)
  if (port === '') return { name, withPort: `${name}:${usualPort}` }
  if (!PORT.test(port)) return { name: host, withPort: `[${host}]:${usualPort}` }
  return { name, withPort: host }
}

export function isWildcard(host: string): boolean {
  return host.includes('*')
}

export function hasPort(host: string): boolean {
  return /:\d+$/.test(host)
}

/** Tests a host with its port: a wildcard without one takes any. */
export function wildcardRegex(host: string): RegExp {
  const source = host.replace(/[\\^$.+?()[\]{}|/]/g, '\\$&').replace('*', '.+')
  return new RegExp(`^${source}${hasPort(host) ? '' : '(?::\\d+)?'}$`)
}
