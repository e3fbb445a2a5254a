// Chunk extensions (RFC 9112, 7.1.1): read to their end or refused, for whoever takes a line end in them for the end of
// the line sees other chunks.
import { chunk, chunked, gotNext, gotPost, LAST, NEXT, SMUGGLED } from '../bytes.js'
import { onUws, type Case, type CaseClass } from '../case.js'
import { refusedInBody, served } from '../outcome.js'

function goodExtension(what: string, extension: string): Case {
  return [
    what,
    [chunked(`3${extension}\r\nabc\r\n${LAST}`), NEXT],
    served(gotPost('abc'), gotNext),
    'refuses',
  ]
}

function oddExtension(what: string, extension: string): Case {
  return [what, chunked(`3${extension}\r\nabc\r\n${LAST}${SMUGGLED}`), refusedInBody(), 'hanging']
}

export const extensions: CaseClass = {
  name: 'chunk extensions',
  cases: [
    onUws('hanging', goodExtension('a name', ';a')),
    onUws('hanging', goodExtension('a name and a value', ';a=b')),
    goodExtension('a value in quotes', ';a="b"'),
    goodExtension('an empty value in quotes', ';a=""'),
    goodExtension('a semicolon in quotes', ';a=";b=c"'),
    goodExtension('a quote that is escaped', ';a="b\\"c"'),
    goodExtension('a backslash that is escaped', ';a="b\\\\"'),
    goodExtension('several', ';a=b;c;d="e f"'),
    onUws('hanging', goodExtension('a size for a value', ';a=ffff')),
    goodExtension('long, but within bounds', `;a=${'x'.repeat(2000)}`),
    [
      'on the last chunk',
      [chunked(`${chunk('abc')}0;a=b\r\n\r\n`), NEXT],
      served(gotPost('abc'), gotNext),
      'hanging',
    ],
    oddExtension('a semicolon alone', ';'),
    oddExtension('two semicolons', ';;a'),
    oddExtension('a semicolon behind', ';a;'),
    oddExtension('no name', ';=b'),
    oddExtension('no value', ';a='),
    oddExtension('two values', ';a=b=c'),
    oddExtension('a blank within a value', ';a=b c'),
    onUws(null, oddExtension('a comma for the semicolon', ',a=b')),
    onUws('misreading', oddExtension('no semicolon', ' a=b')),
    onUws(null, oddExtension('a name in quotes', ';"a"=b')),
    onUws(null, oddExtension('quotes that are not closed', ';a="b')),
    onUws(null, oddExtension('quotes that are closed early', ';a="b"c')),
    onUws(null, oddExtension('quotes that an escape leaves open', ';a="b\\"')),
    oddExtension('a NUL', ';a\0'),
    onUws(null, oddExtension('a NUL in quotes', ';a="\0"')),
    oddExtension('a control character', ';a=\x01'),
    onUws(null, oddExtension('a delete character in quotes', ';a="\x7f"')),
    oddExtension('a carriage return within', ';a\rb'),
    oddExtension('a carriage return behind', ';a\r'),
    onUws(null, oddExtension('a carriage return in quotes', ';a="\r"')),
    oddExtension('a carriage return for a name', ';\r'),
    onUws(null, oddExtension('over all bounds', `;a=${'x'.repeat(20_000)}`)),
    [
      'a line feed within',
      chunked(`3;a\nb\r\nabc\r\n${LAST}${SMUGGLED}`),
      refusedInBody(),
      'hanging',
    ],
    [
      'a line feed for the line end',
      chunked(`3;a\nabc\r\n${LAST}${SMUGGLED}`),
      refusedInBody(),
      'hanging',
    ],
    [
      'a line feed behind a semicolon',
      chunked(`3;\nabc\r\n${LAST}${SMUGGLED}`),
      refusedInBody(),
      'hanging',
    ],
    [
      'a line feed that hides the last chunk',
      chunked(`3;\nxxx\r\n0\r\n\r\n${SMUGGLED}`),
      refusedInBody(),
      'hanging',
    ],
    ['a line feed in quotes', chunked(`3;a="\n"\r\nabc\r\n${LAST}${SMUGGLED}`), refusedInBody()],
    [
      'CRLF in quotes',
      chunked(`3;a="\r\n0\r\n\r\n${SMUGGLED}"\r\nabc\r\n${LAST}`),
      refusedInBody(),
    ],
    [
      'an escaped CRLF in quotes',
      chunked(`3;a="\\\r\n"\r\nabc\r\n${LAST}${SMUGGLED}`),
      refusedInBody(),
    ],
    [
      'a line feed on the last chunk',
      chunked(`${chunk('abc')}0;a\n\r\n${SMUGGLED}`),
      refusedInBody(),
      'hanging',
    ],
    [
      'a bare line feed that ends the last chunk',
      chunked(`${chunk('abc')}0;\n\n${SMUGGLED}`),
      refusedInBody(),
    ],
    // RFC 9112, 7.1.1 lets blanks stand here for the sake of old senders; parsers have differed over them.
    onUws('misreading', oddExtension('a blank before the semicolon', ' ;a=b')),
    oddExtension('a blank behind the semicolon', '; a=b'),
    oddExtension('blanks around the equals sign', ';a = b'),
  ],
}
