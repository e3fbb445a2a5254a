// Our parser of answers beside Node's (llhttp, strict): on answers that are valid, and on ones that have been mangled.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { parseWithLlhttp } from '../../test/support/llhttp.js'
import { mutate } from '../../test/support/mutate.js'
import { everyByte, parse } from '../../test/support/parse-answer.js'
import { Random } from '../../test/support/random.js'

const SEED = 20_250_801

const OK = 'HTTP/1.1 200 OK\r\n'
const CHUNKS = `${OK}Transfer-Encoding: chunked\r\n\r\n`

interface Difference {
  /** Our words. */
  readonly fault: RegExp
  readonly reason: string
  /** An answer to HEAD that shows it. */
  readonly example: string
  /** The llhttp of Node 22 refuses it as well. */
  readonly newerAgrees?: boolean
}

/** Where we refuse what llhttp takes. */
const STRICTER: readonly Difference[] = [
  {
    fault: /^it does not begin with HTTP/,
    reason: 'llhttp takes HTTP/0.9, HTTP/2.0 and line breaks before the answer',
    example: 'HTTP/2.0 200 OK\r\n\r\n',
  },
  {
    fault: /^a control character is in the status line$/,
    reason: 'no such character may be in the phrase (RFC 9112, 4)',
    example: 'HTTP/1.1 200 O\0K\r\n\r\n',
  },
  {
    fault: /^the status line does not end in CRLF$/,
    reason: 'llhttp of Node 20 takes two carriage returns there',
    newerAgrees: true,
    example: 'HTTP/1.1 200 OK\r\rA: b\r\n\r\n',
  },
  {
    fault: /^its status is/,
    reason: 'the classes of statuses end at 5 (RFC 9110, 15)',
    example: 'HTTP/1.1 900 OK\r\n\r\n',
  },
  {
    fault: /^an interim answer announces a body$/,
    reason: 'it has none, whatever it announces (RFC 9110, 15.2): some would wait for one',
    example: `HTTP/1.1 103 x\r\nContent-Length: 1\r\n\r\n${OK}\r\n`,
  },
  {
    fault: /^Transfer-Encoding is not chunked$/,
    reason: 'llhttp reads other codings until the connection ends, undecoded',
    example: `${OK}Transfer-Encoding: gzip\r\n\r\n`,
  },
  {
    fault: /^Transfer-Encoding is given twice$/,
    reason: 'two lines make one list (RFC 9110, 5.3), and that is not "chunked"',
    example: `${OK}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n`,
  },
  {
    fault: /^it has Content-Length and Transfer-Encoding$/,
    reason: 'llhttp of Node 20 refuses both together, but not when the coding is empty',
    newerAgrees: true,
    example: `${OK}Transfer-Encoding:\r\nContent-Length: 1\r\n\r\n`,
  },
  {
    fault: /^it has Transfer-Encoding in HTTP\/1\.0$/,
    reason: 'its framing counts as broken (RFC 9112, 6.1)',
    example: 'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n',
  },
  {
    fault: /^Content-Length is not a number$/,
    reason: 'llhttp counts to 2^64; our numbers are exact to 2^53',
    example: `${OK}Content-Length: 9007199254740992\r\n\r\n`,
  },
  {
    fault: /^there are too many lines$/,
    reason: 'llhttp leaves limits to who uses it',
    example: `${OK}${'A: b\r\n'.repeat(201)}\r\n`,
  },
]

/** The same for chunked bodies: what follows the head of an answer to GET. */
const STRICTER_IN_CHUNKS: readonly Difference[] = [
  {
    fault: /^a chunk size is not a number$/,
    reason:
      'llhttp takes any number of zeros before the size, and extensions without name or value',
    example: '1;a=\r\na\r\n0\r\n\r\n',
  },
  {
    fault: /^the line of a chunk size is too long$/,
    reason: 'llhttp leaves limits to who uses it',
    example: `1;${'a'.repeat(5000)}\r\na\r\n0\r\n\r\n`,
  },
  {
    fault: /^framing is in the trailers$/,
    reason: 'llhttp refuses Content-Length there, but not Transfer-Encoding',
    example: '0\r\nTransfer-Encoding: chunked\r\n\r\n',
  },
]

/** One of these characters. */
const charOf = (chars: string) => fc.nat({ max: chars.length - 1 }).map((at) => chars.charAt(at))

const token = fc
  .array(charOf('abcXYZ019-_.!~'), { minLength: 1, maxLength: 8 })
  .map((chars) => chars.join(''))
const valueText = fc
  .array(charOf('abc XYZ019-_;,="/\t\xe9\xff'), { maxLength: 16 })
  .map((chars) => chars.join('').replace(/^[\t ]+|[\t ]+$/g, ''))
const blank = fc.constantFrom('', ' ', '  ', '\t')

const knownLine = fc.constantFrom(
  'Date: Thu, 01 Jan 1970 00:00:00 GMT',
  'Connection: keep-alive',
  'Connection: close',
  'connection: X-Hop, Keep-Alive',
  'X-Hop: 1',
  'Keep-Alive: timeout=5',
  'Trailer: X-Sum',
  'Set-Cookie: a=1; Path=/',
  'Content-Type: text/plain',
)
const anyLine = fc
  .tuple(token, blank, valueText, blank)
  .map(([name, before, value, after]) => `X-${name}:${before}${value}${after}`)
const lines = fc.array(fc.oneof(knownLine, anyLine), { maxLength: 6 })

const data = fc
  .array(charOf('abcdef0123456789\r\n\0\xff'), { maxLength: 40 })
  .map((chars) => chars.join(''))

