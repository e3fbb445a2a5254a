// The certificate of an ssl listener that nobody has given one: made in memory, for this process alone. Node reads
// certificates but writes none, so this is the little of DER (ITU-T X.690) and of RFC 5280 that one needs.
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import type { KeyPair } from './certificate.js'

// Kong's default certificate, but for the organisation; each with its object identifier (X.520).
const SUBJECT: readonly (readonly [oid: string, text: string])[] = [
  ['2.5.4.6', 'US'],
  ['2.5.4.8', 'California'],
  ['2.5.4.7', 'San Francisco'],
  ['2.5.4.10', 'gw'],
  ['2.5.4.11', 'IT Department'],
  ['2.5.4.3', 'localhost'],
]
const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2'
const SUBJECT_ALT_NAME = '2.5.29.17'
const EXTENDED_KEY_USAGE = '2.5.29.37'
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1'
const DNS_NAME = 0x82

const VERSION_3 = 2
const HOUR_MS = 3_600_000
/** As Kong's. It ends with the process; a date that is far away keeps clients from complaining of two things at once. */
const LIFE_MS = 20 * 365 * 24 * HOUR_MS

/** @param now milliseconds since the epoch */
export function makeSelfSigned(now: number): KeyPair {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const algorithm = sequence(oid(ECDSA_WITH_SHA256))
  const name = sequence(...SUBJECT.map(nameAttribute))
  const body = sequence(
    value(0xa0, integer(Buffer.from([VERSION_3]))),
    integer(serialNumber()),
    algorithm,
    name,
    // A client's clock may be behind.
    sequence(time(now - HOUR_MS), time(now + LIFE_MS)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    value(
      0xa3,
      sequence(
        extension(SUBJECT_ALT_NAME, sequence(value(DNS_NAME, Buffer.from('localhost')))),
        extension(EXTENDED_KEY_USAGE, sequence(oid(SERVER_AUTH))),
      ),
    ),
  )
  const signature = sign('sha256', body, privateKey)
  const certName = 'the self-signed certificate'
  return {
    cert: pem(sequence(body, algorithm, bitString(signature))),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certName,
    keyName: certName,
    areFiles: false,
  }
}

/** Positive and never with a zero in front, which DER would not allow: the first byte is 0x40 to 0x7f. */
function serialNumber(): Buffer {
  const bytes = randomBytes(16)
  bytes.writeUInt8((bytes.readUInt8(0) & 0x3f) | 0x40, 0)
  return bytes
}

/** Tag, length, content. */
function value(tag: number, content: Buffer): Buffer {
  const { length } = content
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content])
  const bytes = length < 0x100 ? [length] : [length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, 0x80 | bytes.length, ...bytes]), content])
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return value(0x30, Buffer.concat(parts))
}

function integer(bytes: Buffer): Buffer {
  return value(0x02, bytes)
}

function bitString(bytes: Buffer): Buffer {
  return value(0x03, Buffer.concat([Buffer.from([0]), bytes])) // no unused bits at the end
}

/** Numbers in base 128, the highest bit saying that there is more; the first two share one. */
function oid(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number)
  const bytes = [first * 40 + second, ...rest].flatMap((number) => {
    const groups = [number & 0x7f]
    for (let left = number >>> 7; left > 0; left >>>= 7) groups.unshift((left & 0x7f) | 0x80)
    return groups
  })
  return value(0x06, Buffer.from(bytes))
}

function nameAttribute([type, text]: readonly [string, string]): Buffer {
  // A country is a PrintableString (RFC 5280, appendix A); the others may be UTF8String.
  const tag = type === '2.5.4.6' ? 0x13 : 0x0c
  return value(0x31, sequence(oid(type), value(tag, Buffer.from(text))))
}

/** RFC 5280, 4.1.2.5: two digits for the year until 2049, four from then on. */
function time(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replace(/\.\d+/, '').replace(/[-:T]/g, '')
  const isLate = digits >= '2050'
  return value(isLate ? 0x18 : 0x17, Buffer.from(isLate ? digits : digits.slice(2)))
}

function extension(type: string, content: Buffer): Buffer {
  return sequence(oid(type), value(0x04, content))
}

function pem(der: Buffer): string {
  const lines = der.toString('base64').replace(/.{64}/g, '$&\n').trimEnd()
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`
}
