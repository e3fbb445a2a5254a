import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bytesOfEntry, entryOfBytes } from './entry-bytes.js'
import type { Entry } from './store.js'

const ENTRY: Entry = {
  identity: 'route|GET|é\u{1f600}',
  key: 'abc',
  status: 404,
  headers: [
    ['Set-Cookie', 'a=1'],
    ['Set-Cookie', 'b=\xc3\xa9\xff'],
    ['X-Empty', ''],
  ],
  body: Buffer.from([0, 0xff, 0x7b]),
  storedAt: 1_000,
  ttl: 5,
  staleFrom: 6_000,
  keptUntil: 9_000,
  mayBeStale: true,
}

/** As some other program may have written it. */
function foreign(known: unknown): Buffer {
  const text = Buffer.from(JSON.stringify(known))
  const length = Buffer.alloc(4)
  length.writeUInt32BE(text.length)
  return Buffer.concat([length, text, Buffer.from('body')])
}

const KNOWN: object = { ...ENTRY, body: undefined }

describe('an answer in bytes', () => {
  it('comes back as it was, byte for byte', () => {
    assert.deepEqual(entryOfBytes(bytesOfEntry(ENTRY)), ENTRY)
  })

  it('may be kept for ever, and have no body', () => {
    const entry = { ...ENTRY, staleFrom: Infinity, keptUntil: Infinity, body: Buffer.alloc(0) }
    assert.deepEqual(entryOfBytes(bytesOfEntry(entry)), entry)
  })

  it('takes little more than its texts and its body', () => {
    const texts = 'route|GET|é'.length + 100
    assert.ok(bytesOfEntry(ENTRY).length < texts + 250)
  })

  const broken: Readonly<Record<string, Buffer>> = {
    nothing: Buffer.alloc(0),
    'too few bytes': Buffer.from([0, 0, 0]),
    'a length past its end': Buffer.from([0, 0, 1, 0, 0x7b]),
    'no JSON': Buffer.from([0, 0, 0, 1, 0x7b]),
    null: foreign(null),
    'a list': foreign([]),
    'no identity': foreign({ ...KNOWN, identity: undefined }),
    'a status that is none': foreign({ ...KNOWN, status: 20 }),
    'a status that is a text': foreign({ ...KNOWN, status: '200' }),
    'no headers': foreign({ ...KNOWN, headers: null }),
    'a header without a value': foreign({ ...KNOWN, headers: [['X-A']] }),
    'a header with a line break': foreign({ ...KNOWN, headers: [['X-A', 'a\r\nX-B: 1']] }),
    'a header that is no bytes': foreign({ ...KNOWN, headers: [['X-A', '\u010a']] }),
    'a name that is none': foreign({ ...KNOWN, headers: [['X A', 'a']] }),
    'no time': foreign({ ...KNOWN, storedAt: 'now' }),
  }
  for (const [title, bytes] of Object.entries(broken)) {
    it(`is none with ${title}`, () => {
      assert.equal(entryOfBytes(bytes), null)
    })
  }
})
