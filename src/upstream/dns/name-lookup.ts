// From a name to its addresses: which types are asked for under which full names, in Kong's order, until one has an answer.
import { isIP } from 'node:net'
import { DnsError, EMPTY_RECORD, serverError } from './dns-error.js'
import { ResolverFault } from './settle.js'
import { leastPriority, srvAddresses, type SrvTarget } from './srv.js'
import type { DnsAddress, DnsAnswer } from './contract.js'
import type { Hosts } from './hosts-file.js'
import type { DnsRecord, SrvRecord } from './message.js'
import type { RecordCache, RecordSet } from './record-cache.js'
import type { ResolverRules } from './resolv-conf.js'
import type { DnsSettings, OrderEntry, RecordType } from './settings.js'

export interface Found {
  readonly type: DnsAnswer['type']
  readonly addresses: readonly DnsAddress[]
  readonly expiresAt: number
  /** What was asked for: LAST stands for it next time. */
  readonly asked: RecordType
}

/** Why nothing was found. */
export interface NotFound {
  readonly error: DnsError
  /**
   * There is no such name any more, by every answer to what was asked for last time: what was known of it is not so. A
   * name that has lost its records is not gone, nor is one that no resolver can tell of.
   */
  readonly isGone: boolean
}

interface Rules extends Pick<ResolverRules, 'search' | 'ndots'> {
  readonly order: DnsSettings['order']
  readonly isSrvByName: boolean
  readonly hosts: Hosts
}

const SUCCESS = 0
const NAME_ERROR = 3
const RECURSION = 'recursion detected'
/** Of CNAME questions, each of which may lead to another name. */
const MOST_CNAMES = 8
/** Names in one SRV answer that are looked up at the same time. */
const SRV_AT_ONCE = 16

/** RFC 2782: `_service._proto.name`. */
const SRV_NAME = /^_[^.]+\._[^.]+\../

export class NameLookup {
  readonly #rules: Rules
  readonly #records: RecordCache

  constructor(rules: Rules, records: RecordCache) {
    this.#rules = rules
    this.#records = records
  }

