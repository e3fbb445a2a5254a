// Header lines: names that are tokens, values without control characters (RFC 9110, 5.1 and 5.5), within bounds.
import { A, get, gotGet, gotNext, gotSmuggled, head, NEXT, SMUGGLED } from '../bytes.js'
import { onUws, type Case, type CaseClass } from '../case.js'
import { refused, served } from '../outcome.js'
import type { Shortfall } from '../shortfalls.js'

/** Served, and so is the request behind it. */
const SERVED: Shortfall = ['lenient', served(gotGet(), gotSmuggled)]

/** A line that is refused, between two that are in order. */
function odd(what: string, line: string): Case {
  return [what, get(A, line, 'X-Z: 1') + SMUGGLED, refused(), 'silent']
}

function good(what: string, line: string, name: string, ...values: readonly string[]): Case {
  return [what, [get(A, line), NEXT], served(gotGet(A, { [name]: values }), gotNext)]
}

export const names: CaseClass = {
  name: 'names of fields',
  cases: [
    odd('a space before the colon', 'X-A : 1'),
    odd('a tab before the colon', 'X-A\t: 1'),
    odd('a space within', 'X A: 1'),
    odd('a space before Host', 'Host : b'),
    onUws(SERVED, odd('empty', ': 1')),
    odd('blank', ' : 1'),
    odd('no colon', 'nonsense'),
    odd('no colon, and a request line', 'GET /CASE/smuggled HTTP/1.1'),
    odd('an equals sign for the colon', 'X-A=1'),
    odd('a NUL', 'X\0A: 1'),
    odd('a NUL alone', '\0: 1'),
    odd('a control character', 'X\x01A: 1'),
    odd('a backspace', 'X-A\b: 1'),
    odd('a vertical tab', 'X-A\v: 1'),
    odd('a delete character', 'X\x7fA: 1'),
    odd('a letter in UTF-8', 'X-\xc3\xa4: 1'),
    odd('a byte beyond ASCII', 'X-\xe4: 1'),
    odd('parentheses', 'X(A): 1'),
    odd('a slash', 'X/A: 1'),
    odd('an at sign', '@X: 1'),
    odd('brackets', 'X[A]: 1'),
    odd('braces', 'X{A}: 1'),
    odd('quotes', '"X-A": 1'),
    odd('a comma', 'X,A: 1'),
    odd('a semicolon', 'X;A: 1'),
    odd('a question mark', 'X?A: 1'),
    odd('a backslash', 'X\\A: 1'),
    odd('angle brackets', '<X>: 1'),
    // A token, but not to nginx, which leaves such a line out.
    good('every character of a token', "x!#$%&'*+-.^_`|~1: v", "x!#$%&'*+-.^_`|~1"),
    good('an underscore', 'X_A: v', 'x_a', 'v'),
    good('two colons', 'X-A:: v', 'x-a', ': v'),
    good('twice', 'X-A: 1\r\nX-A: 2', 'x-a', '1', '2'),
  ],
}

export const values: CaseClass = {
  name: 'values of fields',
  cases: [
    odd('a NUL', 'X-A: a\0b'),
    odd('a NUL at the end', 'X-A: a\0'),
    odd('a NUL alone', 'X-A: \0'),
    odd('a control character', 'X-A: a\x01b'),
    odd('a vertical tab', 'X-A: a\vb'),
    odd('a form feed', 'X-A: a\fb'),
    odd('an escape character', 'X-A: a\x1b[0m'),
    odd('a backspace', 'X-A: a\b'),
    onUws(SERVED, odd('a delete character', 'X-A: a\x7fb')),
    odd('a carriage return', 'X-A: a\rb'),
    good('empty', 'X-A:', 'x-a', ''),
    good('blanks alone', 'X-A:  \t ', 'x-a', ''),
    good('blanks around', 'X-A: \t v \t', 'x-a', 'v'),
    good('a tab within', 'X-A: a\tb', 'x-a', 'a\tb'),
    good('UTF-8 within', 'X-A: a\xc3\xa9b', 'x-a', 'a\xc3\xa9b'),
    onUws(
      ['lenient', served(gotGet(A, { 'x-a': ['caf'] }), gotNext)],
      good('UTF-8 at the end', 'X-A: caf\xc3\xa9', 'x-a', 'caf\xc3\xa9'),
    ),
    onUws('refuses', good('no UTF-8', 'X-A: a\xe9b', 'x-a', 'a\xe9b')),
    onUws(
      ['lenient', served(gotGet(A, { 'x-a': ['a'] }), gotNext)],
      good('a no-break space at the end', 'X-A: a\xa0', 'x-a', 'a\xa0'),
    ),
    good(
      'characters that become line feeds when they are cut',
      'X-A: a\xc4\x8aX-B: c\xc4\x8d',
      'x-b',
    ),
    good('escaped line ends', 'X-A: a%0d%0aX-B: c', 'x-b'),
    good('a request', 'X-A: GET /CASE/smuggled HTTP/1.1', 'x-a', 'GET /CASE/smuggled HTTP/1.1'),
  ],
}

const many = (count: number): string[] => Array.from({ length: count }, (_, i) => `X-${i}: 1`)

export const bounds: CaseClass = {
  name: 'heads over all bounds',
  cases: [
    [
      'a request line within them',
      [get(`${A}?${'x'.repeat(7000)}`), NEXT],
      served(gotGet(`${A}?${'x'.repeat(7000)}`), gotNext),
    ],
    ['a request line', get(`${A}?${'x'.repeat(9000)}`) + SMUGGLED, refused(414)],
    ['a request line without an end', `GET ${A}?${'x'.repeat(70_000)}`, refused(414), 'limits'],
    ['a method', `${'X'.repeat(9000)} ${A} HTTP/1.1\r\nHost: a\r\n\r\n${SMUGGLED}`, refused(414)],
    [
      'a value within them',
      [get(A, `X-A: ${'v'.repeat(7000)}`), NEXT],
      served(gotGet(A, { 'x-a': ['v'.repeat(7000)] }), gotNext),
    ],
    ['a value', get(A, `X-A: ${'v'.repeat(9000)}`) + SMUGGLED, refused()],
    [
      'a value without an end',
      `GET ${A} HTTP/1.1\r\nHost: a\r\nX-A: ${'v'.repeat(70_000)}`,
      refused(),
      'limits',
    ],
    ['a name', get(A, `${'x'.repeat(9000)}: v`) + SMUGGLED, refused()],
    [
      'a name without an end',
      `GET ${A} HTTP/1.1\r\nHost: a\r\n${'x'.repeat(70_000)}`,
      refused(),
      'limits',
    ],
    [
      'lines within them',
      [get(A, ...many(90)), NEXT],
      served(gotGet(A, { 'x-89': ['1'] }), gotNext),
    ],
    [
      'more lines than one engine takes',
      [get(A, ...many(500)), NEXT],
      served(gotGet(A, { 'x-499': ['1'] }), gotNext),
      'limits',
    ],
    ['lines in number', get(A, ...many(1001)) + SMUGGLED, refused(), 'limits'],
    [
      'lines together',
      get(A, ...Array.from({ length: 5 }, (_, i) => `X-${i}: ${'v'.repeat(8000)}`)) + SMUGGLED,
      refused(),
    ],
    [
      'framing behind all lines that are read',
      head(`POST ${A} HTTP/1.1`, 'Host: a', ...many(1000), 'Content-Length: 40') + SMUGGLED,
      refused(),
      'limits',
    ],
  ],
}
