// What a file may say of redirect.
import { type PluginSpec } from 'gw/plugin'
import { schema } from './schema.js'

export const spec = {
  name: 'redirect',
  schema,
} as const satisfies PluginSpec
