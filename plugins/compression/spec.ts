// What a file may say of compression.
import { ConfigFault, type PluginSpec, type Rule } from 'gw/plugin'
import { isTypePattern } from './media-types.js'
import { schema } from './schema.js'

const typesAreMediaTypes: Rule = {
  fields: ['types'],
  check({ types }) {
    if (!Array.isArray(types)) return []
    return types.flatMap((type: unknown, index) =>
      isTypePattern(String(type))
        ? []
        : [new ConfigFault(`types[${index}]`, 'is no media type, such as text/html or text/*')],
    )
  },
}

export const spec = {
  name: 'compression',
  schema,
  rules: [typesAreMediaTypes],
} as const satisfies PluginSpec
