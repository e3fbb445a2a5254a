// What a key of key-auth needs beyond its schema.
import { randomBytes } from 'node:crypto'
import type { Fields } from './collections.js'

/** Kong: a key that is left out is made up, 32 characters, new at every load. */
export function readKeyauthCredential(fields: Fields): boolean {
  fields.key ??= randomBytes(16).toString('hex')
  return true
}
