// What a file may say of jwt; its behaviour is not built yet.
import { conditional, type PluginSpec } from 'gw/plugin'
import { schema } from './schema.js'

const needsExp = conditional({
  when: 'maximum_expiration',
  is: (seconds) => typeof seconds === 'number' && seconds > 0,
  field: 'claims_to_verify',
  // Kong: a list that is left out passes.
  fault: (claims) =>
    Array.isArray(claims) && !claims.includes('exp') ? 'expected to contain: exp' : undefined,
})

export const spec = {
  name: 'jwt',
  schema,
  rules: [needsExp],
  scopes: ['global', 'service', 'route'],
} as const satisfies PluginSpec
