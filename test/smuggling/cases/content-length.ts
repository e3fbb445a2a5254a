// Content-Length: several, and what is not one plain number (RFC 9112, 6.2 and 6.3).
import {
  A,
  get,
  gotNext,
  gotSmuggled,
  gotPost,
  head,
  NEXT,
  post,
  request,
  SMUGGLED,
} from '../bytes.js'
import { onUws, type Case, type CaseClass } from '../case.js'
import { refused, served, thenRefused, thenWaiting, nothingYet } from '../outcome.js'
import type { Shortfall } from '../shortfalls.js'

/** Served, and so is the request behind it. */
const SERVED: Shortfall = ['lenient', served(gotPost(''), gotSmuggled)]

/** A length that is none: whoever reads it as 0, or skips it, sees another request behind the head. */
function oddLength(what: string, value: string): Case {
  return [what, post(`Content-Length: ${value}`) + SMUGGLED, refused()]
}

const LENGTH = SMUGGLED.length

export const twoLengths: CaseClass = {
  name: 'two lengths (CL.CL)',
  cases: [
    [
      '0, then the real one',
      post('Content-Length: 0', `Content-Length: ${LENGTH}`) + SMUGGLED,
      refused(),
    ],
    [
      'the real one, then 0',
      post(`Content-Length: ${LENGTH}`, 'Content-Length: 0') + SMUGGLED,
      refused(),
    ],
    ['two equal lines', post('Content-Length: 0', 'Content-Length: 0') + SMUGGLED, refused()],
    [
      'two equal lines that fit the body',
      post('Content-Length: 3', 'Content-Length: 3') + 'abc',
      refused(),
    ],
    [
      'equal by value, not by text',
      post('Content-Length: 3', 'Content-Length: 03') + 'abc',
      refused(),
    ],
    [
      'in two cases of letters',
      post('Content-Length: 0', `content-length: ${LENGTH}`) + SMUGGLED,
      refused(),
    ],
    [
      'with other fields between',
      post('Content-Length: 0', 'X-A: 1', 'X-B: 2', `CONTENT-LENGTH: ${LENGTH}`) + SMUGGLED,
      refused(),
    ],
    [
      'three lines',
      post('Content-Length: 0', 'Content-Length: 0', `Content-Length: ${LENGTH}`) + SMUGGLED,
      refused(),
    ],
    [
      'one of them empty',
      post('Content-Length:', `Content-Length: ${LENGTH}`) + SMUGGLED,
      refused(),
    ],
    ['one of them no number', post('Content-Length: 0', 'Content-Length: x') + SMUGGLED, refused()],
    [
      'before and behind Host',
      head(`POST ${A} HTTP/1.1`, 'Content-Length: 0', 'Host: a', `Content-Length: ${LENGTH}`) +
        SMUGGLED,
      refused(),
    ],
    ['on a GET', get(A, 'Content-Length: 0', `Content-Length: ${LENGTH}`) + SMUGGLED, refused()],
    ['a list of equal ones', post('Content-Length: 0, 0') + SMUGGLED, refused()],
    ['a list of different ones', post(`Content-Length: 0, ${LENGTH}`) + SMUGGLED, refused()],
    ['a list without blanks', post(`Content-Length: ${LENGTH},${LENGTH}`) + SMUGGLED, refused()],
    ['a list with an empty end', post('Content-Length: 0,') + SMUGGLED, refused()],
    ['a list with an empty beginning', post('Content-Length: ,0') + SMUGGLED, refused()],
  ],
}

export const oddLengths: CaseClass = {
  name: 'odd lengths',
  cases: [
    oddLength('a plus', '+0'),
    oddLength('a minus', '-0'),
    oddLength('less than nothing', '-1'),
    oddLength('hexadecimal', '0x0'),
    oddLength('hexadecimal digits', 'a'),
    oddLength('octal with a letter', '0o0'),
    oddLength('binary with a letter', '0b0'),
    oddLength('a decimal point', '0.0'),
    oddLength('an exponent', '0e1'),
    oddLength('an underscore between digits', '0_0'),
    oddLength('a space between digits', '0 0'),
    oddLength('a tab between digits', '0\t0'),
    oddLength('a semicolon behind', '0;'),
    oddLength('a letter behind', '0x'),
    oddLength('a unit behind', '0 bytes'),
    oddLength('quotes around', '"0"'),
    oddLength('empty', ''),
    oddLength('blanks alone', '   '),
    oddLength('a word', 'chunked'),
    oddLength('2^53 + 1', '9007199254740993'),
    oddLength('2^63', '9223372036854775808'),
    oddLength('2^64', '18446744073709551616'),
    oddLength('2^64 and the real length', String(2n ** 64n + BigInt(LENGTH))),
    oddLength('2^32 and the real length, thousandfold', '9'.repeat(40)),
    oddLength('zeros over all bounds', '0'.repeat(300)),
    oddLength('a digit in UTF-8 (Arabic zero)', '\xd9\xa0'),
    oddLength('a full-width zero in UTF-8', '\xef\xbc\x90'),
    oddLength('a superscript in latin1', '\xb2'),
    onUws('silent', oddLength('a NUL behind', '0\0')),
    onUws('silent', oddLength('a NUL before', '\x000')),
    onUws('silent', oddLength('a vertical tab before', '\v0')),
    onUws('silent', oddLength('a form feed behind', '0\f')),
    onUws(SERVED, oddLength('a no-break space before', '\xa00')),
    [
      'leading zeros',
      post('Content-Length: 0003') + 'abc',
      served(gotPost('abc', A, { 'content-length': ['3'] })),
    ],
    ['no blank before the number', post('Content-Length:3') + 'abc', served(gotPost('abc'))],
    [
      'blanks around the number',
      post('Content-Length:   3  ') + 'abc',
      served(gotPost('abc', A, { 'content-length': ['3'] })),
    ],
    // White space (RFC 9110, 5.6.3), but not to nginx.
    onUws(SERVED, oddLength('a tab before', '\t0')),
    onUws(SERVED, oddLength('a tab behind', '0\t')),
    [
      'shorter than what follows',
      [post('Content-Length: 3') + `abc`, NEXT],
      served(gotPost('abc'), gotNext),
    ],
    [
      'longer than what follows',
      post('Content-Length: 200') + SMUGGLED,
      { ...nothingYet, begins: [A] },
    ],
    [
      'followed by what is no request',
      post('Content-Length: 3') + 'abcdef\r\n\r\n',
      thenRefused(served(gotPost('abc'))),
      'silent',
    ],
    [
      'followed by half a request',
      post('Content-Length: 3') + 'abcGET /CASE/smug',
      thenWaiting(served(gotPost('abc'))),
    ],
    [
      'with a name that has an underscore',
      [post(`Content_Length: ${LENGTH}`), NEXT],
      served(gotPost('', A, { 'content-length': [], content_length: [String(LENGTH)] }), gotNext),
    ],
    [
      'with a name that goes on',
      [post(`Content-Length-X: ${LENGTH}`), NEXT],
      served(gotPost('', A, { 'content-length': [] }), gotNext),
    ],
    [
      'with a prefix before the name',
      [post(`X-Content-Length: ${LENGTH}`), NEXT],
      served(gotPost('', A, { 'content-length': [] }), gotNext),
    ],
    ['with a name in quotes', post(`"Content-Length": ${LENGTH}`) + SMUGGLED, refused(), 'silent'],
    [
      'with a dotless letter in the name',
      request(`POST ${A} HTTP/1.1`, `Content-Lengt\xc4\xb1: ${LENGTH}`) + SMUGGLED,
      refused(),
      'silent',
    ],
  ],
}
