// What a file may say of ai-request-transformer; its behaviour is not built yet.
import { llmTransformerRules, type PluginSpec } from 'gw/plugin'
import { schema } from './schema.js'

export const spec = {
  name: 'ai-request-transformer',
  schema,
  rules: llmTransformerRules,
  scopes: ['global', 'service', 'route'],
} as const satisfies PluginSpec
