// Line ends in the head: CRLF and nothing else (RFC 9112, 2.2).
import { A, get, gotGet, gotNext, NEXT, SMUGGLED } from '../bytes.js'
import { onUws, type Case, type CaseClass } from '../case.js'
import { nothingYet, refused, served, thenCut } from '../outcome.js'

const LINE = `GET ${A} HTTP/1.1`

function odd(what: string, bytes: string): Case {
  return [what, bytes + SMUGGLED, refused(), 'silent']
}

export const lineEnds: CaseClass = {
  name: 'line ends in the head',
  cases: [
    onUws('unsupported', odd('line feeds throughout', `${LINE}\nHost: a\n\n`)),
    onUws('unsupported', odd('a line feed behind the request line', `${LINE}\nHost: a\r\n\r\n`)),
    odd('a line feed behind a field', `${LINE}\r\nHost: a\nX-A: 1\r\n\r\n`),
    odd('a line feed behind the last field', `${LINE}\r\nHost: a\n\r\n`),
    odd('a line feed for the empty line', `${LINE}\r\nHost: a\r\n\n`),
    odd('two line feeds for the end', `${LINE}\r\nHost: a\n\n`),
    onUws('unsupported', odd('carriage returns throughout', `${LINE}\rHost: a\r\r`)),
    onUws(
      'unsupported',
      odd('a carriage return behind the request line', `${LINE}\rHost: a\r\n\r\n`),
    ),
    odd('a carriage return behind a field', `${LINE}\r\nHost: a\rX-A: 1\r\n\r\n`),
    onUws(
      'unsupported',
      odd('two carriage returns before a line feed', `${LINE}\r\r\nHost: a\r\n\r\n`),
    ),
    odd('two carriage returns behind a field', `${LINE}\r\nHost: a\r\r\n\r\n`),
    odd('two carriage returns in the empty line', `${LINE}\r\nHost: a\r\n\r\r\n`),
    odd('two carriage returns for the end', `${LINE}\r\nHost: a\r\r`),
    onUws('unsupported', odd('line feed before carriage return', `${LINE}\n\rHost: a\n\r\n\r`)),
    odd('a line feed in a value', `${LINE}\r\nHost: a\r\nX-A: b\nc: d\r\n\r\n`),
    odd(
      'a line feed at the start of a value',
      `${LINE}\r\nHost: a\r\nX-A:\nContent-Length: 5\r\n\r\n`,
    ),
    odd('a carriage return in a value', `${LINE}\r\nHost: a\r\nX-A: b\rc: d\r\n\r\n`),
    odd('a carriage return in a name', `${LINE}\r\nHost: a\r\nX-\rA: b\r\n\r\n`),
    odd('a carriage return before the colon', `${LINE}\r\nHost: a\r\nX-A\r: b\r\n\r\n`),
    onUws(
      'unsupported',
      odd('a line feed in the target', `GET ${A}\n HTTP/1.1\r\nHost: a\r\n\r\n`),
    ),
    odd('a carriage return in the target', `GET ${A}\r HTTP/1.1\r\nHost: a\r\n\r\n`),
    odd(
      'a request within a value, by line feeds',
      `${LINE}\r\nHost: a\r\nX-A: b\n\nGET /CASE/smuggled HTTP/1.1\nHost: a\n\n\r\n\r\n`,
    ),
    onUws('unsupported', odd('a next-line character (U+0085)', `${LINE}\x85Host: a\x85\x85`)),
    odd('a line separator (U+2028)', `${LINE}\r\nHost: a\r\nX-A\xe2\x80\xa8: b\r\n\r\n`),
    odd('a blank in the empty line', `${LINE}\r\nHost: a\r\n \r\n`),
    odd('a tab in the empty line', `${LINE}\r\nHost: a\r\n\t\r\n`),
    odd('a folded line', `${LINE}\r\nHost: a\r\nX-A: 1\r\n 2\r\n\r\n`),
    odd('a folded line with a tab', `${LINE}\r\nHost: a\r\nX-A: 1\r\n\t2\r\n\r\n`),
    odd('a folded Host', `${LINE}\r\nHost:\r\n a\r\n\r\n`),
    odd('a folded line of blanks', `${LINE}\r\nHost: a\r\nX-A: 1\r\n  \r\n\r\n`),
    odd('a first line that begins with a space', `${LINE}\r\n Host: a\r\nHost: a\r\n\r\n`),
    odd('a first line that begins with a tab', `${LINE}\r\n\tX-A: b\r\nHost: a\r\n\r\n`),
    odd('a fold behind the request line', `${LINE}\r\n HTTP/1.1\r\nHost: a\r\n\r\n`),
    odd('a carriage return before the request', `\r${get()}`),
    onUws('unsupported', odd('a line feed before the request', `\n${get()}`)),
    onUws('unsupported', odd('a blank before the request', ` ${get()}`)),
    onUws('unsupported', odd('a tab before the request', `\t${get()}`)),
    onUws('unsupported', odd('a NUL before the request', `\0${get()}`)),
    onUws('unsupported', odd('a byte order mark before the request', `\xef\xbb\xbf${get()}`)),
    onUws('unsupported', odd('a line with a blank before the request', ` \r\n${get()}`)),
    ['an empty line before the request', `\r\n${get()}`, served(gotGet()), 'blank'],
    ['two empty lines before the request', `\r\n\r\n${get()}`, served(gotGet()), 'blank'],
    [
      'an empty line between two requests',
      [`${get()}\r\n`, NEXT],
      served(gotGet(), gotNext),
      ['blank', thenCut(served(gotGet()))],
    ],
    ['an empty line alone', '\r\n', nothingYet],
    ['a carriage return alone', '\r', nothingYet],
    ['no end of the head', `${LINE}\r\nHost: a\r\n`, nothingYet],
    ['half an end of the head', `${LINE}\r\nHost: a\r\n\r`, nothingYet],
  ],
}
