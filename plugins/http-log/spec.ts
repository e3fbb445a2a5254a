// What a file may say of http-log; its behaviour is not built yet.
import { ALL_PROTOCOLS, type PluginSpec } from 'gw/plugin'
import { rules } from './rules.js'
import { schema } from './schema.js'

export const spec = {
  name: 'http-log',
  schema,
  rules,
  protocols: ALL_PROTOCOLS,
} as const satisfies PluginSpec
