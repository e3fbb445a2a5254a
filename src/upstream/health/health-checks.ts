// The health checks of one thread: gives balancers what they ask about an address, and keeps the places of those that
// somebody uses.
import type { Logger } from '../../log/logger.js'
import type { Upstream } from '../../model/entities.js'
import type { HealthSource, UpstreamHealth } from '../health-source.js'
import { ALWAYS_UP, type PeerHealth } from '../peer-health.js'
import { CheckedPeer } from './checked-peer.js'
import { isChecked, isEnough, isServable, passiveJudge, type Judge } from './health-rules.js'
import type { HealthTable, PeerName } from './health-table.js'

/** Well within the time after which a place is given to others. */
const RENEW_MS = 60_000

/** Where requests may go, under its upstream. */
export type PeerAddress = Omit<PeerName, 'upstream'>

/** What decides about checks. */
type Checked = Pick<Upstream, 'name' | 'healthchecks'>

export class HealthChecks implements HealthSource {
  readonly #table: HealthTable
  readonly #log: Logger
  readonly #nowSeconds: () => number
  /** Those that somebody else still holds: balancers drop addresses as names change, without a word. */
  readonly #peers = new Set<WeakRef<CheckedPeer>>()
  readonly #timer: NodeJS.Timeout
  #isFull = false

  /** @param nowMs a clock that all threads share */
  constructor(table: HealthTable, log: Logger, nowMs: () => number) {
    this.#table = table
    this.#log = log
    this.#nowSeconds = () => Math.floor(nowMs() / 1000)
    this.#timer = setInterval(() => this.renew(), RENEW_MS)
    this.#timer.unref()
  }

  of(upstream: Checked): CheckedUpstream {
    return new CheckedUpstream(upstream, (name, judge) => this.#open(name, judge))
  }

  /** Keeps the places of all addresses in use. */
  renew(): void {
    const now = this.#nowSeconds()
    for (const reference of this.#peers) {
      const peer = reference.deref()
      if (peer === undefined) this.#peers.delete(reference)
      else if (!peer.renew(this.#table, now)) this.#sayFull()
    }
  }

  /** Gives back the places of addresses that no thread uses any more. For the main thread alone. */
  forgetOld(): void {
    this.#table.forgetOld(this.#nowSeconds())
  }

  close(): void {
    clearInterval(this.#timer)
  }

  #open(name: PeerName, judge: Judge): CheckedPeer {
    const now = this.#nowSeconds()
    const peer = new CheckedPeer(name, judge, this.#table, this.#log, now)
    if (!peer.renew(this.#table, now)) this.#sayFull()
    this.#peers.add(new WeakRef(peer))
    return peer
  }

  #sayFull(): void {
    if (this.#isFull) return
    this.#isFull = true
    this.#log.error('too many addresses under health checks: each worker judges some for itself')
  }
}

export class CheckedUpstream implements UpstreamHealth {
  /** False: nothing is checked, and every address is up. */
  readonly isOn: boolean
  readonly #name: string
  readonly #threshold: number
  readonly #passive: Judge
  readonly #open: (name: PeerName, passive: Judge) => CheckedPeer

  constructor(
    { name, healthchecks }: Checked,
    open: (name: PeerName, passive: Judge) => CheckedPeer,
  ) {
    this.isOn = isChecked(healthchecks) && isServable(healthchecks)
    this.#name = name
    this.#threshold = healthchecks.threshold
    this.#passive = passiveJudge(healthchecks)
    this.#open = open
  }

  /** To be asked for once, and kept for as long as the address is in use. */
  peer(address: PeerAddress): PeerHealth {
    return this.checked(address) ?? ALWAYS_UP
  }

  /** Null when nothing is checked. */
  checked({ ip, port, host }: PeerAddress): CheckedPeer | null {
    return this.isOn ? this.#open({ upstream: this.#name, ip, port, host }, this.#passive) : null
  }

  /**
   * Whether requests are sent to the upstream at all.
   * @param available weight of the addresses that are up
   */
  isEnough(available: number, total: number): boolean {
    return isEnough(available, total, this.#threshold)
  }
}
