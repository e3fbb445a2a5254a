// Rules across the fields of throttle's configuration.
import {
  ConfigFault,
  conditional,
  needsRedis,
  redisRules,
  type RawConfig,
  type Rule,
} from 'gw/plugin'

export const rules: readonly Rule[] = [
  ...needsRedis('policy', 'redis'),
  ...redisRules,
  conditional({ when: 'limit_by', is: ['header'], field: 'header_name' }),
  conditional({ when: 'limit_by', is: ['path'], field: 'path' }),
  { fields: ['algorithm', 'burst'], check: checkTokens },
  { fields: ['algorithm', 'nodelay', 'delay', 'burst'], check: checkDelay },
]

function checkTokens({ algorithm, burst }: RawConfig): readonly ConfigFault[] {
  if (algorithm !== 'token_bucket' || burst !== 0) return []
  return [new ConfigFault('burst', 'value must be 1 or more', 'an empty bucket lets nobody pass')]
}

function checkDelay({ algorithm, nodelay, delay, burst }: RawConfig): readonly ConfigFault[] {
  if (delay === undefined && nodelay !== true) return []
  const field = delay === undefined ? 'nodelay' : 'delay'
  if (algorithm !== 'leaky_bucket') {
    const wayOut = 'leave it out, or say algorithm: leaky_bucket'
    return [new ConfigFault(field, 'a token bucket delays no requests', wayOut)]
  }
  if (delay === undefined) return []
  if (nodelay === true) {
    return [new ConfigFault('delay', 'only one of delay and nodelay may be set', 'keep one')]
  }
  if (Number(delay) <= Number(burst ?? 0)) return []
  return [new ConfigFault('delay', 'value must not be greater than burst', 'nodelay delays none')]
}
