// UUIDs: the text form, and names turned into ids (RFC 9562, version 5).
import { hash } from 'node:crypto'

const TEXT = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

export function isUuid(text: string): boolean {
  return TEXT.test(text)
}

/** The same name in the same namespace always gives the same id. */
export function uuidV5(namespace: string, name: string): string {
  const input = Buffer.concat([
    Buffer.from(namespace.replaceAll('-', ''), 'hex'),
    Buffer.from(name),
  ])
  return formed(hash('sha1', input, 'hex'), '5')
}

/** Of random bits: the first 122 that matter of 32 or more hexadecimal digits (RFC 9562, version 4). */
export function uuidOf(digits: string): string {
  return formed(digits, '4')
}

const HYPHENS: ReadonlySet<number> = new Set([8, 13, 18, 23])
/** Where in the text form each of the 32 digits stands. */
const PLACES = Uint8Array.from({ length: 36 }, (_, place) => place).filter(
  (place) => !HYPHENS.has(place),
)
const scratch = Buffer.alloc(36, '-')

/**
 * With version and the RFC's variant in the bits that are kept for them. By way of bytes, since a text put together from
 * others is put together once more when it becomes the key of a map, as every id does.
 */
function formed(hex: string, version: string): string {
  for (let digit = 0; digit < PLACES.length; digit++) {
    scratch[PLACES[digit] ?? 0] = hex.charCodeAt(digit)
  }
  scratch[14] = version.charCodeAt(0)
  scratch[19] = '89ab'.charCodeAt(Number.parseInt(hex.charAt(16), 16) & 0x3)
  return scratch.toString('latin1')
}
