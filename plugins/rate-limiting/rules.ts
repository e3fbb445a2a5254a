// Rules across the fields of rate-limiting's configuration.
import {
  ConfigFault,
  PERIODS,
  atLeastOneOf,
  conditional,
  needsRedis,
  orderFault,
  redisRules,
  type RawConfig,
  type Rule,
} from 'gw/plugin'

export const rules: readonly Rule[] = [
  atLeastOneOf(...PERIODS),
  ...needsRedis('policy', 'redis'),
  ...redisRules,
  conditional({ when: 'limit_by', is: ['header'], field: 'header_name' }),
  conditional({ when: 'limit_by', is: ['path'], field: 'path' }),
  { fields: PERIODS, check: checkOrder },
  { fields: ['policy', 'sync_rate'], check: checkSyncRate },
]

function checkOrder(config: RawConfig): readonly ConfigFault[] {
  const fault = orderFault(config)
  return fault === undefined ? [] : [new ConfigFault('', `The ${fault}`)]
}

function checkSyncRate({ policy, sync_rate: syncRate }: RawConfig): readonly ConfigFault[] {
  if (typeof syncRate !== 'number' || syncRate === -1) return []
  if (policy === 'local') {
    return [new ConfigFault('', 'sync_rate can only be used with the redis policy')]
  }
  if (syncRate >= 0.02) return []
  return [new ConfigFault('', 'sync_rate must be greater than 0.02, or -1 to disable')]
}
