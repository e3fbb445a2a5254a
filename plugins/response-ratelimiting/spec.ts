// What a file may say of response-ratelimiting; its behaviour is not built yet.
import { type PluginSpec } from 'gw/plugin'
import { schema } from './schema.js'

export const spec = {
  name: 'response-ratelimiting',
  schema,
} as const satisfies PluginSpec
