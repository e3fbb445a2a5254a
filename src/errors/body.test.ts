import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { defaultMessage, formatError, negotiateFormat } from './body.js'

describe('the format of an error body', () => {
  const cases = [
    ['', 'json'],
    ['*/*', 'json'],
    ['application/*', 'json'],
    ['text/html', 'html'],
    ['text/plain', 'plain'],
    ['text/*', 'plain'],
    ['application/xml', 'xml'],
    ['image/png', 'json'],
    ['text/xml', 'json'],
    ['application/vnd.x+json', 'json'],
    ['text/html, application/json', 'html'],
    ['text/html;q=0.2, text/plain;q=0.9', 'plain'],
    ['text/html;level=1;q=0.5, application/xml;q=0.5', 'html'],
    ['text/html;q=0', 'json'],
    ['image/png, text/html;q=0.9', 'json'],
    ['TEXT/HTML', 'html'],
    ['application/grpc', 'grpc'],
  ] as const
  for (const [accept, format] of cases) {
    it(`is ${format} for Accept: ${accept}`, () => {
      assert.equal(negotiateFormat(accept), format)
    })
  }
})

describe('an error body', () => {
  it("is Kong's JSON, two spaces deep and without a space after the colons", () => {
    assert.equal(
      formatError('json', 'Unauthorized', 'abc'),
      '{\n  "message":"Unauthorized",\n  "request_id":"abc"\n}',
    )
  })
  it('keeps a message with quotes valid JSON', () => {
    const parsed: unknown = JSON.parse(formatError('json', 'say "hi"', 'abc'))
    assert.deepEqual(parsed, { message: 'say "hi"', request_id: 'abc' })
  })
  it('escapes markup in HTML and XML', () => {
    assert.match(formatError('html', '<script>', 'abc'), /<p>&lt;script&gt;\.<\/p>/)
    assert.match(formatError('xml', 'a & b', 'abc'), /<message>a &amp; b<\/message>/)
  })
  it('names the request in plain text', () => {
    assert.equal(formatError('plain', 'Not found', 'abc'), 'Not found\nrequest_id: abc\n')
  })
})

it('has a message for a status that nobody knows', () => {
  assert.equal(defaultMessage(499), 'The upstream server responded with 499')
})
