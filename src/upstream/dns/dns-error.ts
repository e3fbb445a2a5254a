// A name that could not be resolved, in Kong's words: what is known not to exist is a 503, anything else a 500.
import { withoutStack } from '../../errors/without-stack.js'
import { UpstreamError } from '../../errors/gateway-error.js'

export const NAME_ERROR = 'dns server error: 3 name error'
export const EMPTY_RECORD = 'dns client error: 101 empty record received'

interface Reason {
  /** As the client is told. */
  readonly reason: string
  /** For the log, where it is more than the reason: which resolver did what. */
  readonly detail?: string
}

export class DnsError extends UpstreamError {
  readonly host: string
  /** `dns server error: 2 server failure` */
  readonly reason: string

  private constructor(host: string, { reason, detail = reason }: Reason) {
    const text = `${host} could not be resolved (${detail})`
    if (isNotFound(reason)) super('UPSTREAM_NAME', { detail: text })
    else {
      const message = `failed the initial dns/balancer resolve for '${host}' with: ${reason}`
      super('UPSTREAM_RESOLVE', { message, detail: text })
    }
    this.host = host
    this.reason = reason
  }

  /** Without a stack trace, since it is expected to happen. */
  static of(host: string, reason: Reason): DnsError {
    return withoutStack(() => new DnsError(host, reason))
  }

  /** The resolver says that there is no such name, or no such record. */
  get isNotFound(): boolean {
    return isNotFound(this.reason)
  }
}

function isNotFound(reason: string): boolean {
  return reason === NAME_ERROR || reason === EMPTY_RECORD
}

// The texts of the resolver that Kong uses, by response code.
const RCODES = [
  '',
  'format error',
  'server failure',
  'name error',
  'not implemented',
  'refused',
] as const

export function serverError(rcode: number): string {
  return `dns server error: ${rcode} ${RCODES[rcode] ?? 'unknown'}`
}
