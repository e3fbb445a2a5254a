// What SRV records come to: addresses with a port and a weight (RFC 2782, read as Kong reads it).
import type { DnsAddress } from './contract.js'
import type { DnsRecord, SrvRecord } from './message.js'

export interface SrvTarget {
  readonly record: SrvRecord
  readonly ips: readonly string[]
  readonly expiresAt: number
  /** Why there are no addresses. */
  readonly fault: string | null
}

/** Kong: the lowest priority alone. A dot as target says that there is no such service. */
export function leastPriority(records: readonly DnsRecord[]): readonly SrvRecord[] {
  const offered = records.filter((record) => record.type === 'SRV' && record.target !== '.')
  const services = offered as readonly SrvRecord[]
  const least = services.reduce((least, { priority }) => Math.min(least, priority), Infinity)
  return services.filter(({ priority }) => priority === least)
}

/** A wheel of weights must not become long: past it the shares are but nearly right. */
const MOST_PARTS = 60

/** Where a target has more addresses than one, they share its weight. */
export function srvAddresses(targets: readonly SrvTarget[]): DnsAddress[] {
  const counts = targets.map(({ ips }) => ips.length).filter((count) => count > 0)
  const parts = Math.min(counts.reduce(commonMultiple, 1), MOST_PARTS)
  return targets.flatMap(({ record, ips }) => {
    // Kong: 0 counts as 1.
    const share = (Math.max(record.weight, 1) * parts) / ips.length
    const weight = Math.max(Math.round(share), 1)
    return ips.map((ip) => ({ ip, port: record.port, weight, srvName: record.target }))
  })
}

function commonMultiple(a: number, b: number): number {
  let [divisor, rest] = [a, b]
  while (rest > 0) [divisor, rest] = [rest, divisor % rest]
  return (a / divisor) * b
}
