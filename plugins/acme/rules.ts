// Rules across the fields of acme's configuration.
import { ConfigFault, conditional, fieldOf, mustBe, type RawConfig, type Rule } from 'gw/plugin'

const NEEDS_REDIS = { when: 'storage', is: ['redis'] }
const NAMESPACE = 'storage_config.redis.extra_options.namespace'

/** What the plugin's own keys begin with. */
const RESERVED = [
  'kong_acme:renew_config:',
  'kong_acme:renew_last_run',
  'kong_acme:cert_key:',
] as const

export const rules: readonly Rule[] = [
  conditional({
    when: 'api_uri',
    // Kong: the directory itself, which is the default, is not among them.
    is: ['https://acme-v02.api.letsencrypt.org', 'https://acme-staging-v02.api.letsencrypt.org'],
    field: 'tos_accepted',
    fault: mustBe(true),
    hint: 'terms of service must be accepted, see https://letsencrypt.org/repository/',
  }),
  conditional({ ...NEEDS_REDIS, field: 'storage_config.redis.host' }),
  conditional({ ...NEEDS_REDIS, field: 'storage_config.redis.port' }),
  { fields: [NAMESPACE], check: checkNamespace },
  { fields: ['storage'], check: checkStorage },
]

function checkNamespace(config: RawConfig): readonly ConfigFault[] {
  const namespace = fieldOf(config, NAMESPACE)
  if (typeof namespace !== 'string') return []
  const word = RESERVED.find((reserved) => namespace.startsWith(reserved))
  if (word === undefined) return []
  const message = `namespace can't be prefixed with reserved word: ${word}`
  return [new ConfigFault(NAMESPACE, message)]
}

function checkStorage({ storage }: RawConfig): readonly ConfigFault[] {
  if (storage !== 'kong') return []
  const hint = 'use shm, redis, consul or vault'
  return [new ConfigFault('', `"kong" storage can't be used with dbless mode`, hint)]
}
