// What the schema of jwt cannot say: rules across its fields.
import { claimHeadersRule, conditional, type Rule } from 'gw/plugin'

const needsExp = conditional({
  when: 'maximum_expiration',
  is: (seconds) => typeof seconds === 'number' && seconds > 0,
  field: 'claims_to_verify',
  // Kong: a list that is left out passes.
  fault: (claims) =>
    Array.isArray(claims) && !claims.includes('exp') ? 'expected to contain: exp' : undefined,
})

export const rules: readonly Rule[] = [
  needsExp,
  claimHeadersRule({
    fields: ['header_names'],
    headers: ({ header_names: names }) => (Array.isArray(names) ? names.map(String) : []),
    whose: 'one of header_names',
  }),
]
