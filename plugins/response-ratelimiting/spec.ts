// What a file may say of response-ratelimiting.
import { type PluginSpec } from 'gw/plugin'
import { rules } from './rules.js'
import { schema } from './schema.js'

export const spec = { name: 'response-ratelimiting', schema, rules } as const satisfies PluginSpec
