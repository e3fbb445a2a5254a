// Why an LDAP server has given no answer about a user, in words that may be logged: never a name, never a password.
import { withoutStack } from 'gw/plugin'

/**
 * `away`: there is no connection; `silent`: there is one, and no answer in time; `lost`: it closed before the answer;
 * `garbled`: what came is no answer; `start_tls`: the server refuses StartTLS; `handshake`: TLS came to nothing;
 * `crowded`: so many requests wait for an answer that no further one is sent.
 */
export type LdapTrouble =
  'away' | 'silent' | 'lost' | 'garbled' | 'start_tls' | 'handshake' | 'crowded'

export class LdapError extends Error {
  override readonly name = 'LdapError'
  readonly trouble: LdapTrouble

  constructor(trouble: LdapTrouble, message: string) {
    super(message)
    this.trouble = trouble
  }

  /** Without the cost of a stack trace: while the server is away, each request may get one. */
  static of(trouble: LdapTrouble, message: string): LdapError {
    return withoutStack(() => new LdapError(trouble, message))
  }
}
