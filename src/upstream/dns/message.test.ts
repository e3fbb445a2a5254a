import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { decode, encode, type Answer, type Packet } from 'dns-packet'
import { encodeQuestion, isDnsName, readReply, type Question } from './message.js'

const QUESTION: Question = { name: 'www.test', type: 'A' }
const ID = 4711
const ANSWER: Answer = { name: 'WWW.test', type: 'A', ttl: 60, data: '10.0.0.1' }

function reply(changes: Partial<Packet> = {}): Buffer {
  return encode({
    id: ID,
    type: 'response',
    questions: [{ name: 'www.TEST', type: 'A' }],
    answers: [ANSWER],
    ...changes,
  })
}

describe('a question', () => {
  it('asks for recursion, under its id', () => {
    const { id, type, flag_rd, questions } = decode(encodeQuestion(ID, QUESTION))
    assert.deepEqual([id, type, flag_rd], [ID, 'query', true])
    assert.deepEqual(questions, [{ name: 'www.test', type: 'A', class: 'IN' }])
  })
})

describe('an answer', () => {
  it('is taken when it is one to the question', () => {
    assert.deepEqual(readReply(reply(), ID, QUESTION), {
      rcode: 0,
      isTruncated: false,
      records: [{ name: 'www.test', ttlMs: 60_000, type: 'A', ip: '10.0.0.1' }],
    })
  })

  for (const [what, bytes] of [
    ['another id', reply({ id: ID + 1 })],
    ['another name', reply({ questions: [{ name: 'evil.test', type: 'A' }] })],
    ['another type', reply({ questions: [{ name: 'www.test', type: 'AAAA' }] })],
    ['another class', reply({ questions: [{ name: 'www.test', type: 'A', class: 'CH' }] })],
    ['no question', reply({ questions: [] })],
    ['two questions', reply({ questions: [QUESTION, QUESTION] })],
    ['the bit of a question', reply({ type: 'query' })],
    ['nothing in it', Buffer.alloc(0)],
    ['half a header', reply().subarray(0, 7)],
    ['its end cut off', reply().subarray(0, -1)],
  ] as const) {
    it(`is not taken with ${what}`, () => {
      assert.equal(readReply(bytes, ID, QUESTION), null)
    })
  }

  it('that was cut off in the middle of a record is known as such', () => {
    const bytes = Buffer.from(reply().subarray(0, -3))
    bytes.writeUInt16BE(bytes.readUInt16BE(2) | 0x200, 2)
    assert.deepEqual(readReply(bytes, ID, QUESTION), { rcode: 0, isTruncated: true, records: [] })
  })

  it('has a response code', () => {
    assert.equal(readReply(reply({ flags: 3, answers: [] }), ID, QUESTION)?.rcode, 3)
  })

  it('keeps what is of use, and of that nothing from another class', () => {
    const answers: Answer[] = [
      { name: 'www.test', type: 'CNAME', ttl: 1, data: 'Host.Test' },
      { name: 'www.test', type: 'TXT', ttl: 1, data: 'text' },
      { ...ANSWER, class: 'CH' },
      { name: 's.test', type: 'SRV', ttl: 2, data: { target: 'T.test', port: 80 } },
    ]
    assert.deepEqual(readReply(reply({ answers }), ID, QUESTION)?.records, [
      { name: 'www.test', ttlMs: 1000, type: 'CNAME', target: 'host.test' },
      {
        name: 's.test',
        ttlMs: 2000,
        type: 'SRV',
        target: 't.test',
        port: 80,
        weight: 0,
        priority: 0,
      },
    ])
  })

  it('with a lifetime beyond 31 bits has none', () => {
    const answers: Answer[] = [{ ...ANSWER, ttl: 0x80000000 }]
    assert.equal(readReply(reply({ answers }), ID, QUESTION)?.records[0]?.ttlMs, 0)
  })

  it('with any one byte changed or cut off does no harm', () => {
    const answers: Answer[] = [
      ANSWER,
      { name: 'www.test', type: 'SRV', ttl: 2, data: { target: 'www.test', port: 80 } },
      { name: 'www.test', type: 'CNAME', ttl: 1, data: 'a.www.test' },
    ]
    const bytes = reply({ answers })
    for (let at = 0; at < bytes.length; at++) {
      for (const value of [0, 1, 0x3f, 0x80, 0xc0, 0xff]) {
        const broken = Buffer.from(bytes)
        broken[at] = value
        assert.doesNotThrow(() => readReply(broken, ID, QUESTION))
      }
      assert.equal(readReply(bytes.subarray(0, at), ID, QUESTION), null)
    }
  })
})

describe('a name', () => {
  for (const name of ['a', 'a.test', '_http._tcp.a-b.test', `${'a'.repeat(63)}.test`]) {
    it(`can be asked for: ${name.slice(0, 20)}`, () => {
      assert.ok(isDnsName(name))
    })
  }

  const long = Array.from({ length: 128 }, () => 'a').join('.')
  for (const name of [
    '',
    '.',
    'a..b',
    'a.',
    'a b',
    'ä.test',
    'a'.repeat(64),
    long,
    'a/b',
    'a\0b',
  ]) {
    it(`cannot be asked for: '${name.slice(0, 20)}'`, () => {
      assert.ok(!isDnsName(name))
    })
  }
})
