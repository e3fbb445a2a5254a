// What a file may say of tcp-log; its behaviour is not built yet.
import { ALL_PROTOCOLS, type PluginSpec } from 'gw/plugin'
import { schema } from './schema.js'

export const spec = {
  name: 'tcp-log',
  schema,
  protocols: ALL_PROTOCOLS,
} as const satisfies PluginSpec
