// Addresses from their bytes to canonical text: RFC 5952 for IPv6, and plain IPv4 for what arrived mapped into IPv6,
// so that an address has one spelling wherever it is compared, counted or logged.
import { SocketAddress, isIP } from 'node:net'

/** @param bytes 4 or 16 bytes in network order; anything else gives the empty string */
export function ipText(bytes: Uint8Array): string {
  if (bytes.length === 4) return ipv4Text(bytes, 0)
  if (bytes.length !== 16) return ''
  return isMappedIpv4(bytes) ? ipv4Text(bytes, 12) : ipv6Text(bytes)
}

/** Whether 16 bytes are an IPv4 address as ::ffff:a.b.c.d (RFC 4291, 2.5.5.2). */
export function isMappedIpv4(bytes: Uint8Array): boolean {
  for (let i = 0; i < 10; i++) if (bytes[i] !== 0) return false
  return bytes[10] === 0xff && bytes[11] === 0xff
}

/** The same for an address that is text already, as the system writes it: IPv4 that arrived mapped becomes plain IPv4. */
export function canonicalAddress(text: string): string {
  return /^::ffff:\d+\.\d+\.\d+\.\d+$/i.test(text) ? text.slice(7) : text
}

/**
 * An address that somebody else has written, spelled as nginx spells it: RFC 5952, where one mapped into IPv6 stays so.
 * Null for what is no address; one with a zone means something to its own host alone.
 */
export function respelledAddress(text: string): string | null {
  const family = isIP(text)
  if (family === 4) return text
  if (family === 0 || text.includes('%')) return null
  return new SocketAddress({ address: text, family: 'ipv6' }).address
}

function ipv4Text(bytes: Uint8Array, at: number): string {
  return `${byte(bytes, at)}.${byte(bytes, at + 1)}.${byte(bytes, at + 2)}.${byte(bytes, at + 3)}`
}

function ipv6Text(bytes: Uint8Array): string {
  const groups: number[] = []
  for (let i = 0; i < 16; i += 2) groups.push((byte(bytes, i) << 8) | byte(bytes, i + 1))
  const { start, length } = longestZeroRun(groups)
  // RFC 5952, 4.2.2: one group of zeros alone is not shortened.
  if (length < 2) return hex(groups)
  return `${hex(groups.slice(0, start))}::${hex(groups.slice(start + length))}`
}

/** The first of the longest runs (RFC 5952, 4.2.3). */
function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 }
  for (let i = 0; i < groups.length; i++) {
    const start = i
    while (groups[i] === 0) i++
    if (i - start > best.length) best = { start, length: i - start }
  }
  return best
}

function hex(groups: readonly number[]): string {
  return groups.map((group) => group.toString(16)).join(':')
}

function byte(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0
}
