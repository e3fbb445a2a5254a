// What a file may say of standard-webhooks; its behaviour is not built yet.
import { type PluginSpec } from 'gw/plugin'
import { schema } from './schema.js'

export const spec = {
  name: 'standard-webhooks',
  schema,
  scopes: ['global', 'service', 'route'],
} as const satisfies PluginSpec
