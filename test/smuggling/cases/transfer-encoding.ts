// Transfer-Encoding together with Content-Length, and what looks like `chunked` to some parsers only (RFC 9112, 6.1).
import {
  A,
  chunk,
  get,
  gotNext,
  gotPost,
  head,
  LAST,
  NEXT,
  post,
  request,
  SMUGGLED,
} from '../bytes.js'
import { onUws, type Case, type CaseClass } from '../case.js'
import { refused, served } from '../outcome.js'

/** Ends at once for whoever sees chunks; whoever does not sees another body, or another request. */
const ENDED = LAST + SMUGGLED

function coding(what: string, ...lines: readonly string[]): Case {
  return [what, post(...lines) + ENDED, refused()]
}

export const lengthAndChunks: CaseClass = {
  name: 'a length and chunks (CL.TE, TE.CL)',
  cases: [
    [
      'the length first, and it covers both',
      post(`Content-Length: ${ENDED.length}`, 'Transfer-Encoding: chunked') + ENDED,
      refused(),
    ],
    [
      'the chunks first, and they end early',
      post('Transfer-Encoding: chunked', `Content-Length: ${ENDED.length}`) + ENDED,
      refused(),
    ],
    [
      'a length that ends within the first chunk',
      post('Content-Length: 4', 'Transfer-Encoding: chunked') + chunk(SMUGGLED) + LAST,
      refused(),
    ],
    [
      'chunks first, and a length that ends within them',
      post('Transfer-Encoding: chunked', 'Content-Length: 4') + chunk(SMUGGLED) + LAST,
      refused(),
    ],
    ['a length of 0', post('Content-Length: 0', 'Transfer-Encoding: chunked') + ENDED, refused()],
    [
      'a length that is right',
      post(`Content-Length: ${chunk('abc').length + LAST.length}`, 'Transfer-Encoding: chunked') +
        chunk('abc') +
        LAST,
      refused(),
    ],
    ['an empty length', post('Content-Length:', 'Transfer-Encoding: chunked') + ENDED, refused()],
    [
      'a length that is none',
      post('Content-Length: x', 'Transfer-Encoding: chunked') + ENDED,
      refused(),
    ],
    [
      'a length and `identity`',
      post(`Content-Length: ${SMUGGLED.length}`, 'Transfer-Encoding: identity') + SMUGGLED,
      refused(),
    ],
    [
      'a length and an unknown coding',
      post(`Content-Length: ${SMUGGLED.length}`, 'Transfer-Encoding: x') + SMUGGLED,
      refused(),
    ],
    [
      'a length and an empty coding',
      post(`Content-Length: ${SMUGGLED.length}`, 'Transfer-Encoding:') + SMUGGLED,
      refused(),
    ],
    [
      'two lengths and chunks',
      post('Content-Length: 0', 'Content-Length: 3', 'Transfer-Encoding: chunked') + ENDED,
      refused(),
    ],
    ['on a GET', get(A, 'Content-Length: 0', 'Transfer-Encoding: chunked') + ENDED, refused()],
    [
      'the coding before Host, the length behind it',
      head(`POST ${A} HTTP/1.1`, 'Transfer-Encoding: chunked', 'Host: a', 'Content-Length: 4') +
        ENDED,
      refused(),
    ],
    [
      'with `Connection: Content-Length`',
      post('Connection: Content-Length', 'Content-Length: 4', 'Transfer-Encoding: chunked') + ENDED,
      refused(),
    ],
    [
      'with `Connection: Transfer-Encoding`',
      post('Connection: Transfer-Encoding', 'Content-Length: 4', 'Transfer-Encoding: chunked') +
        ENDED,
      refused(),
    ],
  ],
}

const BODY = chunk('abc') + LAST

