// The observer of an exchange until the pipeline has set its own.
import type { ExchangeObserver } from '../model/exchange.js'

export const NOBODY: ExchangeObserver = {
  onAborted() {
    // Nobody listens yet.
  },
  onDrain() {
    // Nobody listens yet.
  },
  onBodyFault() {
    // Nobody listens yet.
  },
}
