// What a file may say of ip-restriction.
import { ALL_PROTOCOLS, atLeastOneOf, type PluginSpec } from 'gw/plugin'
import { schema } from './schema.js'

export const spec = {
  name: 'ip-restriction',
  schema,
  rules: [atLeastOneOf('allow', 'deny')],
  protocols: ALL_PROTOCOLS,
} as const satisfies PluginSpec
