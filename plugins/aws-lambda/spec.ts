// What a file may say of aws-lambda; its behaviour is not built yet.
import type { PluginSpec } from 'gw/plugin'
import { rules } from './rules.js'
import { schema } from './schema.js'

export const spec = {
  name: 'aws-lambda',
  schema,
  rules,
} as const satisfies PluginSpec
