// Rules across the fields of ai-proxy's configuration.
import { conditional, llmRules, mustBe, within, type Rule } from 'gw/plugin'

export const rules: readonly Rule[] = [
  ...within('', llmRules),
  conditional({
    when: 'llm_format',
    is: ['bedrock', 'gemini'],
    field: 'route_type',
    fault: mustBe('llm/v1/chat'),
    hint: "native provider options in llm_format can only be used with the 'llm/v1/chat' route_type",
  }),
  nativeTo('bedrock'),
  nativeTo('gemini'),
]

/** The format of one provider's own API. */
function nativeTo(provider: string): Rule {
  return conditional({
    when: 'llm_format',
    is: [provider],
    field: 'model.provider',
    fault: mustBe(provider),
    hint: `native llm_format '${provider}' can only be used with the '${provider}' model.provider`,
  })
}
