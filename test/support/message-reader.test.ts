// The reader behind the test client and the test target: too lenient, and it would hide faults of the gateway.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { header, MessageReader } from './message-reader.js'

function responses(text: string, hasBody = true): MessageReader {
  const reader = new MessageReader('responses', () => hasBody)
  reader.push(Buffer.from(text, 'latin1'))
  return reader
}

describe('MessageReader', () => {
  it('reads a body by Content-Length and leaves what follows', () => {
    const reader = responses('HTTP/1.1 200 OK\r\nX-A: b\r\nContent-Length: 2\r\n\r\nokHTTP')
    const message = reader.next()
    assert.equal(message?.body.toString(), 'ok')
    assert.equal(header(message, 'x-a'), 'b')
    assert.equal(reader.rest.toString(), 'HTTP')
  })

  it('reads chunks that come byte by byte', () => {
    const reader = new MessageReader('responses')
    const text =
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n'
    for (const byte of text.slice(0, -1)) {
      reader.push(Buffer.from(byte))
      assert.equal(reader.next(), null)
    }
    reader.push(Buffer.from('\n'))
    assert.equal(reader.next()?.body.toString(), 'abcd')
  })

  it('takes a response without framing as whole only when the connection has ended', () => {
    const reader = responses('HTTP/1.1 200 OK\r\n\r\nrest')
    assert.equal(reader.next(), null)
    assert.equal(reader.next(true)?.body.toString(), 'rest')
  })

  it('does not take a short body as whole although the connection has ended', () => {
    assert.equal(responses('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhal').next(true), null)
  })

  for (const status of ['204 No Content', '304 Not Modified']) {
    it(`reads no body behind ${status}`, () => {
      const reader = responses(`HTTP/1.1 ${status}\r\nContent-Length: 5\r\n\r\nnext`)
      assert.equal(reader.next()?.body.length, 0)
      assert.equal(reader.rest.toString(), 'next')
    })
  }

  it('reads no body in answer to HEAD', () => {
    assert.equal(
      responses('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n', false).next()?.body.length,
      0,
    )
  })

  for (const [fault, text] of [
    ['a chunk size that is none', 'Transfer-Encoding: chunked\r\n\r\nzz\r\n'],
    ['a chunk longer than it says', 'Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n'],
    ['a length that is none', 'Content-Length: +1\r\n\r\na'],
    ['a line without a colon', 'nonsense\r\n\r\n'],
  ] as const) {
    it(`throws on ${fault}`, () => {
      assert.throws(() => responses(`HTTP/1.1 200 OK\r\n${text}`).next())
    })
  }
})
