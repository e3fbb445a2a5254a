// What a file may say of datadog; its behaviour is not built yet.
import { ALL_PROTOCOLS, conditional, inEach, type PluginSpec } from 'gw/plugin'
import { schema } from './schema.js'

export const spec = {
  name: 'datadog',
  schema,
  rules: [
    inEach(
      'metrics',
      conditional({ when: 'stat_type', is: ['counter', 'gauge'], field: 'sample_rate' }),
    ),
  ],
  protocols: ALL_PROTOCOLS,
} as const satisfies PluginSpec
