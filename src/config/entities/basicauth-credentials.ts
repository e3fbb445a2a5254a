// Passwords of basic-auth are kept as hashes, and exports hold them so.
import { createHash } from 'node:crypto'
import type { Fields } from './collection.js'

/** As Kong hashes (kong/plugins/basic-auth/crypto.lua): SHA-1 of password and consumer id, in hex. */
export function hashPassword(fields: Fields, idOf: (reference: string) => string): void {
  const { password } = fields
  if (typeof password !== 'string') return
  fields.password = createHash('sha1')
    .update(`${password}${idOf('consumer')}`)
    .digest('hex')
}