const extension = fc.constantFrom('', '', '', ';a', ';a=b', ';a="b c";d', ';sig="\\""')
const chunkedBody = fc
  .tuple(
    fc.array(fc.tuple(data, extension), { maxLength: 4 }),
    fc.constantFrom('', 'X-Sum: 1\r\n', 'A: b\r\nC:\r\n'),
  )
  .map(([chunks, trailers]) => {
    const parts = chunks
      .filter(([text]) => text !== '')
      .map(([text, ext]) => `${text.length.toString(16)}${ext}\r\n${text}\r\n`)
    return `${parts.join('')}0\r\n${trailers}\r\n`
  })

/** A framing line and the body that it announces. */
const framed = fc.oneof(
  data.map((text) => [`Content-Length: ${text.length}`, text] as const),
  chunkedBody.map((text) => ['Transfer-Encoding: chunked', text] as const),
  data.map((text) => ['X-Until: close', text] as const),
)

const interim = fc.constantFrom(
  '',
  '',
  '',
  'HTTP/1.1 100 Continue\r\n\r\n',
  'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n',
)
const statusLine = fc.constantFrom(
  'HTTP/1.1 200 OK',
  'HTTP/1.1 404 Not Found',
  'HTTP/1.1 500 ',
  'HTTP/1.1 304 Not Modified',
  'HTTP/1.1 204 No Content',
  'HTTP/1.0 200 OK',
)

const answer = fc
  .tuple(interim, statusLine, lines, framed, fc.nat({ max: 6 }))
  .filter(([, status, , [framing]]) => !(status.includes('/1.0') && framing.includes('chunked')))
  .map(([before, status, fields, [framing, body], place]) => {
    const all = [...fields.slice(0, place), framing, ...fields.slice(place)]
    const hasBody = !status.includes('204') && !status.includes('304')
    return `${before}${status}\r\n${all.join('\r\n')}\r\n\r\n${hasBody ? body : ''}`
  })

const mangled = fc.tuple(answer, fc.nat()).map(([text, seed]) => mutate(new Random(seed), text))

/** What is left of the header lines for a client; written apart from the parser that it checks. */
function endToEnd(headers: readonly (readonly [string, string])[]): [string, string][] {
  const dropped = new Set(
    'connection keep-alive proxy-connection upgrade trailer date content-length transfer-encoding'.split(
      ' ',
    ),
  )
  for (const [name, value] of headers) {
    if (name.toLowerCase() !== 'connection') continue
    for (const option of value.split(',')) {
      const listed = option.replace(/^[\t ]+|[\t ]+$/g, '').toLowerCase()
      if (listed !== 'close') dropped.add(listed)
    }
  }
  return headers
    .filter(([name]) => !dropped.has(name.toLowerCase()))
    .map(([name, value]) => [name, value])
}

function fieldPairs(fields: string): [string, string][] {
  return fields
    .split('\r\n')
    .slice(0, -1)
    .map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon), line.slice(colon + 1).replace(/^[\t ]+|[\t ]+$/g, '')]
    })
}

/** @returns 'same', or the fault that only we have found */
function compare(text: string, isHead: boolean): string {
  const ours = parse(text, [], isHead)
  const theirs = parseWithLlhttp(Buffer.from(text, 'latin1'), isHead)
  if (typeof theirs === 'string') {
    assert.ok(typeof ours === 'string', `llhttp refuses (${theirs}) what we take`)
    return 'same'
  }
  if (typeof ours === 'string') return ours
  assert.equal(ours.status, theirs.status)
  assert.deepEqual(fieldPairs(ours.fields), endToEnd(theirs.headers))
  assert.equal(ours.body, theirs.body)
  return 'same'
}

describe('the parser beside llhttp', () => {
  it('reads every valid answer as llhttp does', () => {
    fc.assert(
      fc.property(answer, fc.boolean(), (text, isHead) => {
        assert.equal(compare(text, isHead), 'same')
      }),
      { seed: SEED, numRuns: 3000 },
    )
  })

  it('refuses whatever llhttp refuses, and more only for known reasons', () => {
    fc.assert(
      fc.property(mangled, fc.boolean(), (text, isHead) => {
        const result = compare(text, isHead)
        if (result === 'same') return
        assert.ok(
          [...STRICTER, ...STRICTER_IN_CHUNKS].some(({ fault }) => fault.test(result)),
          `only we refuse it: ${result}`,
        )
      }),
      { seed: SEED, numRuns: 6000 },
    )
  })

  const major = Number(process.versions.node.split('.', 1)[0])
  for (const { fault, reason, example, newerAgrees } of STRICTER) {
    it(`is stricter: ${reason}`, () => {
      if (newerAgrees === true && major > 20) assert.equal(compare(example, true), 'same')
      else assert.match(compare(example, true), fault)
    })
  }
  for (const { fault, reason, example } of STRICTER_IN_CHUNKS) {
    it(`is stricter: ${reason}`, () => assert.match(compare(CHUNKS + example, false), fault))
  }

  it('says the same wherever the reads are cut', () => {
    fc.assert(
      fc.property(fc.oneof(answer, mangled), fc.boolean(), (text, isHead) => {
        const whole = parse(text, [], isHead)
        assert.deepEqual(parse(text, everyByte(text), isHead), whole)
        for (let cut = 1; cut < text.length; cut++) {
          assert.deepEqual(parse(text, [cut], isHead), whole, `cut at ${cut}`)
        }
      }),
      { seed: SEED, numRuns: 600 },
    )
  })
})
