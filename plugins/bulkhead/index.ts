// Says how many requests a service may have under way. The pipeline holds requests to it; this settles the values.
import { definePlugin, type BulkheadPolicy } from 'gw/plugin'
import { schema } from './schema.js'

export default definePlugin({
  name: 'bulkhead',
  version: '1.0.0',
  priority: 95,
  schema,
  scopes: ['global', 'service', 'route'],

  prepare(config): BulkheadPolicy {
    return {
      maxConnections: config.max_connections,
      maxQueued: config.max_queued,
      queueTimeoutMs: config.queue_timeout * 1000,
    }
  },

  policy: (bulkhead) => ({ bulkhead }),
})
