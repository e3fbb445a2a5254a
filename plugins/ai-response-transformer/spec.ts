// What a file may say of ai-response-transformer; its behaviour is not built yet.
import { llmTransformerRules, type PluginSpec } from 'gw/plugin'
import { schema } from './schema.js'

export const spec = {
  name: 'ai-response-transformer',
  schema,
  rules: llmTransformerRules,
} as const satisfies PluginSpec
