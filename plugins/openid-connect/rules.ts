// What the schema of openid-connect cannot say: rules across its fields.
import { claimHeadersRule, type Rule } from 'gw/plugin'
import { TOKEN_HEADERS } from './unsupported.js'

export const rules: readonly Rule[] = [
  claimHeadersRule({
    fields: ['upstream_headers_names'],
    headers: ({ upstream_headers_names: names }) => [
      ...TOKEN_HEADERS,
      ...(Array.isArray(names) ? names.map(String) : []),
    ],
    whose: 'one that tokens come in, or one of upstream_headers_names',
  }),
]
