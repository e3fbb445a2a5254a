// The judge of requests: what it tells does not hang on where the reads are cut.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { inputAt } from '../fuzz/request-inputs.js'
import { readRequestsWithLlhttp, type JudgedRequest } from './llhttp.js'

const INPUTS = 3_000

describe('llhttp as the judge of requests', () => {
  it('tells the same of a text in one piece and cut', () => {
    for (let index = 0; index < INPUTS; index++) {
      const { text, cuts } = inputAt(7, index)
      const bytes = Buffer.from(text, 'latin1')
      const whole = readRequestsWithLlhttp(bytes)
      const cut = readRequestsWithLlhttp(bytes, cuts)
      assert.equal(cut.error, whole.error, JSON.stringify(text))
      assert.deepEqual(cut.requests.map(withoutEnd), whole.requests.map(withoutEnd))
    }
  })

  it('tells behind which byte a request ends, when a cut is there', () => {
    const request = 'POST /a HTTP/1.1\r\nHost: b\r\nContent-Length: 3\r\n\r\nabc'
    const text = `${request}GET /d HTTP/1.1\r\nHost: b\r\n\r\n`
    const end = request.length
    const { requests, error } = readRequestsWithLlhttp(Buffer.from(text), [end - 1, end])
    assert.equal(error, '')
    assert.deepEqual(
      requests.map((one) => [one.method, one.target, one.body, one.end]),
      [
        ['POST', '/a', 'abc', end],
        ['GET', '/d', '', text.length],
      ],
    )
  })

  it('goes on behind a request for an upgrade', () => {
    const text = 'GET / HTTP/1.1\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'
    const { requests, error } = readRequestsWithLlhttp(Buffer.from(text + text))
    assert.equal(error, '')
    assert.deepEqual(
      requests.map(({ end }) => end),
      [text.length, 2 * text.length],
    )
  })

  it('tells of an error in the body of a request for an upgrade', () => {
    const text =
      'POST / HTTP/1.1\r\nConnection: upgrade\r\nUpgrade: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab'
    assert.notEqual(readRequestsWithLlhttp(Buffer.from(text)).error, '')
  })
})

function withoutEnd({ end, ...rest }: JudgedRequest): object {
  return { ...rest, isComplete: end >= 0 }
}
