// What a file may say of oauth2.
import {
  ConfigFault,
  conditional,
  needsRedis,
  redisRules,
  type PluginSpec,
  type Rule,
} from 'gw/plugin'
import { schema } from './schema.js'

const FLOWS = [
  'enable_authorization_code',
  'enable_implicit_grant',
  'enable_client_credentials',
  'enable_password_grant',
] as const

const needsFlow: Rule = {
  fields: FLOWS,
  check: (config) =>
    FLOWS.some((flow) => config[flow] === true)
      ? []
      : [new ConfigFault('', `at least one of these fields must be true: ${FLOWS.join(', ')}`)],
}

/** One that is not there at all has one fault, not one for each of its fields. */
function whereRedisIsGiven(rule: Rule): Rule {
  return {
    fields: rule.fields,
    check: (config, prefix) => (config.redis === undefined ? [] : rule.check(config, prefix)),
  }
}

export const spec = {
  name: 'oauth2',
  schema,
  rules: [
    conditional({ when: 'mandatory_scope', is: [true], field: 'scopes' }),
    needsFlow,
    conditional({ when: 'token_store', is: ['redis'], field: 'redis' }),
    ...needsRedis('token_store', 'redis').map(whereRedisIsGiven),
    ...redisRules,
  ],
  scopes: ['global', 'service', 'route'],
} as const satisfies PluginSpec
