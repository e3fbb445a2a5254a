// What a gateway is to make of each fault of a target.
import type { ErrorCode } from '../../../src/errors/codes.js'
import type { HealthEvent } from '../../../src/upstream/health/peer-state.js'
import * as targets from './faulty-targets.js'

export interface Fault {
  /** What the target does. */
  readonly name: string
  start(): Promise<targets.FaultyTarget>
  readonly protocol?: 'https'
  readonly readTimeoutMs?: number
  /** What the client is told by a service with this one target and one further try; `cut` for an answer that is not whole. */
  readonly answer: string
  /** Why, in the log; null where nothing is said. */
  readonly code: ErrorCode | null
  /** How often that service has asked, of two times that it may. */
  readonly tries: number
  /** Whether its breaker counts the request as failed. */
  readonly isFailure: boolean
  /** What the client is told by an upstream whose other targets are well, when this one is asked first. */
  readonly once: string
  readonly withRetry: string
  /** What passive checks see then; null for nothing bad. */
  readonly event: HealthEvent | null
  readonly eventWithRetry: HealthEvent | null
}

const none = { event: null, eventWithRetry: null }

const well = {
  answer: '200',
  code: null,
  tries: 1,
  isFailure: false,
  once: '200',
  withRetry: '200',
  ...none,
}

/** No whole head of an answer: another try may be made. Kong judges the last one by its status, which is 502. */
const gone = (code: ErrorCode) => ({
  ...failing(code, '502'),
  tries: 2,
  withRetry: '200',
  event: 'http' as const,
  eventWithRetry: 'tcp' as const,
})

const timedOut = (code: ErrorCode) => ({
  ...failing(code, '504'),
  tries: 2,
  withRetry: '200',
  event: 'timeout' as const,
  eventWithRetry: 'timeout' as const,
})

function failing(code: ErrorCode, status: string) {
  return { answer: status, code, isFailure: true, once: status }
}

/** The client has the head: breakers and checks have judged by it. */
const cut = (code: ErrorCode) => ({
  answer: '200 cut',
  code,
  tries: 1,
  isFailure: false,
  once: '200 cut',
  withRetry: '200 cut',
  ...none,
})

export const FAULTS: readonly Fault[] = [
  { name: 'refuses', start: targets.refusing, ...gone('UPSTREAM_REFUSED') },
  { name: 'is silent', start: targets.silent, ...timedOut('UPSTREAM_READ_TIMEOUT') },
  { name: 'resets before it answers', start: targets.resetting, ...gone('UPSTREAM_RESET') },
  { name: 'closes before it answers', start: targets.closing, ...gone('UPSTREAM_RESET') },
  {
    name: 'falls silent in the head',
    start: targets.halting.head,
    ...timedOut('UPSTREAM_READ_TIMEOUT'),
  },
  {
    name: 'closes in the head',
    start: targets.breaking.head,
    ...gone('UPSTREAM_RESET'),
  },
  {
    name: 'falls silent in the body',
    start: targets.halting.body,
    ...cut('UPSTREAM_READ_TIMEOUT'),
  },
  { name: 'closes in the body', start: targets.breaking.body, ...cut('UPSTREAM_RESET') },
  { name: 'resets in the body', start: targets.resettingInBody, ...cut('UPSTREAM_RESET') },
  {
    name: 'falls silent between chunks',
    start: targets.halting.chunks,
    ...cut('UPSTREAM_READ_TIMEOUT'),
  },
  { name: 'closes between chunks', start: targets.breaking.chunks, ...cut('UPSTREAM_RESET') },
  { name: 'is late by a second', start: targets.late, readTimeoutMs: 20_000, ...well },
  {
    name: 'resets every other connection',
    start: targets.flapping,
    ...gone('UPSTREAM_RESET'),
    answer: '200',
    code: null,
    isFailure: false,
  },
  { name: 'closes kept connections', start: targets.closingKept, ...well },
  {
    name: 'hangs in the TLS handshake',
    start: targets.hangingInTls,
    protocol: 'https',
    ...timedOut('UPSTREAM_CONNECT_TIMEOUT'),
  },
  {
    name: 'shows a certificate that has run out',
    start: targets.expired,
    protocol: 'https',
    ...gone('UPSTREAM_TLS'),
  },
]
