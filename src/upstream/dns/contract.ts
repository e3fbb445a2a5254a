// What the balancers ask of name resolution. A request never waits for a look-up of a name that has been answered before.

/** One address that a name stands for. */
export interface DnsAddress {
  /** IPv4, or IPv6 without brackets. */
  readonly ip: string
  /** From SRV; 0 where the record gives none. */
  readonly port: number
  /** From SRV, at least 1; 1 for A and AAAA. */
  readonly weight: number
  /** The name in the SRV record; none for A and AAAA. */
  readonly srvName?: string
}

export interface DnsAnswer {
  readonly type: 'A' | 'AAAA' | 'SRV'
  /** At least one; of SRV the lowest priority alone, names among them resolved. */
  readonly addresses: readonly DnsAddress[]
  readonly ttlMs: number
}

/** One name that somebody wants to know about for as long as a configuration is in force. */
export interface DnsName {
  /**
   * HOT PATH. The last good answer, the same object until the addresses change; null before the first one. Looking at
   * one that has expired starts its refresh, in the background.
   */
  readonly answer: DnsAnswer | null
  /** The answer, waited for where there is none yet; rejects with a DnsError. */
  resolve(): Promise<DnsAnswer>
}

/** One per worker; outlives reloads. */
export interface DnsClient {
  /** Equal names, whatever their case, are one object. */
  open(name: string): DnsName
  close(): void
}
