import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { StrictReader, type StrictRequest } from './strict-reader.js'

/** All whole requests, and what is left. */
function read(bytes: string): { requests: StrictRequest[]; rest: string } {
  const reader = new StrictReader()
  const requests: StrictRequest[] = []
  for (const byte of bytes) {
    reader.push(byte)
    for (let next = reader.next(); next !== null; next = reader.next()) requests.push(next)
  }
  return { requests, rest: reader.rest }
}

const HEAD = 'POST /a?b HTTP/1.1\r\nhost: a\r\n'
const CHUNKED = `${HEAD}transfer-encoding: chunked\r\n\r\n`

const PLAIN: Readonly<Record<string, readonly [bytes: string, body: string]>> = {
  'no body': [`${HEAD}\r\n`, ''],
  'a length': [`${HEAD}content-length: 3\r\n\r\nabc`, 'abc'],
  chunks: [`${CHUNKED}3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n`, 'abcd'],
}

/** Each is a request that somebody would read in another way. */
const AMBIGUOUS: Readonly<Record<string, string>> = {
  'a line feed alone': `${HEAD}x: y\nz: 1\r\n\r\n`,
  'a carriage return alone': `${HEAD}x: y\rz\r\n\r\n`,
  'a folded line': `${HEAD}x: y\r\n z\r\n\r\n`,
  'a space before the colon': `${HEAD}x : y\r\n\r\n`,
  'a NUL': `${HEAD}x: \0y\r\n\r\n`,
  'no host': 'GET / HTTP/1.1\r\nx: y\r\n\r\n',
  'two hosts': `${HEAD}Host: b\r\n\r\n`,
  'two lengths': `${HEAD}content-length: 1\r\ncontent-length: 1\r\n\r\na`,
  'a list of lengths': `${HEAD}content-length: 1, 1\r\n\r\na`,
  'a length with a sign': `${HEAD}content-length: +1\r\n\r\na`,
  'a length and chunks': `${HEAD}content-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
  'another coding': `${HEAD}transfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n`,
  'chunks in two lines': `${HEAD}transfer-encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  'an extension': `${CHUNKED}3;a=b\r\nabc\r\n0\r\n\r\n`,
  'a chunk that is too long': `${CHUNKED}2\r\nabc\r\n0\r\n\r\n`,
  'a line feed behind a size': `${CHUNKED}3\nabc\r\n0\r\n\r\n`,
  trailers: `${CHUNKED}0\r\nx: y\r\n\r\n`,
  'two spaces in the request line': 'GET  / HTTP/1.1\r\nhost: a\r\n\r\n',
  'another version': 'GET / HTTP/1.0\r\nhost: a\r\n\r\n',
  'an absolute target': 'GET http://a/ HTTP/1.1\r\nhost: a\r\n\r\n',
  'an empty line before the request': `\r\n${HEAD}\r\n`,
}

describe('the strict reader', () => {
  for (const [what, [bytes, body]] of Object.entries(PLAIN)) {
    it(`reads requests with ${what}, one after the other`, () => {
      const { requests, rest } = read(bytes + bytes)
      assert.deepEqual(
        requests.map((one) => [one.method, one.path, one.body]),
        [
          ['POST', '/a?b', body],
          ['POST', '/a?b', body],
        ],
      )
      assert.equal(rest, '')
    })
  }

  for (const [what, bytes] of Object.entries(AMBIGUOUS)) {
    it(`takes no request with ${what}`, () => {
      assert.throws(() => read(bytes))
    })
  }

  it('keeps what is not whole', () => {
    for (const [bytes] of Object.values(PLAIN)) {
      const { requests, rest } = read(bytes.slice(0, -1))
      assert.deepEqual([requests, rest], [[], bytes.slice(0, -1)])
    }
  })
})