  /**
   * @param name in small letters; with a dot at its end it is not searched for
   * @param last the type that answered last time
   */
  async find(name: string, last: RecordType | null): Promise<Found | NotFound> {
    try {
      return await this.#find(name, {
        last: last ?? this.#typeInHosts(name),
        cnamesLeft: MOST_CNAMES,
      })
    } catch (error) {
      // Kong asks for no other type then: that might give a wrong answer.
      if (!(error instanceof ResolverFault)) throw error
      const { message: reason, detail } = error
      return { error: DnsError.of(name, { reason, detail }), isGone: false }
    }
  }

  async #find(
    name: string,
    { last, cnamesLeft }: { last: RecordType | null; cnamesLeft: number },
  ): Promise<Found | NotFound> {
    let reason = EMPTY_RECORD
    let isGone = true
    for (const type of this.#types(name, last)) {
      for (const fullName of this.#fullNames(name, type)) {
        const set = await this.#records.get({ name: fullName, type })
        if (set.records.length > 0) {
          const found = await this.#read(fullName, { set, type, cnamesLeft })
          if (typeof found !== 'string') return found
          reason = found
        } else reason = faultOf(set)
        if (set.rcode !== NAME_ERROR && (last === null || type === last)) isGone = false
      }
    }
    return { error: DnsError.of(name, { reason }), isGone }
  }

  /** A text says why these records are of no use. */
  async #read(
    name: string,
    { set, type, cnamesLeft }: { set: RecordSet; type: RecordType; cnamesLeft: number },
  ): Promise<Found | string> {
    switch (type) {
      case 'A':
      case 'AAAA': {
        const addresses = ipsOf(set.records).map((ip) => ({ ip, port: 0, weight: 1 }))
        return { type, addresses, expiresAt: set.expiresAt, asked: type }
      }
      case 'CNAME': {
        const [alias] = set.records
        if (alias?.type !== 'CNAME' || cnamesLeft === 0) return RECURSION
        const found = await this.#find(`${alias.target}.`, {
          last: null,
          cnamesLeft: cnamesLeft - 1,
        })
        if ('error' in found) return found.error.reason
        return { ...found, expiresAt: Math.min(found.expiresAt, set.expiresAt), asked: type }
      }
      case 'SRV':
        return this.#readSrv(name, set)
    }
  }

  async #readSrv(name: string, set: RecordSet): Promise<Found | string> {
    const records = leastPriority(set.records)
    if (records.length === 0) return EMPTY_RECORD
    // Kubernetes has SRV records that point at themselves.
    if (records.every(({ target }) => target === name)) return RECURSION
    const targets: SrvTarget[] = []
    for (let i = 0; i < records.length; i += SRV_AT_ONCE) {
      const some = records.slice(i, i + SRV_AT_ONCE)
      targets.push(...(await Promise.all(some.map((record) => this.#srvTarget(record)))))
    }
    const addresses = srvAddresses(targets)
    if (addresses.length === 0) return targets.at(-1)?.fault ?? EMPTY_RECORD
    // A target that does not resolve comes in as soon as it may be asked for again.
    const expiresAt = Math.min(set.expiresAt, ...targets.map((target) => target.expiresAt))
    return { type: 'SRV', addresses, expiresAt, asked: 'SRV' }
  }

  async #srvTarget(record: SrvRecord): Promise<SrvTarget> {
    const { target } = record
    if (isIP(target) !== 0) return { record, ips: [target], expiresAt: Infinity, fault: null }
    let expiresAt = Infinity
    let fault = EMPTY_RECORD
    for (const type of this.#addressTypes()) {
      const set = await this.#records.get({ name: target, type })
      const ips = ipsOf(set.records)
      if (ips.length > 0) return { record, ips, expiresAt: set.expiresAt, fault: null }
      expiresAt = Math.min(expiresAt, set.expiresAt)
      fault = faultOf(set)
    }
    return { record, ips: [], expiresAt, fault }
  }

  /** A target of SRV has addresses, not further services. */
  #addressTypes(): readonly ('A' | 'AAAA')[] {
    const types = this.#rules.order.filter((type) => type === 'A' || type === 'AAAA')
    return types.length > 0 ? types : ['A']
  }

  #types(name: string, last: RecordType | null): ReadonlySet<RecordType> {
    const { order, isSrvByName } = this.#rules
    if (isSrvByName && SRV_NAME.test(name)) return new Set<RecordType>(['SRV'])
    const types = new Set<RecordType>()
    for (const entry of order) {
      const type = entry === 'LAST' ? last : entry
      if (type !== null && !(isSrvByName && type === 'SRV')) types.add(type)
    }
    return types
  }

  /** The family that the order prefers, of those that the hosts file has. */
  #typeInHosts(name: string): RecordType | null {
    const entry = this.#rules.hosts.get(withoutDot(name))
    if (entry === undefined) return null
    const isListed = (type: OrderEntry): type is 'A' | 'AAAA' => type === 'A' || type === 'AAAA'
    return this.#rules.order.filter(isListed).find((type) => entry[type] !== undefined) ?? null
  }

  #fullNames(name: string, type: RecordType): readonly string[] {
    const bare = withoutDot(name)
    if (bare !== name) return [bare]
    const { search, ndots, hosts } = this.#rules
    const searched = search.map((domain) => `${name}.${domain}`)
    const inHosts = (type === 'A' || type === 'AAAA') && hosts.get(name)?.[type] !== undefined
    const isAsItStandsFirst = inHosts || name.split('.').length - 1 >= ndots
    return isAsItStandsFirst ? [name, ...searched] : [...searched, name]
  }
}

/** Each once. */
function ipsOf(records: readonly DnsRecord[]): readonly string[] {
  return [...new Set(records.flatMap((record) => ('ip' in record ? [record.ip] : [])))]
}

function faultOf({ rcode }: RecordSet): string {
  return rcode === SUCCESS ? EMPTY_RECORD : serverError(rcode)
}

function withoutDot(name: string): string {
  return name.endsWith('.') ? name.slice(0, -1) : name
}
