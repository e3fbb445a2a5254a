// What a file may say of ldap-auth; its behaviour is not built yet.
import { conditional, mustBe, type PluginSpec } from 'gw/plugin'
import { schema } from './schema.js'

const oneKindOfTls = conditional({
  when: 'ldaps',
  is: [true],
  field: 'start_tls',
  fault: mustBe(false),
  hint: "'ldaps' and 'start_tls' cannot be enabled simultaneously",
})

export const spec = {
  name: 'ldap-auth',
  schema,
  rules: [oneKindOfTls],
  scopes: ['global', 'service', 'route'],
} as const satisfies PluginSpec
