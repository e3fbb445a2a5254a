// What a file may say of opentelemetry; its behaviour is not built yet.
import { atLeastOneOf, type PluginSpec } from 'gw/plugin'
import { schema } from './schema.js'

export const spec = {
  name: 'opentelemetry',
  schema,
  rules: [atLeastOneOf('traces_endpoint', 'logs_endpoint')],
} as const satisfies PluginSpec
