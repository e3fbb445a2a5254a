// What a file may say of response-transformer.
import { type PluginSpec } from 'gw/plugin'
import { schema } from './schema.js'

export const spec = {
  name: 'response-transformer',
  schema,
} as const satisfies PluginSpec
