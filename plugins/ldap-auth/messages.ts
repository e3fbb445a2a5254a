// The only place that knows ldapts: the few messages of LDAP (RFC 4511) that a simple bind takes, as bytes.
//
// Its client is not used. It takes an answer without a result code for success, loses track of connections once StartTLS
// has replaced their socket, and keeps what came before TLS for what comes after it.
import type { BerReader } from 'ldapts'
import { LdapError } from './ldap-error.js'

/** The number of an operation that a message carries: its tag. */
export const BIND_RESPONSE = 0x61
export const EXTENDED_RESPONSE = 0x78

const SEQUENCE = 0x30
const START_TLS = '1.3.6.1.4.1.1466.20037'
/** The answers wanted here have some 20 bytes; a server may explain itself in them, or list referrals. */
const MAX_MESSAGE_BYTES = 65_536
/** A tag, and a length of up to five bytes. */
const MAX_HEAD_BYTES = 6

export interface Answer {
  /** 0 for what the server says without being asked. */
  readonly id: number
  readonly operation: number
  readonly resultCode: number
  /** How many bytes the message took. */
  readonly bytes: number
}

export interface Codec {
  bindRequest(id: number, dn: string, password: string): Buffer
  startTlsRequest(id: number): Buffer
  unbindRequest(id: number): Buffer
  /** The first message; null while it is not complete. Throws LdapError for what is none. */
  readAnswer(received: Buffer): Answer | null
}

/** Loads ldapts with the first call: who asks no LDAP server does not pay for it. */
export async function loadCodec(): Promise<Codec> {
  const { BerReader, BindRequest, ExtendedRequest, UnbindRequest } = await import('ldapts')
  return {
    bindRequest: (id, dn, password) => new BindRequest({ messageId: id, dn, password }).write(),
    startTlsRequest: (id) => new ExtendedRequest({ messageId: id, oid: START_TLS }).write(),
    unbindRequest: (id) => new UnbindRequest({ messageId: id }).write(),
    readAnswer: (received) => {
      try {
        return read(new BerReader(received))
      } catch (error) {
        throw error instanceof LdapError ? error : garbled('what came is no message of LDAP')
      }
    },
  }
}

function read(reader: BerReader): Answer | null {
  if (reader.readSequence(SEQUENCE) === null) {
    if (reader.remain > MAX_HEAD_BYTES) throw garbled('a message without a length')
    return null
  }
  // A length of four bytes may come out negative.
  if (reader.length < 0 || reader.length > MAX_MESSAGE_BYTES) throw garbled('a message too long')
  const end = reader.offset + reader.length
  if (end > reader.offset + reader.remain) return null
  reader.setBufferSize(end)
  const id = wanted(reader, reader.readInt())
  const operation = reader.readSequence()
  if (operation === null || reader.length > reader.remain) throw garbled('a message cut short')
  const resultCode = wanted(reader, reader.readEnumeration())
  return { id, operation, resultCode, bytes: end }
}

/** ldapts reads a number that is missing as null, and one without digits as 0, which would mean success. */
function wanted(reader: BerReader, value: number | null): number {
  if (value === null || reader.length === 0) throw garbled('a message without what it must have')
  return value
}

function garbled(message: string): LdapError {
  return LdapError.of('garbled', message)
}
