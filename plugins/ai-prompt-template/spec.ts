// What a file may say of ai-prompt-template; its behaviour is not built yet.
import type { PluginSpec } from 'gw/plugin'
import { schema } from './schema.js'

export const spec = {
  name: 'ai-prompt-template',
  schema,
} as const satisfies PluginSpec
