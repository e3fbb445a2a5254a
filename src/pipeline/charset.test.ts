import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { OVERLAP, ResponseHead } from '../model/response-head.js'
import { addCharset, addCharsetToFields } from './charset.js'

const cases: readonly (readonly [status: number, fields: string, type: string, why: string])[] = [
  [200, 'Content-Type: text/plain\r\n', 'text/plain; charset=UTF-8', 'a text type without one'],
  [404, 'content-type:TEXT/HTML\r\n', 'TEXT/HTML; charset=UTF-8', 'whatever the spelling'],
  [200, 'Content-Type: text/html; charset=latin1\r\n', 'text/html; charset=latin1', 'not twice'],
  [200, 'Content-Type: text/plain; a=b\r\n', 'text/plain; a=b', 'not behind other parameters'],
  [200, 'Content-Type: application/json\r\n', 'application/json', 'not to JSON'],
  [200, 'Content-Type: text/css\r\n', 'text/css', "not to types that are not in nginx's list"],
  [301, 'Content-Type: text/html\r\n', 'text/html', 'not to redirects of old'],
  [
    200,
    'Content-Encoding: gzip\r\nContent-Type: text/html\r\n',
    'text/html',
    'not to what is encoded',
  ],
]

describe('the charset of an answer is added', () => {
  for (const [status, fields, type, why] of cases) {
    it(`${why}: ${status} ${type}, the same for text and for a list`, () => {
      const asText = new ResponseHead(status, addCharsetToFields(status, fields), OVERLAP.none)
      assert.equal(asText.headers.get('content-type'), type)
      const asList = new ResponseHead(status, fields)
      addCharset(asList)
      assert.equal(asList.headers.get('content-type'), type)
    })
  }

  it('to nothing when there is no type', () => {
    assert.equal(addCharsetToFields(200, 'X-A: text/plain\r\n'), 'X-A: text/plain\r\n')
  })
})
