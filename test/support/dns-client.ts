// A DNS client whose clock the test moves, with files of its own instead of the system's.
import { createDnsClient } from '../../src/upstream/dns/client.js'
import { logTo } from './admin.js'
import { makeFolder } from './folder.js'
import type { DnsClient } from '../../src/upstream/dns/contract.js'
import type { DnsSettings } from '../../src/upstream/dns/settings.js'
import type { DnsServer } from './dns-server.js'

export interface TestDnsClient extends DnsClient {
  /** What it has written into the log. */
  readonly lines: readonly string[]
  /** Moves its clock; what waits for a resolver waits in real time all the same. */
  pass(ms: number): void
}

interface Surroundings {
  readonly settings?: Partial<DnsSettings>
  readonly hosts?: string
  /** Beside the resolvers. */
  readonly resolvConf?: string
  readonly environment?: Readonly<Record<string, string>>
  /** Time passes by itself. */
  readonly hasOwnClock?: boolean
}

/** Kong's defaults. */
const SETTINGS: Omit<DnsSettings, 'servers' | 'hostsFile' | 'resolvConf'> = {
  order: ['LAST', 'SRV', 'A', 'CNAME'],
  isSrvByName: false,
  validTtlMs: null,
  staleTtlMs: 3_600_000,
  notFoundTtlMs: 30_000,
  errorTtlMs: 1_000,
  cacheSize: 10_000,
}

export function startDnsClient(
  servers: readonly DnsServer[],
  { settings, hosts = '', resolvConf = '', environment = {}, hasOwnClock }: Surroundings = {},
): TestDnsClient {
  const folder = makeFolder()
  const lines: string[] = []
  // Not 0, so that nothing comes out right by chance.
  let now = 5_000
  const client = createDnsClient(
    {
      ...SETTINGS,
      servers: servers.map(({ port }) => ({ ip: '127.0.0.1', port })),
      hostsFile: folder.write('hosts', hosts),
      // A crowded machine takes its time; what the test says comes last, and wins.
      resolvConf: folder.write('resolv.conf', `options timeout:30\n${resolvConf}`),
      ...settings,
    },
    logTo(lines),
    hasOwnClock === true ? { environment } : { now: () => now, environment },
  )
  // It reads them at its start.
  folder.remove()
  return {
    open: (name) => client.open(name),
    close: () => client.close(),
    lines,
    pass: (ms) => void (now += ms),
  }
}
