import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { acceptOf, CLOSE_CODES, closeFrame, frame, isCloseCode, OPCODES } from './frame.js'
import { FrameBoundary } from './frame-head.js'
import { MessageReader, type MessageSink } from './message-reader.js'

/** Notes what it is told, as text. */
class Noting implements MessageSink {
  readonly told: string[] = []
  onMessage(payload: Uint8Array, isBinary: boolean): void {
    this.told.push(`${isBinary ? 'binary' : 'text'} ${Buffer.from(payload).toString()}`)
  }
  onPing(payload: Uint8Array): void {
    this.told.push(`ping ${Buffer.from(payload).toString()}`)
  }
  onClose(code: number, reason: Uint8Array): void {
    this.told.push(`close ${code} ${Buffer.from(reason).toString()}`)
  }
  onFault(code: number, what: string): void {
    this.told.push(`fault ${code} ${what}`)
  }
}

/** What is made of those bytes, sent in pieces of that many. */
function read(bytes: Uint8Array, pieceBytes = bytes.length, mostBytes = 1 << 20): string[] {
  const sink = new Noting()
  const reader = new MessageReader(sink, mostBytes)
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    reader.read(bytes.subarray(at, at + pieceBytes))
  }
  return sink.told
}

const { text, binary, ping, pong, close, continuation } = OPCODES

function plain(opcode: number, payload: string): Buffer {
  return frame(opcode, Buffer.from(payload), false)
}

/** The same with FIN taken away. */
function open(opcode: number, payload: string): Buffer {
  const bytes = plain(opcode, payload)
  bytes[0] = opcode
  return bytes
}

