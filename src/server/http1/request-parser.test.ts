import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { RequestParser } from './request-parser.js'

const LIMITS = {
  lineBytes: 100,
  lineBuffers: 4,
  headerLines: 20,
  maxBodyBytes: 0,
  ignoresInvalidHeaders: true,
  takesUnderscores: true,
}

/** A parser that has got those bytes, in one piece or one by one, and the body it has found. */
function parse(text: string, isCut = false): { parser: RequestParser; body: string } {
  const parser = new RequestParser(LIMITS)
  parser.begin()
  const bytes = Buffer.from(text, 'latin1')
  let body = ''
  for (let at = 0; at < bytes.length && !parser.isComplete && parser.fault === null;) {
    const piece = Buffer.from(isCut ? bytes.subarray(at, at + 1) : bytes)
    parser.execute(piece, 0, piece.length)
    body += piece.toString('latin1', parser.bodyStart, parser.bodyEnd)
    at += piece.length
  }
  return { parser, body }
}

function head(line: string, ...fields: readonly string[]): string {
  return `${[line, 'Host: a', ...fields].join('\r\n')}\r\n\r\n`
}

const GET = head('GET / HTTP/1.1')
const CHUNKED = head('POST / HTTP/1.1', 'Transfer-Encoding: chunked')

