// Trailers (RFC 9112, 7.1.2): they end with their request, frame nothing, and do not reach the target.
import { A, chunk, chunked, gotNext, gotPost, NEXT, SMUGGLED } from '../bytes.js'
import { onUws, type Case, type CaseClass } from '../case.js'
import { nothingYet, refusedInBody, served } from '../outcome.js'

function trailers(lines: string, behind: string): string {
  return chunked(`${chunk('abc')}0\r\n${lines}${behind}`)
}

function good(what: string, name: string, ...lines: readonly string[]): Case {
  const text = `${lines.join('\r\n')}\r\n\r\n`
  return [
    what,
    [trailers(text, ''), NEXT],
    served(gotPost('abc', A, { [name]: [] }), gotNext),
    'unsupported',
  ]
}

function odd(what: string, ...lines: readonly string[]): Case {
  return [what, trailers(`${lines.join('\r\n')}\r\n\r\n`, SMUGGLED), refusedInBody(), 'unsupported']
}

export const trailerSection: CaseClass = {
  name: 'trailers',
  cases: [
    good('one', 'x-t', 'X-T: 1'),
    good('several', 'x-u', 'X-T: 1', 'X-U: 2'),
    onUws('closing', good('an empty value', 'x-t', 'X-T:')),
    good('credentials', 'authorization', 'Authorization: Basic YTpi'),
    good(
      'fields that the gateway sets',
      'x-forwarded-by',
      'X-Forwarded-By: me',
      'X-Forwarded-For: 1.2.3.4',
    ),
    good('Connection: close', 'x-t', 'Connection: close', 'X-T: 1'),
    [
      'a second Host',
      [trailers('Host: b\r\n\r\n', ''), NEXT],
      served(gotPost('abc'), gotNext),
      'unsupported',
    ],
    odd('Content-Length', `Content-Length: ${SMUGGLED.length}`),
    odd('Content-Length behind others', 'X-T: 1', 'content-length: 0'),
    odd('Transfer-Encoding', 'Transfer-Encoding: chunked'),
    odd('Transfer-Encoding in capitals', 'TRANSFER-ENCODING: identity'),
    onUws('silent', odd('a request line', `GET /CASE/smuggled HTTP/1.1`, 'Host: a')),
    odd('a request line with a colon', 'GET http://a/CASE/smuggled HTTP/1.1', 'Host: a'),
    onUws('misreading', odd('a line without a colon', 'nonsense')),
    onUws('misreading', odd('a line without a name', ': x')),
    odd('a space before the colon', 'X-T : 1'),
    odd('a space before the name', ' X-T: 1'),
    odd('a folded line', 'X-T: 1', ' 2'),
    odd('a folded line that frames', 'X-T: 1', ' Content-Length: 5'),
    odd('a NUL in a value', 'X-T: a\0b'),
    odd('a NUL in a name', 'X\0T: a'),
    odd('a bare carriage return', 'X-T: a\rb'),
    odd('a bare line feed', 'X-T: a\nX-U: b'),
    odd('a chunk size', '3', 'abc', '0'),
    odd('over all bounds in length', `X-T: ${'x'.repeat(100_000)}`),
    odd('over all bounds in number', ...Array.from({ length: 2000 }, (_, i) => `X-${i}: 1`)),
    [
      'a line feed for the end',
      chunked(`${chunk('abc')}0\r\nX-T: 1\r\n\n${SMUGGLED}`),
      refusedInBody(),
      'unsupported',
    ],
    [
      'line feeds throughout',
      chunked(`${chunk('abc')}0\r\nX-T: 1\n\n${SMUGGLED}`),
      refusedInBody(),
      'unsupported',
    ],
    [
      'no end',
      chunked(`${chunk('abc')}0\r\nX-T: 1\r\n`),
      { ...nothingYet, begins: [A] },
      'unsupported',
    ],
  ],
}
