// The name that a client asks for, read from the first message of its TLS handshake before OpenSSL gets it.

const HANDSHAKE = 22
const CLIENT_HELLO = 1
const SERVER_NAME = 0
const HOST_NAME = 0
const RECORD_HEADER = 5
const MESSAGE_HEADER = 4
/** Of a hello; with the keys of post-quantum ciphers one has about 2 KB. */
const MOST_BYTES = 32 * 1024
const VISIBLE = /^[\x21-\x7e]+$/

/**
 * @param bytes all that has come on the connection
 * @returns empty for no name, and for what is no handshake: OpenSSL is to refuse that; null when more must come first
 */
export function serverNameIn(bytes: Buffer): string | null {
  if (bytes.length > MOST_BYTES) return ''
  const message = handshakeMessage(bytes)
  if (message === null) return null
  try {
    const name = nameInHello(message)
    return VISIBLE.test(name) ? name : ''
  } catch {
    // A length leads out of the message.
    return ''
  }
}

/** The first message, put together from the records that it is spread over; empty when it is no hello. */
function handshakeMessage(bytes: Buffer): Buffer | null {
  const nothing = bytes.subarray(0, 0)
  let message = nothing
  for (let at = 0; ;) {
    const record = bytes.subarray(at)
    // RFC 8446, 5.1: the version is 3.x whatever is spoken later, and no record of a handshake is empty.
    if (record.length > 0 && record[0] !== HANDSHAKE) return nothing
    if (record.length > 1 && record[1] !== 3) return nothing
    if (record.length < RECORD_HEADER) return null
    const end = RECORD_HEADER + record.readUInt16BE(3)
    if (end === RECORD_HEADER) return nothing
    const part = record.subarray(RECORD_HEADER, end)
    message = message.length === 0 ? part : Buffer.concat([message, part])
    if (message.length > 0 && message[0] !== CLIENT_HELLO) return nothing
    if (message.length >= MESSAGE_HEADER) {
      const length = MESSAGE_HEADER + message.readUIntBE(1, 3)
      if (length > MOST_BYTES) return nothing
      if (message.length >= length) return message.subarray(MESSAGE_HEADER, length)
    }
    if (record.length < end) return null
    at += end
  }
}

/** RFC 8446, 4.1.2, and RFC 6066, 3. Throws a RangeError when it ends too early. */
function nameInHello(hello: Buffer): string {
  let at = 2 + 32 // version, random
  at += 1 + hello.readUInt8(at) // session id
  at += 2 + hello.readUInt16BE(at) // cipher suites
  at += 1 + hello.readUInt8(at) // compression methods
  if (at === hello.length) return ''
  const end = at + 2 + hello.readUInt16BE(at)
  at += 2
  while (at < end) {
    const type = hello.readUInt16BE(at)
    const length = hello.readUInt16BE(at + 2)
    at += 4
    if (type === SERVER_NAME) return firstHostName(hello.subarray(at, at + length))
    at += length
  }
  return ''
}

/** Nobody sends more than one; a list of several is not told from one by OpenSSL either. */
function firstHostName(list: Buffer): string {
  if (list.length === 0 || list.readUInt8(2) !== HOST_NAME) return ''
  return list.toString('latin1', 5, 5 + list.readUInt16BE(3))
}
