// Rules across the fields of ldap-auth's configuration.
import { conditional, mustBe, type Rule } from 'gw/plugin'

export const rules: readonly Rule[] = [
  conditional({
    when: 'ldaps',
    is: [true],
    field: 'start_tls',
    fault: mustBe(false),
    hint: "'ldaps' and 'start_tls' cannot be enabled simultaneously",
  }),
]
