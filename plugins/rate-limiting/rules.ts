// Rules across the fields of rate-limiting's configuration.
import {
  ConfigFault,
  PERIODS,
  atLeastOneOf,
  conditional,
  fieldOf,
  type RawConfig,
  type Rule,
} from 'gw/plugin'

const NEEDS_REDIS = { when: 'policy', is: ['redis'] }

export const rules: readonly Rule[] = [
  atLeastOneOf(...PERIODS),
  conditional({ ...NEEDS_REDIS, field: 'redis.host' }),
  conditional({ ...NEEDS_REDIS, field: 'redis.port' }),
  conditional({ ...NEEDS_REDIS, field: 'redis.timeout' }),
  conditional({ when: 'limit_by', is: ['header'], field: 'header_name' }),
  conditional({ when: 'limit_by', is: ['path'], field: 'path' }),
  { fields: PERIODS, check: checkOrder },
  { fields: ['policy', 'sync_rate'], check: checkSyncRate },
]

/** A longer period may not allow less than a shorter one. Kong names the first such pair. */
function checkOrder(config: RawConfig): readonly ConfigFault[] {
  const limits = PERIODS.flatMap((period) => {
    const limit = fieldOf(config, period)
    return typeof limit === 'number' ? [{ period, limit }] : []
  })
  for (const [index, lower] of limits.entries()) {
    const upper = limits.slice(index + 1).find(({ limit }) => limit < lower.limit)
    if (upper === undefined) continue
    const [above, below] = [upper, lower].map(
      ({ period, limit }) => `${period}(${limit.toFixed(1)})`,
    )
    return [
      new ConfigFault('', `The limit for ${above} cannot be lower than the limit for ${below}`),
    ]
  }
  return []
}

function checkSyncRate({ policy, sync_rate: syncRate }: RawConfig): readonly ConfigFault[] {
  if (typeof syncRate !== 'number' || syncRate === -1) return []
  if (policy === 'local') {
    return [new ConfigFault('', 'sync_rate can only be used with the redis policy')]
  }
  if (syncRate >= 0.02) return []
  return [new ConfigFault('', 'sync_rate must be greater than 0.02, or -1 to disable')]
}
