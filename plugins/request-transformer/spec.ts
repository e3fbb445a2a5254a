// What a file may say of request-transformer.
import { ALL_PROTOCOLS, requestTemplatesAreRight, type PluginSpec } from 'gw/plugin'
import { schema } from './schema.js'

export const spec = {
  name: 'request-transformer',
  schema,
  protocols: ALL_PROTOCOLS,
  rules: [requestTemplatesAreRight],
} as const satisfies PluginSpec
