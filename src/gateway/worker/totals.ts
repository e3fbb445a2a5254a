// What all workers have done together, those that have ended included.
import { guardCounts, type GuardCounts } from '../../upstream/guard-counts.js'
import type { Report } from './board.js'

export class Totals {
  #requests = 0
  #guards = guardCounts(() => 0)

  /** Of a worker that has ended: what it has done stays, what it was at is over. */
  retire({ requests, guards }: Report): void {
    this.#requests += requests
    this.#guards = { ...sum(this.#guards, guards), circuitsOpen: 0, bulkheadWaiting: 0 }
  }

  /** @param reports of the workers that there are */
  requests(reports: readonly Report[]): number {
    return reports.reduce((total, { requests }) => total + requests, this.#requests)
  }

  guards(reports: readonly Report[]): GuardCounts {
    return reports.reduce((total, { guards }) => sum(total, guards), this.#guards)
  }
}

function sum(a: GuardCounts, b: GuardCounts): GuardCounts {
  return guardCounts((name) => a[name] + b[name])
}
