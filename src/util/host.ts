// Host names and addresses with or without a port, as Kong tells them apart (kong.tools.ip).
import { isIP } from 'node:net'

export interface HostAndPort {
  readonly kind: 'name' | 'ipv4' | 'ipv6'
  /** An IPv6 address without brackets. */
  readonly host: string
  /** Null when none is given. */
  readonly port: number | null
}

export type HostFault = 'invalid host' | 'invalid port number'

// Letters, digits, - . _; no empty label but a last one; no label ends with a dash.
const NAME = /^(?:[A-Za-z0-9_-]*[A-Za-z0-9_](?:\.|$))+$/

export function parseHost(text: string): HostAndPort | HostFault {
  if (isIP(text) === 6) return { kind: 'ipv6', host: text, port: null }
  const bracketed = /^\[(.*)\](?::(.*))?$/s.exec(text)
  if (bracketed !== null) {
    const [, host = '', port] = bracketed
    return isIP(host) === 6 ? withPort('ipv6', host, port) : 'invalid host'
  }
  const colon = text.indexOf(':')
  const host = colon < 0 ? text : text.slice(0, colon)
  const port = colon < 0 ? undefined : text.slice(colon + 1)
  if (isIP(host) === 4) return withPort('ipv4', host, port)
  if (!NAME.test(host)) return 'invalid host'
  return withPort('name', host, port)
}

function withPort(
  kind: HostAndPort['kind'],
  host: string,
  port: string | undefined,
): HostAndPort | HostFault {
  if (port === undefined) return { kind, host, port: null }
  const number = /^[0-9]{1,5}$/.test(port) ? Number(port) : Infinity
  return number <= 65535 ? { kind, host, port: number } : 'invalid port number'
}

/** `127.0.0.1:80`, `[::1]:80`. */
export function hostAndPort(host: string, port: number): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}

// What clients ask for is mostly what they asked for last.
let lastHost = ''
let lastName = ''

/** HOT PATH. `Example.com:8080` -> `example.com`; brackets of an IPv6 literal stay (nginx: $host). */
export function hostWithoutPort(host: string): string {
  if (host !== lastHost) {
    lastName = nameOf(host)
    lastHost = host
  }
  return lastName
}

function nameOf(host: string): string {
  const colon = host.lastIndexOf(':')
  if (colon < 0 || (host.startsWith('[') && host.endsWith(']'))) return host.toLowerCase()
  return host.slice(0, colon).toLowerCase()
}
