// What a file may say of opentelemetry; its behaviour is not built yet.
import { type PluginSpec } from 'gw/plugin'
import { schema } from './schema.js'

export const spec = {
  name: 'opentelemetry',
  schema,
} as const satisfies PluginSpec
