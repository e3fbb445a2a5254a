// Passwords of basic-auth are kept as hashes, and exports hold them so.
import { createHash } from 'node:crypto'
import type { Fields } from './collection.js'
import { isRecord } from './settle.js'

/** As Kong hashes (kong/plugins/basic-auth/crypto.lua): SHA-1 of password and consumer id, in hex. */
export function hashPassword(entity: Fields): void {
  const { password, consumer } = entity
  if (typeof password !== 'string' || !isRecord(consumer)) return
  const salt = String(consumer.id)
  entity.password = createHash('sha1').update(`${password}${salt}`).digest('hex')
}
