// What a file may say of ai-prompt-decorator; its behaviour is not built yet.
import { atLeastOneOf, type PluginSpec } from 'gw/plugin'
import { schema } from './schema.js'

export const spec = {
  name: 'ai-prompt-decorator',
  schema,
  rules: [atLeastOneOf('prompts.prepend', 'prompts.append')],
} as const satisfies PluginSpec
