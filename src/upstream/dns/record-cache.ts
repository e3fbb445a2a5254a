// Sets of records by name and type, each for as long as it is valid; who asks for what is being asked for waits along.
import { Lru } from './lru.js'
import { isDnsName, type DnsRecord, type Question, type Reply } from './message.js'
import type { Hosts } from './hosts-file.js'
import type { DnsSettings } from './settings.js'

/** What is known of one name and type. */
export interface RecordSet {
  /** 0, or why there are no records; 0 without a record: the name has none of this type. */
  readonly rcode: number
  /** Of the type that was asked for, behind every alias. */
  readonly records: readonly DnsRecord[]
  readonly expiresAt: number
}

/** Rejects when no resolver answers. */
export type Ask = (question: Question) => Promise<Reply>

/** As in Kong: entries of the hosts file are as good as for ever. */
export const HOSTS_TTL_MS = 10 * 365 * 24 * 3600 * 1000
const NAME_ERROR = 3
/** Of aliases in one answer, and of further questions that they lead to. */
const MOST_ALIASES = 16

interface Sources {
  readonly hosts: Hosts
  readonly ask: Ask
  readonly now: () => number
}

type Settings = Pick<DnsSettings, 'validTtlMs' | 'notFoundTtlMs' | 'errorTtlMs' | 'cacheSize'>

export class RecordCache {
  readonly #settings: Settings
  readonly #sources: Sources
  readonly #known: Lru<string, RecordSet>
  readonly #underWay = new Map<string, Promise<RecordSet>>()

  constructor(settings: Settings, sources: Sources) {
    this.#settings = settings
    this.#sources = sources
    this.#known = new Lru(settings.cacheSize)
  }

  get size(): number {
    return this.#known.size
  }

  /** Rejects with a ResolverFault when no resolver answers; that is not kept. */
  get(question: Question): Promise<RecordSet> {
    return this.#get(question, MOST_ALIASES)
  }

  async #get(question: Question, aliasesLeft: number): Promise<RecordSet> {
    const fromFile = this.#fromHosts(question)
    if (fromFile !== null) return fromFile
    const key = `${question.type}:${question.name}`
    const known = this.#known.get(key)
    if (known !== undefined && known.expiresAt > this.#sources.now()) return known
    const sharable = this.#underWay.get(key)
    // Behind an alias nobody waits along: two aliases that point at each other would wait for ever.
    if (sharable !== undefined && aliasesLeft === MOST_ALIASES) return sharable
    const fresh = this.#ask(question, aliasesLeft).then((set) => {
      this.#known.set(key, set)
      return set
    })
    if (sharable !== undefined) return fresh
    const shared = fresh.finally(() => this.#underWay.delete(key))
    this.#underWay.set(key, shared)
    return shared
  }

  #fromHosts({ name, type }: Question): RecordSet | null {
    if (type !== 'A' && type !== 'AAAA') return null
    const ip = this.#sources.hosts.get(name)?.[type]
    if (ip === undefined) return null
    const record: DnsRecord = { name, type, ip, ttlMs: HOSTS_TTL_MS }
    return { rcode: 0, records: [record], expiresAt: this.#sources.now() + HOSTS_TTL_MS }
  }

  async #ask(question: Question, aliasesLeft: number): Promise<RecordSet> {
    if (!isDnsName(question.name)) return this.#none(NAME_ERROR)
    const reply = await this.#sources.ask(question)
    if (reply.rcode !== 0) return this.#none(reply.rcode)
    const { name, records, ttlMs } = followAliases(question, reply.records)
    if (records.length > 0) {
      return { rcode: 0, records, expiresAt: this.#expiry(ttlMs) }
    }
    if (name === question.name || aliasesLeft === 0) return this.#none(0)
    // The resolver has not gone to the end of the aliases.
    const rest = await this.#get({ ...question, name }, aliasesLeft - 1)
    return { ...rest, expiresAt: Math.min(rest.expiresAt, this.#expiry(ttlMs)) }
  }

  #expiry(ttlMs: number): number {
    return this.#sources.now() + (this.#settings.validTtlMs ?? ttlMs)
  }

  #none(rcode: number): RecordSet {
    const { notFoundTtlMs, errorTtlMs } = this.#settings
    const ttlMs = rcode === 0 || rcode === NAME_ERROR ? notFoundTtlMs : errorTtlMs
    return { rcode, records: [], expiresAt: this.#sources.now() + ttlMs }
  }
}

/** The records of the question's type at the end of its aliases, and the least lifetime on the way there. */
function followAliases(
  { name, type }: Question,
  records: readonly DnsRecord[],
): { name: string; records: DnsRecord[]; ttlMs: number } {
  let ttlMs = Infinity
  let at = name
  for (let i = 0; i <= MOST_ALIASES; i++) {
    const found = records.filter((record) => record.name === at && record.type === type)
    if (found.length > 0) {
      return { name: at, records: found, ttlMs: Math.min(ttlMs, ...found.map((r) => r.ttlMs)) }
    }
    const alias = records.find((record) => record.name === at && record.type === 'CNAME')
    if (alias?.type !== 'CNAME') break
    ttlMs = Math.min(ttlMs, alias.ttlMs)
    at = alias.target
  }
  return { name: at, records: [], ttlMs }
}