describe('a frame', () => {
  it('has the bytes of the examples in RFC 6455, 5.7 and 1.3', () => {
    assert.equal(plain(text, 'Hello').toString('hex'), '810548656c6c6f')
    assert.equal(plain(pong, 'Hello').toString('hex'), '8a0548656c6c6f')
    assert.equal(plain(binary, 'x'.repeat(256)).toString('hex', 0, 4), '827e0100')
    assert.equal(plain(binary, 'x'.repeat(65_536)).toString('hex', 0, 10), '827f0000000000010000')
    assert.equal(acceptOf('dGhlIHNhbXBsZSBub25jZQ=='), 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=')
  })

  for (const length of [0, 1, 2, 3, 4, 5, 125, 126, 65_535, 65_536, 70_001]) {
    it(`of ${length} bytes comes out of its mask as it went in`, () => {
      const payload = Buffer.from(Array.from({ length }, (_, i) => (i * 7) & 255))
      const bytes = frame(binary, payload, true)
      const start = bytes.length - length
      assert.equal((bytes[1] ?? 0) >> 7, 1)
      const key = bytes.subarray(start - 4, start)
      const unmasked = bytes.subarray(start).map((byte, i) => byte ^ (key[i & 3] ?? 0))
      assert.ok(payload.equals(unmasked))
    })
  }

  it('is masked with another key each time', () => {
    const keys = Array.from({ length: 3000 }, () =>
      frame(text, Buffer.from('x'), true).toString('hex', 2, 6),
    )
    assert.ok(new Set(keys).size > 2990)
  })

  it('that closes has code and reason, or neither', () => {
    assert.equal(closeFrame(1001, Buffer.from('bye'), false).toString('hex'), '880503e9627965')
    assert.equal(closeFrame(CLOSE_CODES.none, Buffer.alloc(0), false).toString('hex'), '8800')
  })

  it('may close with the codes that RFC 6455 lets stand on the wire', () => {
    const allowed = [999, 1000, 1003, 1004, 1005, 1006, 1007, 1014, 1015, 2999, 3000, 4999, 5000]
    assert.deepEqual(allowed.filter(isCloseCode), [1000, 1003, 1007, 1014, 3000, 4999])
  })
})

describe('a reader of messages', () => {
  const stream = Buffer.concat([
    plain(text, 'one'),
    open(binary, 'two '),
    plain(ping, 'p'),
    open(continuation, ''),
    plain(continuation, 'joined'),
    plain(pong, 'nobody cares'),
    plain(text, ''),
    closeFrame(4001, Buffer.from('why'), false),
    plain(text, 'too late'),
  ])
  const told = ['text one', 'ping p', 'binary two joined', 'text ', 'close 4001 why']

  for (const pieceBytes of [stream.length, 1, 2, 3, 7]) {
    it(`joins fragments around control frames, read ${pieceBytes} bytes at a time`, () => {
      assert.deepEqual(read(stream, pieceBytes), told)
    })
  }

  it('takes a large message in pieces', () => {
    const payload = 'abc'.repeat(100_000)
    assert.deepEqual(read(plain(text, payload), 1000), [`text ${payload}`])
  })

  it('says that a close frame has no code', () => {
    assert.deepEqual(read(plain(close, '')), ['close 1005 '])
  })

  for (const [what, bytes, fault] of [
    ['a reserved bit', Buffer.from([0xc1, 0]), /extension/],
    ['a masked frame', frame(text, Buffer.from('x'), true), /masked/],
    ['an unknown opcode', Buffer.from([0x83, 0]), /unknown/],
    ['an unknown control opcode', Buffer.from([0x8b, 0]), /unknown/],
    ['a fragmented ping', Buffer.from([0x09, 0]), /control frame/],
    ['a long ping', plain(ping, 'x'.repeat(126)), /control frame/],
    ['a continuation of nothing', plain(continuation, 'x'), /continuation/],
    ['a message within another', Buffer.concat([open(text, 'x'), plain(text, 'y')]), /within/],
    ['a close code that must not be sent', Buffer.from([0x88, 2, 3, 0xee]), /bad code/],
    ['a close code that is cut off', Buffer.from([0x88, 1, 3]), /bad code/],
    ['a reason that is no text', Buffer.from([0x88, 3, 3, 0xe8, 0xff]), /bad code or reason/],
  ] as const) {
    it(`refuses ${what} and whatever follows`, () => {
      const answers = read(Buffer.concat([bytes, plain(text, 'more')]))
      assert.equal(answers.length, 1)
      assert.match(answers[0] ?? '', /^fault 1002/)
      assert.match(answers[0] ?? '', fault)
    })
  }

  it('refuses a message that is too large before it has come, in one frame or in several', () => {
    const whole = plain(text, 'x'.repeat(11)).subarray(0, 2)
    assert.match(read(whole, 2, 10)[0] ?? '', /^fault 1009/)
    const parts = Buffer.concat([open(text, 'x'.repeat(6)), plain(continuation, 'x'.repeat(5))])
    assert.match(read(parts, 1, 10)[0] ?? '', /^fault 1009/)
    assert.deepEqual(read(plain(text, 'x'.repeat(10)), 3, 10), [`text ${'x'.repeat(10)}`])
    const huge = Buffer.from([0x82, 127, 255, 255, 255, 255, 255, 255, 255, 255])
    assert.match(read(huge)[0] ?? '', /^fault 1009/)
  })
})

describe('a boundary between frames', () => {
  const frames = [
    plain(text, 'one'),
    frame(binary, Buffer.alloc(300), true),
    plain(ping, ''),
    plain(binary, 'x'.repeat(70_000)),
  ]
  const ends = frames.map((_, i) => Buffer.concat(frames.slice(0, i + 1)).length)

  for (const pieceBytes of [1, 3, 100]) {
    it(`is found where a frame ends, ${pieceBytes} bytes at a time`, () => {
      const bytes = Buffer.concat(frames)
      const boundary = new FrameBoundary()
      assert.ok(boundary.isBetweenFrames)
      for (let at = 0; at < bytes.length; at += pieceBytes) {
        const piece = bytes.subarray(at, at + pieceBytes)
        boundary.follow(piece)
        assert.equal(boundary.isBetweenFrames, ends.includes(at + piece.length))
      }
    })
  }
})
