// DNS messages: one question out, and what comes back checked against it. The library knows the wire format; what may be
// believed is decided here.
import { decode, encode, RECURSION_DESIRED, type Answer } from 'dns-packet'
import type { RecordType } from './settings.js'

export interface Question {
  /** In small letters, without a dot at the end. */
  readonly name: string
  readonly type: RecordType
}

interface Common {
  /** In small letters, as are targets. */
  readonly name: string
  readonly ttlMs: number
}

export interface AddressRecord extends Common {
  readonly type: 'A' | 'AAAA'
  readonly ip: string
}

export interface CnameRecord extends Common {
  readonly type: 'CNAME'
  readonly target: string
}

export interface SrvRecord extends Common {
  readonly type: 'SRV'
  readonly target: string
  readonly port: number
  readonly weight: number
  readonly priority: number
}

export type DnsRecord = AddressRecord | CnameRecord | SrvRecord

export interface Reply {
  /** 0 is success; also with no record at all. */
  readonly rcode: number
  /** To be asked again over TCP. */
  readonly isTruncated: boolean
  readonly records: readonly DnsRecord[]
}

// RFC 1035, 4.1.1: behind the flags four counts, the first of which is that of questions.
const HEADER_BYTES = 12
const FLAGS_AT = 2
const OTHER_COUNTS_AT = 6
const TRUNCATED = 0x200
const RCODE = 0xf

/** RFC 1035, 2.3.4; letters, digits, - and _ are what targets may be named with. */
const NAME = /^(?=.{1,253}$)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*$/

/** Whether a name in small letters can be asked for. */
export function isDnsName(name: string): boolean {
  return NAME.test(name)
}

export function encodeQuestion(id: number, { name, type }: Question): Buffer {
  return encode({ id, type: 'query', flags: RECURSION_DESIRED, questions: [{ name, type }] })
}

/** Null for anything but the answer to this question: it may come from somebody else, and the true one may follow. */
export function readReply(bytes: Buffer, id: number, question: Question): Reply | null {
  const isTruncated =
    bytes.length > HEADER_BYTES && (bytes.readUInt16BE(FLAGS_AT) & TRUNCATED) !== 0
  const message = decoded(isTruncated ? questionAlone(bytes) : bytes)
  if (message === null) return null
  const { id: itsId, type, questions = [], answers = [] } = message
  const [asked] = questions
  if (itsId !== id || type !== 'response' || questions.length !== 1 || asked === undefined) {
    return null
  }
  const isTheSame =
    asked.name.toLowerCase() === question.name &&
    asked.type === question.type &&
    asked.class === 'IN'
  if (!isTheSame) return null
  const rcode = bytes.readUInt16BE(FLAGS_AT) & RCODE
  return { rcode, isTruncated, records: answers.flatMap(recordOf) }
}

/** What was cut off may end in the middle of a record. */
function questionAlone(bytes: Buffer): Buffer {
  return Buffer.from(bytes).fill(0, OTHER_COUNTS_AT, HEADER_BYTES)
}

function decoded(bytes: Buffer): ReturnType<typeof decode> | null {
  try {
    const message = decode(bytes)
    // The library reads addresses past the end, and says how far it has read.
    return decode.bytes > bytes.length ? null : message
  } catch {
    // Not a DNS message, or a broken one.
    return null
  }
}

/** What a resolver was not asked for is left out: signatures, and names that nobody could ask for. */
function recordOf(answer: Answer): DnsRecord[] {
  if (answer.type === 'OPT' || answer.class !== 'IN') return []
  const common = { name: answer.name.toLowerCase(), ttlMs: ttlOf(answer.ttl ?? 0) }
  switch (answer.type) {
    case 'A':
    case 'AAAA':
      return [{ ...common, type: answer.type, ip: answer.data }]
    case 'CNAME':
      return [{ ...common, type: 'CNAME', target: answer.data.toLowerCase() }]
    case 'SRV': {
      const { target, port, weight = 0, priority = 0 } = answer.data
      return [{ ...common, type: 'SRV', target: target.toLowerCase(), port, weight, priority }]
    }
    default:
      return []
  }
}

/** RFC 2181, 8: 31 bits; with the topmost set it counts as 0. */
function ttlOf(seconds: number): number {
  return seconds > 0x7fffffff ? 0 : seconds * 1000
}
