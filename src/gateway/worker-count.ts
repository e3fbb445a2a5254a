// How many worker threads there are to be.
import { availableParallelism } from 'node:os'
import { wholeNumber } from './setting-values.js'

/** nginx's own bound. */
const MOST_WORKERS = 1024

/** @throws Error in Kong's words */
export function workers(value: string): number | 'auto' {
  if (value === 'auto') return 'auto'
  const count = wholeNumber('nginx_worker_processes', value)
  if (count >= 1 && count <= MOST_WORKERS) return count
  throw new Error(
    `nginx_worker_processes has an invalid value: '${value}' (auto, 1 to ${MOST_WORKERS})`,
  )
}

/** How many threads are to serve. */
export function workerCount({ workers: wanted }: { readonly workers: number | 'auto' }): number {
  return wanted === 'auto' ? Math.min(availableParallelism(), MOST_WORKERS) : wanted
}
