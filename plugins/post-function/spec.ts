// What a file may say of post-function; its behaviour is not built yet.
import { ALL_PROTOCOLS, functionRules, type PluginSpec } from 'gw/plugin'
import { schema } from './schema.js'

export const spec = {
  name: 'post-function',
  schema,
  rules: functionRules,
  scopes: ['global', 'service', 'route'],
  protocols: ALL_PROTOCOLS,
} as const satisfies PluginSpec
