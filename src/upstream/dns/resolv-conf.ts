// The resolver file and the two variables that go before it: resolv.conf(5).
import { isIP } from 'node:net'
import { parseHost } from '../../util/host.js'
import type { DnsServer } from './settings.js'

export interface ResolverRules {
  readonly servers: readonly DnsServer[]
  /** Domains that are put behind names which are not absolute. */
  readonly search: readonly string[]
  /** A name with at least so many dots is tried as it stands first. */
  readonly ndots: number
  /** For one try. */
  readonly timeoutMs: number
  /** In all, whatever the number of servers. */
  readonly attempts: number
  /** Begin with another server each time. */
  readonly rotate: boolean
}

export const DNS_PORT = 53

/** Of the C library, as are the bounds of its options; its own defaults for timeout and attempts are not Kong's. */
const MOST_SERVERS = 3
const MOST_DOMAINS = 6
const MOST = { ndots: 15, timeout: 30, attempts: 5 }
const DEFAULTS = { ndots: 1, timeout: 2, attempts: 5 }

type Options = Pick<ResolverRules, 'ndots' | 'timeoutMs' | 'attempts' | 'rotate'>

/** @param environment LOCALDOMAIN replaces the search list, RES_OPTIONS adds to the options */
export function parseResolvConf(
  text: string,
  environment: Readonly<Record<string, string | undefined>>,
): ResolverRules {
  const servers: DnsServer[] = []
  const options: string[] = []
  let search: readonly string[] = []
  for (const line of text.split('\n')) {
    const [keyword, ...values] = words(line.replace(/[#;].*/s, ''))
    if (keyword === 'nameserver') {
      const server = parseServer(values[0] ?? '')
      if (server !== null && servers.length < MOST_SERVERS) servers.push(server)
    } else if (keyword === 'search') search = values
    // The last of the two lines counts.
    else if (keyword === 'domain') search = values.slice(0, 1)
    else if (keyword === 'options') options.push(...values)
  }
  const domains = environment.LOCALDOMAIN === undefined ? search : words(environment.LOCALDOMAIN)
  return {
    // As in the C library: without a file somebody on this machine is asked.
    servers: servers.length > 0 ? servers : [{ ip: '127.0.0.1', port: DNS_PORT }],
    search: domains
      .map((domain) => domain.toLowerCase().replace(/\.$/, ''))
      .filter(Boolean)
      .slice(0, MOST_DOMAINS),
    ...parseOptions([...options, ...words(environment.RES_OPTIONS ?? '')]),
  }
}

/** `10.0.0.1`, `10.0.0.1:5353`, `::1`, `[::1]:53`, `fe80::1%eth0`; null for what is no address. */
export function parseServer(text: string): DnsServer | null {
  if (isIP(text) === 6) return { ip: text, port: DNS_PORT }
  const host = parseHost(text)
  if (typeof host === 'string' || host.kind === 'name') return null
  const port = host.port ?? DNS_PORT
  return port === 0 ? null : { ip: host.host, port }
}

/** Of an option that is given twice the last one counts; what is no number is not taken. */
function parseOptions(options: readonly string[]): Options {
  const numbers = { ...DEFAULTS }
  for (const option of options) {
    const match = /^(ndots|timeout|attempts):(\d{1,9})$/.exec(option)
    if (match === null) continue
    const name = match[1] as keyof typeof numbers
    numbers[name] = Math.min(Number(match[2]), MOST[name])
  }
  return {
    ndots: numbers.ndots,
    // Kong: a timeout of 0 is none that was given.
    timeoutMs: (numbers.timeout || DEFAULTS.timeout) * 1000,
    attempts: Math.max(numbers.attempts, 1),
    rotate: options.includes('rotate'),
  }
}

function words(text: string): string[] {
  return text.trim().split(/\s+/).filter(Boolean)
}
