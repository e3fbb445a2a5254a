// What a file may say of response-transformer-advanced.
import { type PluginSpec } from 'gw/plugin'
import { schema } from './schema.js'

export const spec = {
  name: 'response-transformer-advanced',
  schema,
} as const satisfies PluginSpec
