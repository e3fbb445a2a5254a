// What a file may say of ai-response-transformer; its behaviour is not built yet.
import { type PluginSpec } from 'gw/plugin'
import { schema } from './schema.js'

export const spec = {
  name: 'ai-response-transformer',
  schema,
} as const satisfies PluginSpec
