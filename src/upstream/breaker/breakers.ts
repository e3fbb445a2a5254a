// The breakers of one worker: one for each service, and one for each route that has values of its own. They outlive
// reloads as long as what they stand for is not changed.
import type { Route, Service } from '../../model/entities.js'
import { DEFAULT_BREAKER, type BreakerPolicy } from '../../plugin/policy.js'
import { Breaker, type BreakerCounts, type BreakerEnv } from './breaker.js'

export interface BreakersEnv extends Omit<BreakerEnv, 'counts'> {
  /** False: there are no breakers, whatever plugins ask for. */
  readonly isOn: boolean
}

export class Breakers {
  readonly counts: BreakerCounts = { opened: 0, refused: 0 }
  readonly #isOn: boolean
  readonly #env: BreakerEnv
  /** By entity and policy, both of which stay the same objects while they are unchanged. */
  readonly #known = new WeakMap<Service | Route, WeakMap<BreakerPolicy, Breaker>>()

  constructor({ isOn, log, now }: BreakersEnv) {
    this.#isOn = isOn
    this.#env = { log, now, counts: this.counts }
  }

  /**
   * The breaker of a route's requests, or null.
   * @param policy that of a plugin; without one the default
   * @param isOwn whether the policy is bound to this route, so that it shares no breaker with others of the service
   */
  of(service: Service, route: Route, policy = DEFAULT_BREAKER, isOwn = false): Breaker | null {
    if (!this.#isOn || !policy.isEnabled) return null
    const owner = isOwn ? route : service
    let ofOwner = this.#known.get(owner)
    if (ofOwner === undefined) this.#known.set(owner, (ofOwner = new WeakMap()))
    let breaker = ofOwner.get(policy)
    if (breaker === undefined) {
      const of = { service: service.name ?? service.id }
      const name = isOwn ? { ...of, route: route.name ?? route.id } : of
      ofOwner.set(policy, (breaker = new Breaker(policy, name, this.#env)))
    }
    return breaker
  }
}
