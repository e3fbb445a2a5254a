// What a file may say of request-transformer.
import { ALL_PROTOCOLS, type PluginSpec } from 'gw/plugin'
import { templatesAreRight } from './plan.js'
import { schema } from './schema.js'

export const spec = {
  name: 'request-transformer',
  schema,
  protocols: ALL_PROTOCOLS,
  rules: [templatesAreRight],
} as const satisfies PluginSpec
