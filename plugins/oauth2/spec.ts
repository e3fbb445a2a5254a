// What a file may say of oauth2; its behaviour is not built yet.
import { type PluginSpec } from 'gw/plugin'
import { schema } from './schema.js'

export const spec = {
  name: 'oauth2',
  schema,
  scopes: ['global', 'service', 'route'],
} as const satisfies PluginSpec
