// What a file may say of proxy-cache.
import { ALL_PROTOCOLS, type PluginSpec } from 'gw/plugin'
import { rules } from './rules.js'
import { schema } from './schema.js'

export const spec = {
  name: 'proxy-cache',
  schema,
  rules,
  protocols: ALL_PROTOCOLS,
} as const satisfies PluginSpec
