// Why a try came to nothing, and how that is told.
import type { ErrorCode } from '../errors/codes.js'
import { isOwnLimit } from '../util/own-limits.js'

export interface Failure {
  readonly code: ErrorCode
  /** What the target did, as in `closed the connection before it answered`. */
  readonly what: string
  readonly cause: Error | null
}

/** How far a connection had come when it failed. */
export type Progress = 'connecting' | 'securing' | 'open'

/** What an error of a socket means. */
export function failureOf(cause: Error, progress: Progress): Failure {
  if (progress === 'open') {
    return { code: 'UPSTREAM_RESET', what: `broke the connection (${reasonOf(cause)})`, cause }
  }
  // nginx: 500, and no other target is asked.
  if (isOwnLimit(cause)) {
    const what = `was not asked: no socket is left for it (${reasonOf(cause)})`
    return { code: 'INTERNAL', what, cause }
  }
  const { code, syscall } = cause as NodeJS.ErrnoException
  if (syscall === 'getaddrinfo' || code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return { code: 'UPSTREAM_NAME', what: `could not be resolved (${reasonOf(cause)})`, cause }
  }
  if (progress === 'securing') {
    return { code: 'UPSTREAM_TLS', what: `failed the TLS handshake (${reasonOf(cause)})`, cause }
  }
  if (code === 'ETIMEDOUT') {
    return { code: 'UPSTREAM_CONNECT_TIMEOUT', what: 'did not accept the connection', cause }
  }
  return { code: 'UPSTREAM_REFUSED', what: `refused the connection (${reasonOf(cause)})`, cause }
}

function reasonOf(cause: Error): string {
  return (cause as NodeJS.ErrnoException).code ?? cause.message
}
