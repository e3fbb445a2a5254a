// Rules across the fields of rate-limiting-advanced, and what of Kong's fields is not built.
import { ConfigFault, conditional, fieldOf, redisRules, type RawConfig, type Rule } from 'gw/plugin'

export const rules: readonly Rule[] = [
  { fields: ['limit', 'window_size'], check: checkPairs },
  { fields: ['strategy', 'sync_rate'], check: checkSyncRate },
  ...redisRules,
  ...countsBy('header', 'header_name'),
  ...countsBy('path', 'path'),
  ...notBuilt('identifier', 'count by consumer, and give consumers limits of their own', isGroup),
  ...notBuilt('compound_identifier', 'leave consumer-group out of it', hasGroup),
  ...notBuilt(
    'enforce_consumer_groups',
    'leave it out, and give consumers limits of their own: the plugin may be set on a consumer',
  ),
  ...notBuilt('consumer_groups', 'leave it out, and give consumers limits of their own'),
  ...notBuilt('throttling.enabled', 'leave it out; the plugin throttle delays requests'),
  ...notBuilt('redis.connection_is_proxied', 'name Redis itself in redis.host and redis.port'),
  ...notBuilt('redis.redis_proxy_type', 'leave it out, and name Redis itself in redis.host'),
  ...notBuilt('redis.cluster_addresses', 'say cluster_nodes: [{ip: ..., port: ...}]'),
  ...notBuilt('redis.sentinel_addresses', 'say sentinel_nodes: [{host: ..., port: ...}]'),
]

function checkPairs({ limit, window_size: sizes }: RawConfig): readonly ConfigFault[] {
  if (!Array.isArray(limit) || !Array.isArray(sizes) || limit.length === sizes.length) return []
  return [new ConfigFault('', 'You must provide the same number of windows and limits')]
}

function checkSyncRate({ strategy, sync_rate: rate }: RawConfig): readonly ConfigFault[] {
  const fault = syncRateFault(strategy, typeof rate === 'number' ? rate : null)
  return fault === null ? [] : [new ConfigFault('sync_rate', fault)]
}

/** @param rate null for none */
function syncRateFault(strategy: unknown, rate: number | null): string | null {
  if (rate === -1) return null
  if (strategy === 'local') {
    return rate === null ? null : 'sync_rate cannot be configured when using a local strategy'
  }
  if (rate === null) return 'required field missing'
  if (rate === 0 || rate >= 0.02) return null
  return 'value must be 0, -1, or 0.02 or more'
}

/** What is counted by needs a name, wherever it stands. */
function countsBy(identifier: string, field: string): readonly Rule[] {
  return [
    conditional({
      when: 'compound_identifier',
      is: (list) => Array.isArray(list) && list.includes(identifier),
      field,
      hint: `because compound_identifier has ${identifier}`,
    }),
    {
      fields: ['identifier', 'compound_identifier', field],
      check: (config) =>
        isSet(config.compound_identifier)
          ? []
          : conditional({ when: 'identifier', is: [identifier], field }).check(config),
    },
  ]
}

function notBuilt(field: string, wayOut: string, asksFor = isSet): readonly Rule[] {
  return [
    {
      fields: [field],
      check: (config) =>
        asksFor(fieldOf(config, field))
          ? [new ConfigFault(field, 'is not supported by this gateway', wayOut)]
          : [],
    },
  ]
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0)
}

function isGroup(value: unknown): boolean {
  return value === 'consumer-group'
}

function hasGroup(value: unknown): boolean {
  return Array.isArray(value) && value.some(isGroup)
}
