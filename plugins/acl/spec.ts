// What a file may say of acl; its behaviour is not built yet.
import { atLeastOneOf, exactlyOneOf, type PluginSpec } from 'gw/plugin'
import { schema } from './schema.js'

export const spec = {
  name: 'acl',
  schema,
  // Kong names both when neither is given.
  rules: [exactlyOneOf('allow', 'deny'), atLeastOneOf('allow', 'deny')],
  scopes: ['global', 'service', 'route'],
} as const satisfies PluginSpec