export const codings: CaseClass = {
  name: 'codings that are hidden (TE.TE)',
  cases: [
    [
      'plain',
      [post('Transfer-Encoding: chunked') + BODY, NEXT],
      served(gotPost('abc'), gotNext),
      'closing',
    ],
    ['in capitals', post('TRANSFER-ENCODING: CHUNKED') + BODY, served(gotPost('abc')), 'closing'],
    [
      'in changing letters',
      post('tRANSFER-eNCODING: cHuNkEd') + BODY,
      served(gotPost('abc')),
      'closing',
    ],
    [
      'without a blank',
      post('Transfer-Encoding:chunked') + BODY,
      served(gotPost('abc')),
      'closing',
    ],
    [
      'with blanks around it',
      post('Transfer-Encoding:   chunked   ') + BODY,
      served(gotPost('abc')),
      'closing',
    ],
    // White space (RFC 9110, 5.6.3), but not to nginx.
    onUws('misreading', coding('a tab before', 'Transfer-Encoding:\tchunked')),
    onUws('misreading', coding('a tab behind', 'Transfer-Encoding: chunked\t')),
    onUws('misreading', coding('tabs around', 'Transfer-Encoding: \t chunked\t')),
    onUws('silent', coding('a vertical tab before', 'Transfer-Encoding: \vchunked')),
    onUws('silent', coding('a vertical tab behind', 'Transfer-Encoding: chunked\v')),
    onUws('silent', coding('a vertical tab for the blank', 'Transfer-Encoding:\vchunked')),
    onUws('silent', coding('a form feed before', 'Transfer-Encoding: \fchunked')),
    onUws('silent', coding('a form feed behind', 'Transfer-Encoding: chunked\f')),
    onUws('silent', coding('a NUL before', 'Transfer-Encoding: \0chunked')),
    onUws('silent', coding('a NUL behind', 'Transfer-Encoding: chunked\0')),
    onUws('silent', coding('a NUL within', 'Transfer-Encoding: chu\0nked')),
    onUws('silent', coding('a backspace behind', 'Transfer-Encoding: chunkedx\b')),
    coding('a delete character behind', 'Transfer-Encoding: chunked\x7f'),
    onUws('misreading', coding('a no-break space before', 'Transfer-Encoding: \xa0chunked')),
    onUws('misreading', coding('a no-break space behind', 'Transfer-Encoding: chunked\xa0')),
    onUws(
      'misreading',
      coding('a byte order mark before', 'Transfer-Encoding: \xef\xbb\xbfchunked'),
    ),
    onUws('misreading', coding('a Kelvin sign for the k', 'Transfer-Encoding: chun\xe2\x84\xaaed')),
    coding('a high bit in the first letter', 'Transfer-Encoding: \xe3hunked'),
    coding('in double quotes', 'Transfer-Encoding: "chunked"'),
    coding('in single quotes', "Transfer-Encoding: 'chunked'"),
    coding('a backslash before', 'Transfer-Encoding: \\chunked'),
    coding('empty', 'Transfer-Encoding:'),
    coding('blanks alone', 'Transfer-Encoding:   '),
    coding('a comma before', 'Transfer-Encoding: ,chunked'),
    coding('a comma behind', 'Transfer-Encoding: chunked,'),
    coding('a comma alone', 'Transfer-Encoding: ,'),
    coding('twice in one line', 'Transfer-Encoding: chunked, chunked'),
    coding('twice in two lines', 'Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'),
    coding('an unknown one in a second line', 'Transfer-Encoding: chunked', 'Transfer-Encoding: x'),
    coding('an unknown one in a first line', 'Transfer-Encoding: x', 'Transfer-Encoding: chunked'),
    coding(
      '`identity` in a second line',
      'Transfer-Encoding: chunked',
      'Transfer-Encoding: identity',
    ),
    coding(
      '`identity` in a first line',
      'Transfer-Encoding: identity',
      'Transfer-Encoding: chunked',
    ),
    coding('an empty second line', 'Transfer-Encoding: chunked', 'Transfer-Encoding:'),
    coding('an empty first line', 'Transfer-Encoding:', 'Transfer-Encoding: chunked'),
    coding('`identity`', 'Transfer-Encoding: identity'),
    coding('`identity, chunked`', 'Transfer-Encoding: identity, chunked'),
    coding('`chunked, identity`', 'Transfer-Encoding: chunked, identity'),
    coding('`gzip, chunked`', 'Transfer-Encoding: gzip, chunked'),
    coding('`chunked, gzip`', 'Transfer-Encoding: chunked, gzip'),
    coding('`gzip`', 'Transfer-Encoding: gzip'),
    coding('`x-chunked`', 'Transfer-Encoding: x-chunked'),
    coding('`xchunked`', 'Transfer-Encoding: xchunked'),
    coding('`chunkedx`', 'Transfer-Encoding: chunkedx'),
    coding('`chunk`', 'Transfer-Encoding: chunk'),
    coding('`chunked` cut by a blank', 'Transfer-Encoding: chun ked'),
    coding('a word behind', 'Transfer-Encoding: chunked x'),
    coding('a word before', 'Transfer-Encoding: x chunked'),
    coding('a parameter', 'Transfer-Encoding: chunked;q=1'),
    coding('a parameter without a value', 'Transfer-Encoding: chunked;'),
    coding('a parameter behind a blank', 'Transfer-Encoding: chunked ; foo=bar'),
    coding('a colon before', 'Transfer-Encoding: :chunked'),
    coding(
      'a name in front, as in a second field',
      'Transfer-Encoding: Transfer-Encoding: chunked',
    ),
    onUws('silent', coding('a space before the colon', 'Transfer-Encoding : chunked')),
    onUws('silent', coding('a tab before the colon', 'Transfer-Encoding\t: chunked')),
    onUws('silent', coding('a vertical tab before the colon', 'Transfer-Encoding\v: chunked')),
    onUws('silent', coding('a NUL before the colon', 'Transfer-Encoding\0: chunked')),
    onUws('silent', coding('a space before the name', 'X-A: 1', ' Transfer-Encoding: chunked')),
    onUws('silent', coding('a tab before the name', 'X-A: 1', '\tTransfer-Encoding: chunked')),
    onUws('silent', coding('a carriage return before the name', '\rTransfer-Encoding: chunked')),
    onUws('silent', coding('a line feed before the name', '\nTransfer-Encoding: chunked')),
    onUws('silent', coding('behind a bare line feed', 'X-A: 1\nTransfer-Encoding: chunked')),
    onUws('silent', coding('behind a bare carriage return', 'X-A: 1\rTransfer-Encoding: chunked')),
    onUws(
      'silent',
      coding('behind a line feed and a carriage return', 'X-A: 1\n\rTransfer-Encoding: chunked'),
    ),
    onUws('silent', coding('a carriage return behind', 'Transfer-Encoding: chunked\r')),
    onUws('silent', coding('a carriage return before', 'Transfer-Encoding: \rchunked')),
    onUws('silent', coding('folded', 'Transfer-Encoding:', ' chunked')),
    onUws('silent', coding('folded with a tab', 'Transfer-Encoding:', '\tchunked')),
    onUws('silent', coding('folded within', 'Transfer-Encoding: chun', ' ked')),
    onUws('silent', coding('a fold behind', 'Transfer-Encoding: chunked', ' , identity')),
    onUws('silent', coding('no colon', 'Transfer-Encoding chunked')),
    onUws('silent', coding('an equals sign for the colon', 'Transfer-Encoding= chunked')),
    [
      'an underscore in the name',
      [post('Transfer_Encoding: chunked'), NEXT],
      served(gotPost('', A, { 'transfer-encoding': [], transfer_encoding: ['chunked'] }), gotNext),
    ],
    [
      'a name that goes on',
      [post('Transfer-Encoding-X: chunked'), NEXT],
      served(gotPost('', A, { 'transfer-encoding': [] }), gotNext),
    ],
    [
      'a name without its hyphen',
      [post('TransferEncoding: chunked'), NEXT],
      served(gotPost('', A, { 'transfer-encoding': [] }), gotNext),
    ],
    [
      'as the value of Content-Encoding',
      [post('Content-Encoding: chunked'), NEXT],
      served(gotPost('', A, { 'transfer-encoding': [] }), gotNext),
    ],
    [
      'as the value of TE',
      [post('TE: chunked'), NEXT],
      served(gotPost('', A, { 'transfer-encoding': [], te: [] }), gotNext),
    ],
    [
      'before Host',
      head(`POST ${A} HTTP/1.1`, 'Transfer-Encoding: chunked', 'Host: a') + BODY,
      served(gotPost('abc')),
      'closing',
    ],
    [
      'a soft hyphen in the name',
      request(`POST ${A} HTTP/1.1`, 'Transfer\xadEncoding: chunked') + ENDED,
      refused(),
      'silent',
    ],
  ],
}
