// One address under health checks, as one thread sees it: what the checks tell goes into the state that all threads share,
// and a change of it into the log, once, by the thread that has made it.
import type { Logger } from '../../log/logger.js'
import type { PeerHealth } from '../peer-health.js'
import type { Judge } from './health-rules.js'
import type { HealthTable, PeerName } from './health-table.js'
import {
  countOf,
  HEALTHY,
  isHealthy,
  stateAfter,
  UNHEALTHY,
  type HealthEvent,
} from './peer-state.js'

type Checks = 'active' | 'passive'

export class CheckedPeer implements PeerHealth {
  readonly name: PeerName
  readonly #key: bigint
  readonly #passive: Judge
  readonly #log: Logger
  #states: Int32Array
  #slot: number

  /** @param now seconds, see HealthTable */
  constructor(name: PeerName, passive: Judge, table: HealthTable, log: Logger, now: number) {
    this.name = name
    this.#passive = passive
    this.#log = log
    this.#key = table.keyOf(name)
    // Until there is room, for this thread alone.
    this.#states = new Int32Array(1)
    this.#slot = 0
    this.renew(table, now)
  }

  // HOT PATH
  get isUp(): boolean {
    return isHealthy(Atomics.load(this.#states, this.#slot))
  }

  // HOT PATH
  onStatus(status: number): void {
    const event = this.#passive.eventOf(status)
    if (event !== null) this.#count(event, this.#passive.limits[event], 'passive', status)
  }

  onFailure(kind: 'tcp' | 'timeout'): void {
    this.#count(kind, this.#passive.limits[kind], 'passive', 0)
  }

  /**
   * What a probe has found.
   * @param status 0 where there was none
   */
  onProbe(event: HealthEvent, status: number, { limits }: Judge): void {
    this.#count(event, limits[event], 'active', status)
  }

  /** By hand: nothing that was counted before matters any more. */
  set(healthy: boolean): void {
    const before = Atomics.exchange(this.#states, this.#slot, healthy ? HEALTHY : UNHEALTHY)
    if (isHealthy(before) !== healthy) this.#report(healthy, { by: 'the Admin API' })
  }

  /**
   * Keeps the place in the table, or finds it again. False when there is no room for it.
   * @param now seconds, see HealthTable
   */
  renew(table: HealthTable, now: number): boolean {
    const slot = table.slotOf(this.#key, now)
    if (slot === null) return false
    this.#states = table.states
    this.#slot = slot
    return true
  }

  #count(event: HealthEvent, limit: number, checks: Checks, status: number): void {
    const states = this.#states
    const slot = this.#slot
    for (;;) {
      const before = Atomics.load(states, slot)
      const after = stateAfter(before, event, limit)
      if (after === before) return
      if (Atomics.compareExchange(states, slot, before, after) !== before) continue
      if (isHealthy(after) !== isHealthy(before)) {
        const count = countOf(after, event)
        this.#report(isHealthy(after), {
          checks,
          event,
          count,
          limit,
          ...(status > 0 && { status }),
        })
      }
      return
    }
  }

  #report(healthy: boolean, cause: object): void {
    const { upstream, host, ip, port } = this.name
    this.#log.warn(
      { upstream, target: host, ip, port, ...cause },
      `health status changed to ${healthy ? 'HEALTHY' : 'UNHEALTHY'}`,
    )
  }
}
