// What a file may say of ai-prompt-guard; its behaviour is not built yet.
import { type PluginSpec } from 'gw/plugin'
import { schema } from './schema.js'

export const spec = {
  name: 'ai-prompt-guard',
  schema,
} as const satisfies PluginSpec
