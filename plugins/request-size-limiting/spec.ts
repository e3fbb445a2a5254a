// What a file may say of request-size-limiting; its behaviour is not built yet.
import { type PluginSpec } from 'gw/plugin'
import { schema } from './schema.js'

export const spec = {
  name: 'request-size-limiting',
  schema,
} as const satisfies PluginSpec
