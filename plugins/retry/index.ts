// Says when a request is tried again. The pipeline does it; this settles the values.
import { definePlugin, type RetryPolicy } from 'gw/plugin'
import { schema } from './schema.js'

export default definePlugin({
  name: 'retry',
  version: '1.0.0',
  priority: 85,
  schema,
  scopes: ['global', 'service', 'route'],

  prepare(config): RetryPolicy {
    return {
      attempts: config.attempts,
      failures: new Set(config.failures),
      statuses: new Set(config.statuses),
      methods: new Set(config.methods),
      backoffMs: config.backoff.base * 1000,
      maxBackoffMs: config.backoff.max * 1000,
    }
  },

  policy: (retry) => ({ retry }),
})
