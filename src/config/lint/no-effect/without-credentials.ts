// Authentication that nobody can pass: all credentials are in the file, and it has none.
import type { CollectionName } from '../../entities/collection.js'
import type { Finding } from '../rule.js'
import type { LintView } from '../view.js'

const CREDENTIALS: Readonly<Record<string, CollectionName>> = {
  'basic-auth': 'basicauth_credentials',
  'hmac-auth': 'hmacauth_credentials',
  jwt: 'jwt_secrets',
  'key-auth': 'keyauth_credentials',
  'key-auth-enc': 'keyauth_enc_credentials',
  oauth2: 'oauth2_credentials',
}

/** Once for each plugin: what is missing is the same wherever it is used. */
export function withoutCredentials(view: LintView): Finding[] {
  return Object.entries(CREDENTIALS).flatMap(([name, collection]) => {
    if (view.all(collection).length > 0) return []
    // With `anonymous` those without a credential pass.
    const uses = view.usesOf(name).filter(({ config }) => (config.anonymous ?? '') === '')
    const [first] = uses
    if (first === undefined) return []
    const others = uses.length > 1 ? ` (${uses.length - 1} more like it)` : ''
    const message = `${name} refuses every request${others}: there are no ${collection}`
    return [{ path: first.path, message, hint: `give a consumer ${collection}` }]
  })
}
