// What a file may say of ai-proxy; its behaviour is not built yet.
import type { PluginSpec } from 'gw/plugin'
import { rules } from './rules.js'
import { schema } from './schema.js'

export const spec = {
  name: 'ai-proxy',
  schema,
  rules,
} as const satisfies PluginSpec
