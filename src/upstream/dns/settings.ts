// What a DNS client is told; gateway/dns-settings.ts reads it from Kong's settings.

/** What can be asked of a resolver here. */
export type RecordType = 'A' | 'AAAA' | 'SRV' | 'CNAME'

/** LAST stands for the type that answered last time. */
export type OrderEntry = RecordType | 'LAST'

export const ORDER_ENTRIES: readonly OrderEntry[] = ['LAST', 'SRV', 'A', 'AAAA', 'CNAME']

export interface DnsServer {
  /** IPv4, or IPv6 without brackets. */
  readonly ip: string
  readonly port: number
}

export interface DnsSettings {
  /** None: those of the resolver file. */
  readonly servers: readonly DnsServer[]
  readonly hostsFile: string
  /** `search` and `options` are taken from it even where servers are given. */
  readonly resolvConf: string
  /** The types that are tried, one after the other. */
  readonly order: readonly OrderEntry[]
  /** Kong's newer client: SRV for names like `_service._proto.example.com` alone, and nothing else for those. */
  readonly isSrvByName: boolean
  /** Instead of what records say; null: what they say. */
  readonly validTtlMs: number | null
  /** So long an answer stands in once it has expired, while a new one is looked for. */
  readonly staleTtlMs: number
  /** For names that do not exist or have no record of the kind. */
  readonly notFoundTtlMs: number
  /** For any other failure. */
  readonly errorTtlMs: number
  /** Names, and as many sets of records. */
  readonly cacheSize: number
}