describe('RequestParser', () => {
  for (const isCut of [false, true]) {
    const way = isCut ? 'byte by byte' : 'in one piece'

    it(`reads line, fields and body of known length ${way}`, () => {
      const { parser, body } = parse(
        `${head('POST /p?q HTTP/1.1', 'Content-Length: 3', 'X-A:\t b \t')}abc`,
        isCut,
      )
      assert.equal(parser.method, 'POST')
      assert.equal(parser.target, '/p?q')
      assert.equal(parser.httpVersion, '1.1')
      assert.equal(parser.host, 'a')
      assert.deepEqual(
        [...parser.headers.entries()],
        [
          ['host', 'a'],
          ['content-length', '3'],
          ['x-a', 'b'],
        ],
      )
      assert.equal(parser.bodyLength, 3)
      assert.equal(body, 'abc')
      assert.ok(parser.isComplete && parser.keepsAlive)
    })

    it(`reads chunks, extensions and trailers ${way}`, () => {
      const chunks = '3;a=b;c="d;e"\r\nabc\r\n2\r\nde\r\n0\r\nX-T: 1\r\n\r\n'
      const { parser, body } = parse(CHUNKED + chunks, isCut)
      assert.ok(parser.isComplete)
      assert.equal(parser.bodyLength, -1)
      assert.equal(body, 'abcde')
    })
  }

  it('says where the next request begins', () => {
    const { parser } = parse(`${head('POST / HTTP/1.1', 'Content-Length: 3')}abc${GET}`)
    assert.equal(parser.consumed, head('POST / HTTP/1.1', 'Content-Length: 3').length + 3)
  })

  it('is there for one request after the other', () => {
    const parser = new RequestParser(LIMITS)
    for (const line of ['GET /1 HTTP/1.1', 'get /2 HTTP/1.1', 'GET /3 HTTP/1.0']) {
      parser.begin()
      assert.ok(parser.isFresh)
      const bytes = Buffer.from(head(line))
      parser.execute(bytes, 0, bytes.length)
    }
    assert.equal(parser.target, '/3')
    assert.equal(parser.fault, null)
    assert.equal(parser.httpVersion, '1.0')
  })

  it('tells which connections go on', () => {
    for (const [line, field, keeps] of [
      ['GET / HTTP/1.1', 'X-A: b', true],
      ['GET / HTTP/1.1', 'Connection: x, Close', false],
      ['GET / HTTP/1.0', 'X-A: b', false],
      ['GET / HTTP/1.0', 'Connection: Keep-Alive', true],
      ['GET / HTTP/1.0', 'Connection: keep-alive, close', false],
      ['GET / HTTP/1.2', 'X-A: b', true],
    ] as const) {
      assert.equal(parse(head(line, field)).parser.keepsAlive, keeps, `${line} ${field}`)
    }
  })

  it('tells who waits for 100 Continue: with a body or without, but nobody in HTTP/1.0', () => {
    const expects = (line: string, ...fields: string[]): boolean =>
      parse(head(line, 'Expect: 100-Continue', ...fields)).parser.expectsContinue
    assert.equal(expects('POST / HTTP/1.1', 'Content-Length: 1'), true)
    assert.equal(expects('POST / HTTP/1.1', 'Transfer-Encoding: chunked'), true)
    assert.equal(expects('POST / HTTP/1.0', 'Content-Length: 1'), false)
    assert.equal(expects('GET / HTTP/1.1'), true)
  })

  it('decodes text beyond ASCII when all of it is UTF-8, and else leaves bytes', () => {
    const utf8 = parse(head('GET /\xc3\xa9 HTTP/1.1', 'X-A: \xc3\xa9')).parser
    assert.equal(utf8.target, '/\u00e9')
    assert.equal(utf8.headers.get('x-a'), '\u00e9')
    assert.equal(utf8.encoding, 'utf8')
    const bytes = parse(head('GET /\xc3\xa9?\xc3 HTTP/1.1', 'X-A: \xe9')).parser
    assert.equal(bytes.target, '/%C3%A9?\xc3')
    assert.equal(bytes.headers.get('x-a'), '\xe9')
    assert.equal(bytes.encoding, 'latin1')
  })

  it('keeps the fields before a fault, so that the answer can be what Accept says', () => {
    const { parser } = parse(head('GET / HTTP/1.1', 'Accept: text/html', 'X-A: b', 'X A: b'))
    assert.equal(parser.fault, 'BAD_REQUEST')
    assert.equal(parser.headers.get('accept'), 'text/html')
  })

  it('hears that a client asks for a WebSocket', () => {
    for (const fields of [
      ['Connection: Upgrade', 'Upgrade: websocket'],
      ['upgrade: WebSocket', 'connection: keep-alive, UPGRADE'],
      ['Connection: keep-alive', 'Connection: upgrade', 'Upgrade:\t websocket '],
      ['Connection: upgrade', 'Upgrade: websocket', 'Content-Length: 0'],
    ]) {
      for (const isCut of [false, true]) {
        const { parser } = parse(head('GET / HTTP/1.1', ...fields), isCut)
        assert.ok(parser.wantsTunnel, fields.join('; '))
      }
    }
  })

  const asking = ['Connection: upgrade', 'Upgrade: websocket']
  const plain: Readonly<Record<string, string>> = {
    'without Connection': head('GET / HTTP/1.1', 'Upgrade: websocket'),
    'with a Connection that does not list it': head(
      ...['GET / HTTP/1.1', 'Connection: upgraded', 'Upgrade: websocket'],
    ),
    'for another protocol': head('GET / HTTP/1.1', 'Connection: upgrade', 'Upgrade: h2c'),
    'for one of two': head('GET / HTTP/1.1', 'Connection: upgrade', 'Upgrade: h2c, websocket'),
    'for two in two lines': head('GET / HTTP/1.1', ...asking, 'Upgrade: h2c'),
    'twice, once without a value': head('GET / HTTP/1.1', ...asking, 'Upgrade:'),
    'by POST': head('POST / HTTP/1.1', ...asking),
    'in HTTP/1.0': head('GET / HTTP/1.0', ...asking),
    'with a body': head('GET / HTTP/1.1', ...asking, 'Content-Length: 1'),
    'with chunks': head('GET / HTTP/1.1', ...asking, 'Transfer-Encoding: chunked'),
    'with a fault': head('GET / HTTP/1.1', ...asking, 'Content-Length: x'),
    'with two hosts': head('GET / HTTP/1.1', ...asking, 'Host: b'),
  }
  for (const [what, text] of Object.entries(plain)) {
    it(`takes no part in an upgrade ${what}`, () => {
      assert.equal(parse(text).parser.wantsTunnel, false)
      assert.equal(parse(text, true).parser.wantsTunnel, false)
    })
  }

  it('forgets of one request what the one before has asked for', () => {
    const { parser } = parse(head('GET / HTTP/1.1', ...asking))
    parser.begin()
    const next = Buffer.from(head('GET / HTTP/1.1', 'Connection: upgrade'))
    parser.execute(next, 0, next.length)
    assert.ok(parser.isComplete)
    assert.equal(parser.wantsTunnel, false)
  })

  const faults: Record<string, readonly string[]> = {
    BAD_REQUEST: [
      'GET / HTTP/1.1\r\n\r\n',
      'GET / HTTP/1.1\nHost: a\n\n',
      'GET / HTTP/1.1\r\nHost: a\nX-A: b\r\n\r\n',
      'GET / HTTP/1.1\r\nHost: a\r\n\n',
      'GET / HTTP/1.1\r\n Host: a\r\n\r\n',
      '\rGET / HTTP/1.1\r\nHost: a\r\n\r\n',
      '\nGET / HTTP/1.1\r\nHost: a\r\n\r\n',
      head('get / HTTP/1.1'),
      head('GET  / HTTP/1.1'),
      head('GET / HTTP/1.1 '),
      head('GET / http/1.1'),
      head('GET / HTTP/1.10'),
      head('GET / HTTP/0.9'),
      head('GET /'),
      head('GET /a#b HTTP/1.1'),
      head('GET a HTTP/1.1'),
      head('GET * HTTP/1.1'),
      head('OPTIONS * HTTP/1.1'),
      head('GET ftp://a/ HTTP/1.1'),
      head('GET http:/// HTTP/1.1'),
      head('GET http://u@a/ HTTP/1.1'),
      head('CONNECT a:443 HTTP/1.1'),
      head('GET / HTTP/1.1', 'Host: a'),
      head('GET / HTTP/1.1', 'Authorization: a', 'X-A: b', 'authorization: a'),
      head('GET / HTTP/1.1', 'X-A : b'),
      head('GET / HTTP/1.1', ': b'),
      head('GET / HTTP/1.1', 'X-A'),
      head('GET / HTTP/1.1', 'X-A: b\0'),
      head('GET / HTTP/1.1', 'X-A: b', ' c'),
      head('POST / HTTP/1.1', 'Content-Length: 1, 1'),
      head('POST / HTTP/1.1', 'Content-Length: 1', 'Content-Length: 1'),
      head('POST / HTTP/1.1', 'Content-Length:'),
      head('POST / HTTP/1.1', 'Content-Length: +1'),
      head('POST / HTTP/1.1', 'Content-Length: 1\t'),
      head('POST / HTTP/1.1', 'Transfer-Encoding: chunked\t'),
      head('POST / HTTP/1.1', 'Transfer-Encoding: gzip, chunked'),
      head('POST / HTTP/1.1', 'Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'),
      head('POST / HTTP/1.1', 'Transfer-Encoding: chunked', 'Content-Length: 1'),
      head('POST / HTTP/1.0', 'Transfer-Encoding: chunked'),
      `${CHUNKED}3\nabc\r\n`,
      `${CHUNKED}3 \r\nabc\r\n`,
      `${CHUNKED}3\r\nabcd`,
      `${CHUNKED}0\r\nContent-Length: 5\r\n\r\n`,
    ],
    METHOD_NOT_ALLOWED: [head('TRACE / HTTP/1.1'), head('CONNECT / HTTP/1.1')],
    VERSION_NOT_SUPPORTED: [head('GET / HTTP/2.0'), 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    URI_TOO_LONG: [head(`GET /${'a'.repeat(100)} HTTP/1.1`), `GET /${'a'.repeat(100)}`],
    HEADERS_TOO_LARGE: [
      head('GET / HTTP/1.1', `X-A: ${'b'.repeat(100)}`),
      head('GET / HTTP/1.1', ...Array<string>(20).fill('X-A: b')),
      head('GET / HTTP/1.1', ...Array<string>(5).fill(`X-A: ${'b'.repeat(80)}`)),
    ],
  }
  for (const [fault, texts] of Object.entries(faults)) {
    for (const text of texts) {
      it(`answers ${fault} to ${JSON.stringify(text.slice(0, 80))}, however it is cut`, () => {
        const whole = parse(text).parser
        const cut = parse(text, true).parser
        assert.equal(whole.fault, fault, whole.reason)
        assert.equal(cut.fault, fault, cut.reason)
        assert.equal(cut.reason, whole.reason)
        assert.equal(whole.bodyLength, 0)
        assert.equal(whole.keepsAlive, false)
      })
    }
  }
})
