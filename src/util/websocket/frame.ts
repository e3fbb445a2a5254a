// What WebSocket frames look like on the wire (RFC 6455, 5.2), written whole. frame-head.ts reads them.
import { createHash, randomFillSync } from 'node:crypto'

export const OPCODES = {
  continuation: 0,
  text: 1,
  binary: 2,
  close: 8,
  ping: 9,
  pong: 10,
} as const

/** Codes that a close frame carries, and `none`, which stands for a frame without a code (7.4.1). */
export const CLOSE_CODES = {
  goingAway: 1001,
  protocolError: 1002,
  none: 1005,
  /** No close frame at all: the connection was lost. */
  abnormal: 1006,
  tooBig: 1009,
  tryAgainLater: 1013,
} as const

const FINAL = 128
const MASKED = 128
const MASK_BYTES = 4
/** What a length of seven bits may be; 126 and 127 say that it stands behind in two or eight bytes. */
const SHORT_BYTES = 125
const UINT16_BYTES = 65_535
const UINT32 = 2 ** 32

/** One random number costs a call into the system; 2048 masks a fraction of that each. */
const masks = Buffer.allocUnsafeSlow(8192)
let nextMask = masks.length

/**
 * A whole message, or a control frame.
 * @param isMasked as every frame towards a server has to be (5.3)
 */
export function frame(opcode: number, payload: Uint8Array, isMasked: boolean): Buffer {
  const { length } = payload
  const lengthBytes = length <= SHORT_BYTES ? 0 : length <= UINT16_BYTES ? 2 : 8
  const start = 2 + lengthBytes + (isMasked ? MASK_BYTES : 0)
  const bytes = Buffer.allocUnsafe(start + length)
  bytes[0] = FINAL | opcode
  bytes[1] = (isMasked ? MASKED : 0) | (lengthBytes === 0 ? length : lengthBytes === 2 ? 126 : 127)
  if (lengthBytes === 2) bytes.writeUInt16BE(length, 2)
  else if (lengthBytes === 8) {
    bytes.writeUInt32BE(Math.floor(length / UINT32), 2)
    bytes.writeUInt32BE(length % UINT32, 6)
  }
  if (isMasked) mask(payload, bytes, start)
  else bytes.set(payload, start)
  return bytes
}

/** Puts a mask in front of `start`, and the masked payload there. */
function mask(payload: Uint8Array, bytes: Buffer, start: number): void {
  if (nextMask === masks.length) {
    randomFillSync(masks)
    nextMask = 0
  }
  const a = masks[nextMask] ?? 0
  const b = masks[nextMask + 1] ?? 0
  const c = masks[nextMask + 2] ?? 0
  const d = masks[nextMask + 3] ?? 0
  nextMask += MASK_BYTES
  bytes.set([a, b, c, d], start - MASK_BYTES)
  const { length } = payload
  const whole = length - (length % MASK_BYTES)
  for (let i = 0; i < whole; i += MASK_BYTES) {
    bytes[start + i] = (payload[i] ?? 0) ^ a
    bytes[start + i + 1] = (payload[i + 1] ?? 0) ^ b
    bytes[start + i + 2] = (payload[i + 2] ?? 0) ^ c
    bytes[start + i + 3] = (payload[i + 3] ?? 0) ^ d
  }
  if (whole < length) bytes[start + whole] = (payload[whole] ?? 0) ^ a
  if (whole + 1 < length) bytes[start + whole + 1] = (payload[whole + 1] ?? 0) ^ b
  if (whole + 2 < length) bytes[start + whole + 2] = (payload[whole + 2] ?? 0) ^ c
}

const NO_BYTES = Buffer.alloc(0)

/** @param code `CLOSE_CODES.none` makes a frame without a code and a reason */
export function closeFrame(code: number, reason: Uint8Array, isMasked: boolean): Buffer {
  if (code === CLOSE_CODES.none) return frame(OPCODES.close, NO_BYTES, isMasked)
  const payload = Buffer.concat([Buffer.from([code >> 8, code & 255]), reason])
  return frame(OPCODES.close, payload, isMasked)
}

/** Whether a code may stand in a close frame (7.4). */
export function isCloseCode(code: number): boolean {
  if (code >= 3000) return code < 5000
  return code >= 1000 && code <= 1014 && (code < 1004 || code > 1006)
}

/** What a server answers to that Sec-WebSocket-Key (4.2.2). */
export function acceptOf(key: string): string {
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
}
