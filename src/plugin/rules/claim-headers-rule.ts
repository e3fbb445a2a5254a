// Which headers claims may be passed on in: none that says something else to the connection, the gateway or the target.
import { sameHeader } from '../claim-headers.js'
import { ConfigFault } from '../config-fault.js'
import type { RawConfig, Rule } from './rules.js'

/** What belongs to the connection. */
const OF_CONNECTION = [
  'connection',
  'content-length',
  'cookie',
  'expect',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]

/** What authentication says of the consumer. */
const OF_CONSUMER = [
  'x-anonymous-consumer',
  'x-consumer-custom-id',
  'x-consumer-id',
  'x-consumer-username',
  'x-credential-identifier',
]

const TAKEN: ReadonlySet<string> = new Set([...OF_CONNECTION, ...OF_CONSUMER])

/** Whether a header says something of the connection itself, so that no plugin may set it from what a client has sent. */
export function isOfConnection(header: string): boolean {
  return OF_CONNECTION.includes(sameHeader(header))
}

interface TokenHeaders {
  /** The fields that name them. */
  readonly fields: readonly string[]
  /** The headers that a token may stand in. */
  readonly headers: (config: RawConfig) => readonly string[]
  /** For the message: what such a header is. */
  readonly whose: string
}

/** For `claims_to_headers`. */
export function claimHeadersRule({ fields, headers, whose }: TokenHeaders): Rule {
  return {
    fields: ['claims_to_headers', ...fields],
    check(config) {
      const tokenHeaders = new Set(headers(config).map(sameHeader))
      const seen = new Set<string>()
      return Object.entries(config.claims_to_headers ?? {}).flatMap(([claim, header]) => {
        const name = sameHeader(String(header))
        const field = `claims_to_headers.${claim}`
        if (TAKEN.has(name)) {
          return new ConfigFault(field, `header ${String(header)} has another meaning`)
        }
        if (tokenHeaders.has(name)) {
          return new ConfigFault(field, `header ${String(header)} is ${whose}`)
        }
        if (seen.has(name)) return new ConfigFault(field, `header ${String(header)} is named twice`)
        seen.add(name)
        return []
      })
    },
  }
}
