// Rules across the fields of response-ratelimiting's configuration.
import {
  ConfigFault,
  PERIODS,
  needsRedis,
  orderFault,
  redisRules,
  type RawConfig,
  type Rule,
} from 'gw/plugin'

export const rules: readonly Rule[] = [
  ...needsRedis('policy', 'redis'),
  ...redisRules,
  { fields: ['limits'], check: checkLimits },
]

/** Kong names no entry of the map, just the map: the hint says which one it is. */
function checkLimits({ limits }: RawConfig): readonly ConfigFault[] {
  return Object.entries(limits as Record<string, RawConfig>).flatMap(([name, periods]) => {
    const fault = faultOf(periods)
    return fault === undefined ? [] : [new ConfigFault('limits', fault, `look at ${name}`)]
  })
}

function faultOf(limits: RawConfig): string | undefined {
  if (Object.keys(limits).length === 0) {
    const names = PERIODS.map((period) => `'${period}'`).join(', ')
    return `at least one of these fields must be non-empty: ${names}`
  }
  const fault = orderFault(limits)
  return fault === undefined ? undefined : `the ${fault}`
}
