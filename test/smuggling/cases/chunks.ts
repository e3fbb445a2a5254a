// The chunked coding (RFC 9112, 7.1): sizes, extensions, line ends. Each wrong body goes on with what could be a request.
import { A, chunk, chunked, gotNext, gotPost, LAST, NEXT, SMUGGLED } from '../bytes.js'
import { onUws, type Case, type CaseClass } from '../case.js'
import { nothingYet, refusedInBody, served, thenRefused } from '../outcome.js'

/** A size line, three bytes of data, the end, and a request behind it. */
function oddSize(what: string, line: string): Case {
  return [what, chunked(`${line}\r\nabc\r\n${LAST}${SMUGGLED}`), refusedInBody()]
}

function goodSize(what: string, line: string): Case {
  return [
    what,
    [chunked(`${line}\r\nabc\r\n${LAST}`), NEXT],
    served(gotPost('abc'), gotNext),
    'closing',
  ]
}

/** The size as written, and behind it a body that a lax reader of numbers would take. */
const BROKEN = `abc\r\n${LAST}${SMUGGLED}`

export const chunkSizes: CaseClass = {
  name: 'chunk sizes',
  cases: [
    goodSize('leading zeros', '0003'),
    goodSize('sixteen digits', '0000000000000003'),
    [
      'a hexadecimal letter',
      [chunked(`a\r\n0123456789\r\n${LAST}`), NEXT],
      served(gotPost('0123456789'), gotNext),
      'closing',
    ],
    [
      'a hexadecimal capital',
      [chunked(`A\r\n0123456789\r\n${LAST}`), NEXT],
      served(gotPost('0123456789'), gotNext),
      'closing',
    ],
    [
      'a last chunk of several zeros',
      [chunked(`${chunk('abc')}000\r\n\r\n`), NEXT],
      served(gotPost('abc'), gotNext),
      'closing',
    ],
    ['no chunk but the last', [chunked(LAST), NEXT], served(gotPost(''), gotNext), 'closing'],
    oddSize('a plus', '+3'),
    oddSize('a minus', '-3'),
    oddSize('minus nothing', '-0'),
    oddSize('0x before', '0x3'),
    oddSize('0X before', '0X3'),
    oddSize('a bare x before', 'x3'),
    oddSize('an h behind', '3h'),
    oddSize('an underscore within', '0_3'),
    oddSize('a point behind', '3.'),
    oddSize('a point and a digit behind', '3.0'),
    oddSize('a comma within', '0,3'),
    oddSize('a sign within', '3-0'),
    onUws('misreading', oddSize('a blank before', ' 3')),
    onUws('misreading', oddSize('a blank behind', '3 ')),
    onUws('misreading', oddSize('a tab before', '\t3')),
    onUws('misreading', oddSize('a tab behind', '3\t')),
    onUws('misreading', oddSize('a blank within', '0 3')),
    onUws('misreading', oddSize('a vertical tab behind', '3\v')),
    onUws('misreading', oddSize('a form feed before', '\f3')),
    onUws('misreading', oddSize('a NUL behind', '3\0')),
    onUws('misreading', oddSize('a NUL before', '\x003')),
    onUws('misreading', oddSize('a no-break space behind', '3\xa0')),
    onUws('misreading', oddSize('a full-width digit', '\xef\xbc\x93')),
    oddSize('quotes around', '"3"'),
    onUws('misreading', oddSize('empty', '')),
    oddSize('a letter past f', 'g'),
    onUws('hanging', oddSize('a word', 'abc\xff')),
    onUws('misreading', oddSize('seventeen digits', '00000000000000003')),
    ['2^32 and the size', chunked(`100000003\r\n${BROKEN}`), { ...nothingYet, begins: [A] }],
    oddSize('2^64 and the size', '10000000000000003'),
    oddSize('2^64 less one', 'ffffffffffffffff'),
    oddSize('2^63', '8000000000000000'),
    onUws('hanging', oddSize('2^53', '20000000000000')),
    oddSize('digits over all bounds', 'f'.repeat(5000)),
    onUws('misreading', oddSize('zeros over all bounds', `${'0'.repeat(5000)}3`)),
    ['a last chunk with a sign', chunked(`${chunk('abc')}-0\r\n\r\n${SMUGGLED}`), refusedInBody()],
    ['a last chunk of 0x0', chunked(`${chunk('abc')}0x0\r\n\r\n${SMUGGLED}`), refusedInBody()],
    [
      'a last chunk of 00 and a blank',
      chunked(`${chunk('abc')}00 \r\n\r\n${SMUGGLED}`),
      refusedInBody(),
      'misreading',
    ],
    ['a request for a size', chunked(SMUGGLED), refusedInBody()],
    ['larger than what comes', chunked(`fff\r\nabc\r\n${LAST}`), { ...nothingYet, begins: [A] }],
  ],
}

