// What a file may say of acl; its behaviour is not built yet.
import { type PluginSpec } from 'gw/plugin'
import { schema } from './schema.js'

export const spec = {
  name: 'acl',
  schema,
  scopes: ['global', 'service', 'route'],
} as const satisfies PluginSpec
