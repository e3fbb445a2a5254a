// The header that a proxy puts before a connection to say who its client is (PROXY protocol, versions 1 and 2, as
// HAProxy specifies it). Whether it is believed is for the pipeline, which knows the trusted addresses.
import { isIPv4, isIPv6, SocketAddress, type Socket } from 'node:net'
import { canonicalAddress, ipText } from '../../util/ip-text.js'
import { EMPTY } from '../body-queue.js'

/** Version 1, with addresses as long as they can be, has no more bytes. */
const LONGEST_V1 = 107
/** What nginx takes of version 2, whose length field allows 64 KB. */
const LONGEST_V2 = 4096
const SIGNATURE = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1')
const FIXED_BYTES = 16

const V1_START = Buffer.from('PROXY ', 'latin1')
const V1 = /^PROXY (?:UNKNOWN(?: [^\r\n]*)?|TCP([46]) (\S+) (\S+) (\d{1,5}) (\d{1,5}))\r\n$/

// Address family and transport of version 2; others carry no address that could be used here.
const TCP_OVER_IPV4 = 0x11
const TCP_OVER_IPV6 = 0x21

export interface ProxyHeader {
  /** How many bytes it has; the request, or a TLS handshake, follows. */
  readonly bytes: number
  /** The client's address as canonical text; empty when the header names none. */
  readonly address: string
}

/** Reads the header at the beginning of those bytes, all that have come so far. */
export function readProxyHeader(bytes: Buffer): ProxyHeader | 'incomplete' | 'invalid' {
  if (startsAlike(bytes, SIGNATURE)) return readV2(bytes)
  return startsAlike(bytes, V1_START) ? readV1(bytes) : 'invalid'
}

function startsAlike(bytes: Buffer, start: Buffer): boolean {
  const length = Math.min(bytes.length, start.length)
  return bytes.compare(start, 0, length, 0, length) === 0
}

function readV1(bytes: Buffer): ProxyHeader | 'incomplete' | 'invalid' {
  const end = bytes.indexOf('\n') + 1
  if (end === 0) return bytes.length < LONGEST_V1 ? 'incomplete' : 'invalid'
  const match = end <= LONGEST_V1 ? V1.exec(bytes.toString('latin1', 0, end)) : null
  if (match === null) return 'invalid'
  const [, family, source = '', destination = '', ...ports] = match
  if (family === undefined) return { bytes: end, address: '' }
  const isAddress = family === '4' ? isIPv4 : isIPv6
  const isValid =
    isAddress(source) && isAddress(destination) && ports.every((port) => Number(port) <= 65_535)
  return isValid ? { bytes: end, address: textOf(source, family) } : 'invalid'
}

function textOf(address: string, family: string): string {
  if (family === '4') return address
  return canonicalAddress(new SocketAddress({ address, family: 'ipv6' }).address)
}

function readV2(bytes: Buffer): ProxyHeader | 'incomplete' | 'invalid' {
  if (bytes.length < FIXED_BYTES) return 'incomplete'
  const [command, family] = [bytes.readUInt8(12), bytes.readUInt8(13)]
  const end = FIXED_BYTES + bytes.readUInt16BE(14)
  // 0x20 is a connection of the proxy itself, such as a health check; 0x21 one for a client.
  if ((command !== 0x20 && command !== 0x21) || end > LONGEST_V2) return 'invalid'
  if (bytes.length < end) return 'incomplete'
  if (command === 0x20) return { bytes: end, address: '' }
  const addressBytes = family === TCP_OVER_IPV4 ? 4 : family === TCP_OVER_IPV6 ? 16 : 0
  // Two addresses and two ports; behind them anything.
  if (end - FIXED_BYTES < 2 * addressBytes + (addressBytes > 0 ? 4 : 0)) return 'invalid'
  return { bytes: end, address: ipText(bytes.subarray(FIXED_BYTES, FIXED_BYTES + addressBytes)) }
}

/**
 * Waits for the header on a connection that has just been accepted and is paused. A connection that brings none, or
 * none in time, is closed.
 * @param onHeader gets the client's address and the bytes behind the header; the socket is paused again
 */
export function expectProxyHeader(
  socket: Socket,
  timeoutMs: number,
  onHeader: (address: string, rest: Buffer) => void,
): void {
  let seen: Buffer = EMPTY
  const close = (): void => {
    socket.destroy()
  }
  const onData = (chunk: Buffer): void => {
    seen = Buffer.concat([seen, chunk])
    const header = readProxyHeader(seen)
    if (header === 'incomplete') return
    socket.pause()
    socket.setTimeout(0)
    socket.off('data', onData).off('timeout', close).off('end', close).off('error', close)
    if (header === 'invalid') close()
    else onHeader(header.address, seen.subarray(header.bytes))
  }
  socket.on('data', onData).on('timeout', close).on('end', close).on('error', close)
  socket.setTimeout(timeoutMs)
  socket.resume()
}
