// Turns text into a value that only this gateway can read or make: AES-256-GCM, with a key of its own for each value.
// The format is gw's; Kong's library reads and writes another.
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'

const CIPHER = 'aes-256-gcm'
const SALT_BYTES = 16
const KEY_BYTES = 32
const IV_BYTES = 12
const TAG_BYTES = 16

export class Seal {
  readonly #key: Uint8Array

  /** @param purpose values that were sealed for another cannot be opened */
  constructor(secret: string | Uint8Array, purpose: string) {
    this.#key = new Uint8Array(hkdfSync('sha256', secret, '', purpose, KEY_BYTES))
  }

  /** @returns base64url */
  close(text: string): string {
    const salt = randomBytes(SALT_BYTES)
    const cipher = createCipheriv(CIPHER, ...this.#keyAndIv(salt))
    const sealed = [cipher.update(text, 'utf8'), cipher.final()]
    return Buffer.concat([salt, cipher.getAuthTag(), ...sealed]).toString('base64url')
  }

  /** The text, or null for what was not sealed here. */
  open(value: string): string | null {
    const bytes = Buffer.from(value, 'base64url')
    const start = SALT_BYTES + TAG_BYTES
    if (bytes.length <= start) return null
    const cipher = createDecipheriv(CIPHER, ...this.#keyAndIv(bytes.subarray(0, SALT_BYTES)))
    cipher.setAuthTag(bytes.subarray(SALT_BYTES, start))
    const text = cipher.update(bytes.subarray(start), undefined, 'utf8')
    try {
      return text + cipher.final('utf8')
    } catch {
      // The only thing that `final` throws for: the tag does not fit. Anybody may send such a value.
      return null
    }
  }

  /**
   * Never the same for two values: GCM is broken by a nonce that comes twice under one key, and 96 random bits under one
   * key for all would not be enough for a busy gateway.
   */
  #keyAndIv(salt: Uint8Array): [key: Uint8Array, iv: Uint8Array] {
    const bytes = createHmac('sha512', this.#key).update(salt).digest()
    return [bytes.subarray(0, KEY_BYTES), bytes.subarray(KEY_BYTES, KEY_BYTES + IV_BYTES)]
  }
}
