// Keys of key-auth-enc are kept as hashes from here on, whether the file has them so or as they are.
import { asHashedKey } from '../../util/hashed-key.js'
import type { Report } from '../faults.js'
import type { Fields } from './collection.js'

/** Before anything is compared: a key and its hash are the same credential. */
export function readHashedKey(fields: Fields, report: Report): boolean {
  const { key } = fields
  if (typeof key !== 'string' || key === '') return true
  const hashed = asHashedKey(key)
  if (hashed === undefined) {
    const hint = 'gw hash-key prints what belongs here'
    report({ path: ['key'], message: 'expected sha256: and 64 hexadecimal digits', hint })
    return false
  }
  fields.key = hashed
  return true
}
