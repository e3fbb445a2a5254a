import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { headBytes, mayAnnounceLength, mayHaveBody, sizeOf, statusLine } from './response-text.js'

describe('statusLine', () => {
  it('gives the reason phrase', () => {
    assert.equal(statusLine(200), '200 OK')
    assert.equal(statusLine(404), '404 Not Found')
  })

  it('leaves the reason phrase of 426 and of unknown codes empty', () => {
    assert.equal(statusLine(426), '426 ')
    assert.equal(statusLine(299), '299 ')
  })

  it('makes a 500 of what is no status', () => {
    for (const status of [0, 99, 1000, -1, 200.5, NaN]) {
      assert.equal(statusLine(status), '500 Internal Server Error')
    }
  })
})

describe('mayHaveBody', () => {
  it('is false for 1xx, 204 and 304', () => {
    assert.deepEqual([100, 101, 204, 304].map(mayHaveBody), [false, false, false, false])
    assert.deepEqual([200, 205, 301, 404, 500].map(mayHaveBody), [true, true, true, true, true])
  })
})

describe('mayAnnounceLength', () => {
  it('is false for 1xx and 204', () => {
    assert.deepEqual([100, 199, 204].map(mayAnnounceLength), [false, false, false])
    assert.deepEqual([200, 304, 404].map(mayAnnounceLength), [true, true, true])
  })
})

describe('sizeOf', () => {
  it('counts the bytes of text', () => {
    assert.equal(sizeOf('h\u00e9'), 3)
    assert.equal(sizeOf(new Uint8Array(4)), 4)
  })
})

describe('headBytes', () => {
  it('leaves ASCII as text', () => {
    assert.equal(headBytes('200 OK\r\nA: b'), '200 OK\r\nA: b')
  })

  it('gives one byte for each character beyond ASCII', () => {
    assert.deepEqual(headBytes('A: \u00e9'), Buffer.from([0x41, 0x3a, 0x20, 0xe9]))
  })

  it('never lets a character that is no byte turn into a line break', () => {
    assert.deepEqual(headBytes('A: \u010a\u010d'), Buffer.from('A: ??'))
  })
})
