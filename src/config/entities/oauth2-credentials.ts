// Secrets of applications are kept as hashes where `hash_secret` asks for it, and exports hold them so.
import { createHash, pbkdf2Sync } from 'node:crypto'
import type { Fields } from './collection.js'

// Kong's (kong/plugins/oauth2/secret.lua).
const DIGEST = 'sha512'
const ITERATIONS = 10_000
const HASH_BYTES = 32
const SALT_BYTES = 16

const HASHED = '$pbkdf2-'

/** What has been hashed already, since a hash takes milliseconds and a configuration is built more than once. */
const known = new Map<string, string>()
const MAX_KNOWN = 10_000

/** A secret that is a hash already stays what it is. */
export function hashClientSecret(fields: Fields): void {
  const { client_id: id, client_secret: secret, hash_secret: isHashed } = fields
  if (isHashed !== true || typeof id !== 'string' || typeof secret !== 'string') return
  if (!secret.startsWith(HASHED)) fields.client_secret = hashOf(id, secret)
}

function hashOf(id: string, secret: string): string {
  const key = createHash('sha256')
    .update(JSON.stringify([id, secret]))
    .digest('base64')
  const old = known.get(key)
  if (old !== undefined) return old
  // Not drawn by chance, since a reload must not take a secret that has not changed for another one. Salts need only differ.
  const salt = createHash('sha256').update(`gw oauth2 ${id}`).digest().subarray(0, SALT_BYTES)
  const hash = pbkdf2Sync(secret, salt, ITERATIONS, HASH_BYTES, DIGEST)
  const text = `$pbkdf2-${DIGEST}$i=${ITERATIONS},l=${HASH_BYTES}$${unpadded(salt)}$${unpadded(hash)}`
  if (known.size >= MAX_KNOWN) known.clear()
  known.set(key, text)
  return text
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}
