// What a file may say of ai-prompt-guard; its behaviour is not built yet.
import { atLeastOneOf, conditional, mustBe, type PluginSpec } from 'gw/plugin'
import { schema } from './schema.js'

export const spec = {
  name: 'ai-prompt-guard',
  schema,
  rules: [
    atLeastOneOf('allow_patterns', 'deny_patterns'),
    conditional({
      when: 'match_all_roles',
      is: [true],
      field: 'allow_all_conversation_history',
      fault: mustBe(false),
    }),
  ],
} as const satisfies PluginSpec
