// What the schema of cors cannot say.
import type { RawConfig, Rule } from 'gw/plugin'
import { originFaults } from './origins.js'

export const rules: readonly Rule[] = [
  {
    fields: ['origins'],
    check: ({ origins = [] }: RawConfig) => originFaults(origins as readonly string[]),
  },
]
