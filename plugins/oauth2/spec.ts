// What a file may say of oauth2; its behaviour is not built yet.
import { ConfigFault, conditional, type PluginSpec, type Rule } from 'gw/plugin'
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

export const spec = {
  name: 'oauth2',
  schema,
  rules: [conditional({ when: 'mandatory_scope', is: [true], field: 'scopes' }), needsFlow],
  scopes: ['global', 'service', 'route'],
} as const satisfies PluginSpec
