// What a file may say of acme; its behaviour is not built yet.
import { type PluginSpec } from 'gw/plugin'
import { rules } from './rules.js'
import { schema } from './schema.js'

export const spec = {
  name: 'acme',
  schema,
  rules,
  scopes: ['global'],
} as const satisfies PluginSpec
