// The breakers of one worker: one for each service, and one for each route that has values of its own.
import { DEFAULT_BREAKER, type BreakerPolicy } from '../../plugin/policy.js'
import { PerOwner, type Owner } from '../per-owner.js'
import { Breaker, type BreakerCounts, type BreakerEnv } from './breaker.js'

export interface BreakersEnv extends Omit<BreakerEnv, 'counts'> {
  /** False: there are no breakers, whatever plugins ask for. */
  readonly isOn: boolean
}

export class Breakers {
  readonly counts: BreakerCounts = { opened: 0, refused: 0 }
  readonly #isOn: boolean
  readonly #known: PerOwner<BreakerPolicy, Breaker>

  constructor({ isOn, log, now }: BreakersEnv) {
    const env = { log, now, counts: this.counts }
    this.#isOn = isOn
    this.#known = new PerOwner((policy, { names }) => new Breaker(policy, names, env))
  }

  /** @param policy that of a plugin; without one the default */
  of(owner: Owner, policy = DEFAULT_BREAKER): Breaker | null {
    return this.#isOn && policy.isEnabled ? this.#known.of(owner, policy) : null
  }
}