const FITS = `${SMUGGLED.length.toString(16)}\r\n${SMUGGLED}`

export const chunkEnds: CaseClass = {
  name: 'ends of chunks',
  cases: [
    ['a bare line feed behind the size', chunked(`3\n${BROKEN}`), refusedInBody(), 'misreading'],
    ['a bare carriage return behind the size', chunked(`3\r${BROKEN}`), refusedInBody()],
    [
      'two carriage returns behind the size',
      chunked(`3\r\r\n${BROKEN}`),
      refusedInBody(),
      'misreading',
    ],
    [
      'a line feed before CRLF behind the size',
      chunked(`3\n\r\n${BROKEN}`),
      refusedInBody(),
      'misreading',
    ],
    [
      'a line feed and a carriage return behind the size',
      chunked(`3\n\r${BROKEN}`),
      refusedInBody(),
      'misreading',
    ],
    [
      'an empty line before the size',
      chunked(`\r\n3\r\n${BROKEN}`),
      refusedInBody(),
      'unsupported',
    ],
    ['a line feed before the size', chunked(`\n3\r\n${BROKEN}`), refusedInBody(), 'unsupported'],
    ['data longer than its size', chunked(`2\r\n${BROKEN}`), refusedInBody(), 'misreading'],
    ['data shorter than its size', chunked(`4\r\n${BROKEN}`), refusedInBody(), 'misreading'],
    [
      'data one byte shorter, ended by a line feed',
      chunked(`4\r\nabc\n\n${LAST}${SMUGGLED}`),
      refusedInBody(),
      'misreading',
    ],
    [
      'nothing behind the data',
      chunked(`3\r\nabc${LAST}${SMUGGLED}`),
      refusedInBody(),
      'misreading',
    ],
    [
      'a bare line feed behind the data',
      chunked(`3\r\nabc\n${LAST}${SMUGGLED}`),
      refusedInBody(),
      'misreading',
    ],
    [
      'a bare carriage return behind the data',
      chunked(`3\r\nabc\r${LAST}${SMUGGLED}`),
      refusedInBody(),
      'misreading',
    ],
    [
      'two carriage returns behind the data',
      chunked(`3\r\nabc\r\r\n${LAST}${SMUGGLED}`),
      refusedInBody(),
      'misreading',
    ],
    [
      'a line feed and a carriage return behind the data',
      chunked(`3\r\nabc\n\r${LAST}${SMUGGLED}`),
      refusedInBody(),
      'misreading',
    ],
    [
      'two other bytes behind the data',
      chunked(`3\r\nabcxx${LAST}${SMUGGLED}`),
      refusedInBody(),
      'misreading',
    ],
    [
      'blanks behind the data',
      chunked(`3\r\nabc  \r\n${LAST}${SMUGGLED}`),
      refusedInBody(),
      'misreading',
    ],
    [
      'an empty line behind the data',
      chunked(`3\r\nabc\r\n\r\n${LAST}${SMUGGLED}`),
      refusedInBody(),
      'misreading',
    ],
    ['line feeds throughout', chunked(`3\nabc\n0\n\n${SMUGGLED}`), refusedInBody(), 'misreading'],
    [
      'a line feed behind the last size',
      chunked(`${chunk('abc')}0\n\r\n${SMUGGLED}`),
      refusedInBody(),
      'misreading',
    ],
    [
      'a carriage return behind the last size',
      chunked(`${chunk('abc')}0\r\r\n${SMUGGLED}`),
      refusedInBody(),
      'misreading',
    ],
    [
      'a line feed for the last line',
      chunked(`${chunk('abc')}0\r\n\n${SMUGGLED}`),
      refusedInBody(),
      'misreading',
    ],
    [
      'a carriage return for the last line',
      chunked(`${chunk('abc')}0\r\n\r${SMUGGLED}`),
      refusedInBody(),
      'misreading',
    ],
    [
      'a blank in the last line',
      chunked(`${chunk('abc')}0\r\n \r\n${SMUGGLED}`),
      refusedInBody(),
      'misreading',
    ],
    ['no last line', chunked(`${chunk('abc')}0\r\n${SMUGGLED}`), refusedInBody(), 'misreading'],
    ['no last chunk', chunked(`${chunk('abc')}\r\n${SMUGGLED}`), refusedInBody(), 'misreading'],
    [
      'a CRLF too many behind the last',
      [chunked(`${chunk('abc')}${LAST}\r\n`), NEXT],
      served(gotPost('abc'), gotNext),
      'closing',
    ],
    [
      'a second last chunk',
      chunked(chunk('abc') + LAST + LAST + SMUGGLED),
      thenRefused(served(gotPost('abc'))),
      'closing',
    ],
    [
      'another chunk behind the last',
      chunked(chunk('abc') + LAST + FITS),
      thenRefused(served(gotPost('abc'))),
      'closing',
    ],
  ],
}
