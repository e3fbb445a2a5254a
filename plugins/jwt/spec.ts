// What a file may say of jwt; its behaviour is not built yet.
import { type PluginSpec } from 'gw/plugin'
import { schema } from './schema.js'

export const spec = {
  name: 'jwt',
  schema,
  scopes: ['global', 'service', 'route'],
} as const satisfies PluginSpec
