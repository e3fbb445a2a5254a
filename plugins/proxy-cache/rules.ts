// Rules across the fields of proxy-cache's configuration.
import { ConfigFault, fieldOf, needsRedis, redisRules, type RawConfig, type Rule } from 'gw/plugin'

export const rules: readonly Rule[] = [
  { fields: ['strategy', 'memory.dictionary_name'], check: checkDictionary },
  ...needsRedis('strategy', 'redis'),
  ...redisRules,
]

/** The shared memory that Kong declares unless told otherwise; any of it may be named. */
const DICTIONARIES: ReadonlySet<unknown> = new Set([
  'kong',
  'kong_locks',
  'kong_healthchecks',
  'kong_cluster_events',
  'kong_rate_limiting_counters',
  'kong_core_db_cache',
  'kong_core_db_cache_miss',
  'kong_db_cache',
  'kong_db_cache_miss',
  'kong_secrets',
  'prometheus_metrics',
])

function checkDictionary(config: RawConfig): readonly ConfigFault[] {
  const field = 'memory.dictionary_name'
  const name = fieldOf(config, field)
  if (config.strategy !== 'memory' || DICTIONARIES.has(name)) return []
  const hint = 'leave it out: the cache does not share its memory'
  return [new ConfigFault(field, `missing shared dict '${String(name)}'`, hint)]
}
