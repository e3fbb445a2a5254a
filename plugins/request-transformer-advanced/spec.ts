// What a file may say of request-transformer-advanced.
import { requestTemplatesAreRight, type PluginSpec } from 'gw/plugin'
import { schema } from './schema.js'

export const spec = {
  name: 'request-transformer-advanced',
  schema,
  rules: [requestTemplatesAreRight],
} as const satisfies PluginSpec
