// What the schema of jwt cannot say: rules across its fields.
import { ConfigFault, conditional, type Rule } from 'gw/plugin'

const needsExp = conditional({
  when: 'maximum_expiration',
  is: (seconds) => typeof seconds === 'number' && seconds > 0,
  field: 'claims_to_verify',
  // Kong: a list that is left out passes.
  fault: (claims) =>
    Array.isArray(claims) && !claims.includes('exp') ? 'expected to contain: exp' : undefined,
})

/** What belongs to the connection, to the gateway, or to what authentication says of the consumer. */
const TAKEN: ReadonlySet<string> = new Set([
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
  'x-anonymous-consumer',
  'x-consumer-custom-id',
  'x-consumer-id',
  'x-consumer-username',
  'x-credential-identifier',
])

/** How targets may read the name of a header: many take `_` for `-`. */
export function sameHeader(name: string): string {
  return name.toLowerCase().replaceAll('_', '-')
}

const freeHeaders: Rule = {
  fields: ['claims_to_headers', 'header_names'],
  check({ claims_to_headers: map, header_names: sources }) {
    const tokenHeaders = new Set(Array.isArray(sources) ? sources.map(String).map(sameHeader) : [])
    const seen = new Set<string>()
    return Object.entries(map ?? {}).flatMap(([claim, header]) => {
      const name = sameHeader(String(header))
      const field = `claims_to_headers.${claim}`
      if (TAKEN.has(name)) {
        return new ConfigFault(field, `header ${String(header)} has another meaning`)
      }
      if (tokenHeaders.has(name)) {
        return new ConfigFault(field, `header ${String(header)} is one of header_names`)
      }
      if (seen.has(name)) return new ConfigFault(field, `header ${String(header)} is named twice`)
      seen.add(name)
      return []
    })
  },
}

export const rules: readonly Rule[] = [needsExp, freeHeaders]
