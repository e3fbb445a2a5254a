// Circuit breaker, bulkhead and retries in words, for the text of an explanation.
import { inWords } from '../diff/shown.js'
import type {
  BreakerShown,
  BulkheadShown,
  Named,
  RetryShown,
  UpstreamShown,
} from './explanation.js'

/** A line each. */
export function guardTexts({ guards, retries }: UpstreamShown): string[] {
  const { breaker, bulkhead, retry } = guards
  return [
    retry === null ? `retries: ${retries}` : `retries: ${retryText(retry)}`,
    `circuit breaker: ${breaker === null ? 'none' : breakerText(breaker)}`,
    ...(bulkhead === null ? [] : [`bulkhead: ${bulkheadText(bulkhead)}`]),
  ]
}

function retryText(retry: RetryShown): string {
  const { attempts, failures, statuses, methods, backoffMs, maxBackoffMs, by } = retry
  const causes = inWords([...failures, ...statuses.map(String)])
  const waits = `waits of up to ${backoffMs} ms that double up to ${maxBackoffMs} ms`
  return `up to ${attempts} on ${causes || 'nothing'}, of ${inWords(methods)}, ${waits}${byText(by)}`
}

function breakerText(breaker: BreakerShown): string {
  const { errorThresholdPercentage, volumeThreshold, rollingWindowMs, resetTimeoutMs } = breaker
  const { failureStatuses, fallback, by } = breaker
  const counted =
    failureStatuses.length === 0 ? '' : ` (${inWords(failureStatuses.map(String))} count)`
  const answer = fallback === null ? '' : `, answers ${fallback.status} meanwhile`
  return (
    `opens when ${errorThresholdPercentage} % of at least ${volumeThreshold} requests in ${rollingWindowMs} ms fail${counted}, ` +
    `for ${resetTimeoutMs} ms${answer}${byText(by)}`
  )
}

function bulkheadText({ maxConnections, maxQueued, queueTimeoutMs, by }: BulkheadShown): string {
  return (
    `${maxConnections} under way and ${maxQueued} waiting up to ${queueTimeoutMs} ms, in each worker` +
    byText(by)
  )
}

function byText(by: Named | null): string {
  return by === null ? '' : `; by ${by.title}`
}
