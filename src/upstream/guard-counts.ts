// What circuit breakers and bulkheads have done, as the pages show it.

/** Of all breakers and bulkheads of a worker together. */
export interface GuardCounts {
  /** Since the worker began. */
  readonly circuitsOpened: number
  /** At the moment, half-open ones included. */
  readonly circuitsOpen: number
  /** Requests, since the worker began. */
  readonly circuitRefusals: number
  /** Requests, since the worker began. */
  readonly bulkheadRefusals: number
  /** Requests that wait for a place at the moment. */
  readonly bulkheadWaiting: number
}

export function guardCounts(of: (name: keyof GuardCounts) => number): GuardCounts {
  return {
    circuitsOpened: of('circuitsOpened'),
    circuitsOpen: of('circuitsOpen'),
    circuitRefusals: of('circuitRefusals'),
    bulkheadRefusals: of('bulkheadRefusals'),
    bulkheadWaiting: of('bulkheadWaiting'),
  }
}
