// Puts the DNS client together: the two files of the system, the resolvers, what is known, and the names that are in use.
import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { describeError } from '../../errors/describe.js'
import { CoarseClock } from './coarse-clock.js'
import { FaultLog } from './fault-log.js'
import { parseHosts } from './hosts-file.js'
import { Lru } from './lru.js'
import { Name, type NameParts } from './name.js'
import { NameLookup } from './name-lookup.js'
import { HOSTS_TTL_MS, RecordCache } from './record-cache.js'
import { parseResolvConf } from './resolv-conf.js'
import { Servers } from './servers.js'
import type { Logger } from '../../log/logger.js'
import type { DnsClient, DnsName } from './contract.js'
import type { DnsSettings } from './settings.js'

interface Surroundings {
  /** Milliseconds of a clock that never goes back; a test's own. */
  readonly now?: () => number
  /** LOCALDOMAIN and RES_OPTIONS count. */
  readonly environment?: Readonly<Record<string, string | undefined>>
}

/** Reads the hosts file and the resolver file, once: as in Kong, changes to them count from the next start. */
export function createDnsClient(
  settings: DnsSettings,
  log: Logger,
  { now, environment = process.env }: Surroundings = {},
): DnsClient {
  const clock = new CoarseClock()
  const time = now ?? (() => clock.now)
  const hosts = parseHosts(textOf(settings.hostsFile, log))
  const system = parseResolvConf(textOf(settings.resolvConf, log), environment)
  const servers = new Servers(
    settings.servers.length > 0 ? { ...system, servers: settings.servers } : system,
  )
  const records = new RecordCache(settings, {
    hosts,
    ask: (question) => servers.ask(question),
    now: time,
  })
  const lookup = new NameLookup({ ...settings, ...system, hosts }, records)
  const parts: NameParts = {
    settings,
    find: (name, last) => lookup.find(name, last),
    faults: new FaultLog(log, time),
    now: time,
  }
  const names = new Lru<string, DnsName>(settings.cacheSize)
  return {
    open: (name) => {
      const key = name.toLowerCase()
      const known = names.get(key)
      if (known !== undefined) return known
      const opened = addressName(key) ?? new Name(key, parts)
      clock.start()
      names.set(key, opened)
      return opened
    },
    close: () => {
      clock.stop()
      servers.close()
    },
  }
}

/** An address stands for itself. */
function addressName(text: string): DnsName | null {
  const ip = text.replace(/^\[(.*)\]$/, '$1')
  const family = isIP(ip)
  if (family === 0) return null
  const type = family === 4 ? 'A' : 'AAAA'
  const answer = { type, addresses: [{ ip, port: 0, weight: 1 }], ttlMs: HOSTS_TTL_MS } as const
  return { answer, resolve: () => Promise.resolve(answer) }
}

/** Without the file there is nothing in it. */
function textOf(file: string, log: Logger): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    log.warn(
      { file },
      `cannot be read, and names are looked up without it: ${describeError(error)}`,
    )
    return ''
  }
}
