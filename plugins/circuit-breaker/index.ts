// Says when a service that fails is left alone for a while. The pipeline does it, with opossum; this settles the values.
import { ConfigFault, definePlugin, type BreakerPolicy } from 'gw/plugin'
import { schema } from './schema.js'

export default definePlugin({
  name: 'circuit-breaker',
  version: '1.0.0',
  priority: 90,
  schema,
  scopes: ['global', 'service', 'route'],

  prepare(config): BreakerPolicy {
    const { fallback } = config
    if (fallback !== undefined && /[\0-\x1f\x7f]/.test(fallback.content_type)) {
      const message = 'has a character that cannot stand in a header'
      throw new ConfigFault('fallback.content_type', message)
    }
    return {
      isEnabled: config.enabled,
      errorThresholdPercentage: config.error_threshold_percentage,
      volumeThreshold: config.volume_threshold,
      rollingWindowMs: config.rolling_window * 1000,
      resetTimeoutMs: config.reset_timeout * 1000,
      failureStatuses: new Set(config.failure_statuses),
      fallback:
        fallback === undefined
          ? null
          : {
              status: fallback.status,
              body: fallback.body,
              contentType: fallback.content_type,
            },
    }
  },

  policy: (breaker) => ({ breaker }),
})
