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
  const bytes = hash('sha1', input, 'buffer')
  // Version 5 and the RFC's variant in the bits that are kept for them.
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20, 32),
  ].join('-')
}
