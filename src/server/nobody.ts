// Who hears of an exchange until the pipeline does.
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
