// What a file may say of bot-detection.
import { type PluginSpec } from 'gw/plugin'
import { schema } from './schema.js'

export const spec = {
  name: 'bot-detection',
  schema,
  scopes: ['global', 'service', 'route'],
} as const satisfies PluginSpec
