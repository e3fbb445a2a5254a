// The parser of answers: what it makes of good and bad ones, cut anywhere.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { everyByte, parse, type Outcome } from '../../test/support/parse-answer.js'
import { ResponseParser } from './response-parser.js'

function accept(text: string, isHead = false): Outcome {
  const outcome = parse(text, [], isHead)
  if (typeof outcome === 'string') assert.fail(`${JSON.stringify(text)}: ${outcome}`)
  for (let cut = 1; cut < text.length; cut++) {
    assert.deepEqual(parse(text, [cut], isHead), outcome, `cut at ${cut}`)
  }
  assert.deepEqual(parse(text, everyByte(text), isHead), outcome, 'cut at every byte')
  return outcome
}

function refuse(text: string): string {
  const fault = parse(text)
  assert.ok(typeof fault === 'string', `${JSON.stringify(text)} was accepted`)
  for (let cut = 1; cut < text.length; cut++) {
    assert.equal(parse(text, [cut]), fault, `cut at ${cut}`)
  }
  assert.equal(parse(text, everyByte(text)), fault, 'cut at every byte')
  return fault
}

const OK = 'HTTP/1.1 200 OK\r\n'

describe('the head of an answer', () => {
  it('passes end-to-end lines on as they came, byte for byte', () => {
    const lines =
      'Server:  odd \r\nX-Empty:\r\nSET-cookie: a=\xe9;b\r\nset-cookie: c\tq\r\nVia: 1.1 x\r\n'
    assert.equal(accept(`${OK}${lines}Content-Length: 0\r\n\r\n`).fields, lines)
  })

  it('drops framing, hop-by-hop fields and Date, and keeps what stands between them', () => {
    const { fields } = accept(
      `${OK}Date: x\r\nA: 1\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\nB: 2\r\nC: 3\r\n` +
        'Proxy-Connection: x\r\nupgrade: h2c\r\nD: 4\r\nTRAILER: X\r\nContent-Length: 0\r\n' +
        'Proxy-Authenticate: Basic\r\n\r\n',
    )
    assert.equal(fields, 'A: 1\r\nB: 2\r\nC: 3\r\nD: 4\r\nProxy-Authenticate: Basic\r\n')
  })

  it('drops orders to nginx, and nothing that only resembles them', () => {
    const { fields } = accept(
      `${OK}X-Accel-Redirect: /x\r\nx-accel-BUFFERING: no\r\nX-Accel-Expires: 1\r\nA: 1\r\n` +
        'X-Accel-Limit-Rate: 1\r\nX-Accel-Charset: latin1\r\nX-Pad: x\r\nX-Accel-Mapping: /a\r\n' +
        'X-Accelerated: 1\r\nX-Pads: 1\r\n\r\n',
    )
    assert.equal(fields, 'A: 1\r\nX-Accel-Mapping: /a\r\nX-Accelerated: 1\r\nX-Pads: 1\r\n')
  })

  it('drops the fields that Connection lists, on any of its lines', () => {
    const { fields, isReusable } = accept(
      `${OK}X-Hop: 1\r\nConnection: x-HOP , close\r\nY: 2\r\nconnection: Other,,\r\nother: 3\r\n` +
        'Content-Length: 0\r\n\r\n',
    )
    assert.equal(fields, 'Y: 2\r\n')
    assert.equal(isReusable, false)
  })

  it('takes an answer without any header line', () => {
    assert.equal(accept(`${OK}\r\nx`).fields, '')
  })

  it('skips interim answers', () => {
    const interim = 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'
    const { status, fields } = accept(`${interim}${OK}A: b\r\nContent-Length: 0\r\n\r\n`)
    assert.deepEqual([status, fields], [200, 'A: b\r\n'])
  })

  for (const line of [
    'HTTP/1.1 200 OK',
    'HTTP/1.0 200 ',
    'HTTP/1.1 200',
    'HTTP/1.1 200 \xe9\t x',
  ]) {
    it(`takes the status line ${JSON.stringify(line)}`, () => {
      assert.equal(accept(`${line}\r\nContent-Length: 0\r\n\r\n`).status, 200)
    })
  }

  for (const status of [200, 201, 299, 418, 599]) {
    it(`takes the status ${status}`, () => {
      assert.equal(accept(`HTTP/1.1 ${status} x\r\nContent-Length: 0\r\n\r\n`).status, status)
    })
  }

  for (const [what, text] of Object.entries({
    'another version': 'HTTP/2.0 200 OK\r\n\r\n',
    'HTTP/1.2': 'HTTP/1.2 200 OK\r\n\r\n',
    'another protocol': 'SSH-2.0-OpenSSH_9\r\n',
    'lower case': 'http/1.1 200 OK\r\n\r\n',
    'a line break before it': '\r\nHTTP/1.1 200 OK\r\n\r\n',
    'two spaces': 'HTTP/1.1  200 OK\r\n\r\n',
    'a status of two digits': 'HTTP/1.1 20 OK\r\n\r\n',
    'a status of four digits': 'HTTP/1.1 2000 OK\r\n\r\n',
    'the status 600': 'HTTP/1.1 600 x\r\n\r\n',
    'the status 099': 'HTTP/1.1 099 x\r\n\r\n',
    'a protocol switch': 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n',
    'an interim answer with a body': `HTTP/1.1 100 x\r\nContent-Length: 3\r\n\r\nabc${OK}\r\n`,
    'an interim answer that closes': `HTTP/1.1 100 x\r\nConnection: close\r\n\r\n${OK}\r\n`,
    'an interim answer of HTTP/1.0': `HTTP/1.0 100 x\r\n\r\n${OK}\r\n`,
    'a bare line feed behind the status': 'HTTP/1.1 200 OK\nA: b\r\n\r\n',
    'a bare carriage return in the reason': 'HTTP/1.1 200 O\rK\r\n\r\n',
    'a NUL in the reason': 'HTTP/1.1 200 O\0K\r\n\r\n',
    'a bare line feed': `${OK}A: b\nC: d\r\n\r\n`,
    'a bare carriage return': `${OK}A: b\rC: d\r\n\r\n`,
    'a NUL': `${OK}A: b\0\r\n\r\n`,
    'another control character': `${OK}A: b\x7f\r\n\r\n`,
    'a folded line': `${OK}A: b\r\n c\r\n\r\n`,
    'a folded first line': `${OK} A: b\r\n\r\n`,
    'a space before the colon': `${OK}A : b\r\n\r\n`,
    'an empty name': `${OK}: b\r\n\r\n`,
    'a line without a colon': `${OK}A\r\n\r\n`,
    'a name that is no token': `${OK}A(b: c\r\n\r\n`,
    'a name beyond ASCII': `${OK}\xc4: c\r\n\r\n`,
    'a bare line feed at the end': `${OK}A: b\r\n\n`,
  })) {
    it(`refuses ${what}`, () => {
      assert.notEqual(refuse(text), 'incomplete')
    })
  }

  it('refuses more than 200 lines, and takes 200', () => {
    const lines = 'A: b\r\n'.repeat(199)
    assert.equal(accept(`${OK}${lines}Content-Length: 0\r\n\r\n`).status, 200)
    assert.match(refuse(`${OK}${lines}A: b\r\nContent-Length: 0\r\n\r\n`), /too many lines/)
  })

  it('refuses a head of more than 64 KB, and takes one of exactly so much', () => {
    const around = `${OK}Content-Length: 0\r\nA: \r\n\r\n`.length
    const head = (bytes: number) =>
      `${OK}Content-Length: 0\r\nA: ${'x'.repeat(bytes - around)}\r\n\r\n`
    assert.ok(typeof parse(head(65_536)) !== 'string')
    assert.ok(typeof parse(head(65_536), [30_000, 65_535]) !== 'string')
    for (const cuts of [[], [65_535], [65_536], [100, 30_000]]) {
      assert.equal(parse(head(65_537), cuts), 'the head is too large')
    }
  })

  it('counts interim answers against the same limit', () => {
    const interim = 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(3000)
    assert.equal(parse(`${interim}${OK}\r\n`), 'the head is too large')
  })
})

describe('the framing of an answer', () => {
  it('ends the body after Content-Length bytes and leaves what follows', () => {
    const { body, length, rest, isReusable } = accept(`${OK}Content-Length: 3\r\n\r\nabcHTTP/1.1`)
    assert.deepEqual([body, length, rest, isReusable], ['abc', 3, 8, true])
  })

  it('reads until the end of the connection when nothing is announced', () => {
    const { body, length, isReusable } = accept(`${OK}A: b\r\n\r\nabc`)
    assert.deepEqual([body, length, isReusable], ['abc', -1, false])
  })

  it('joins chunks, and drops their extensions and the trailers', () => {
    const { body, length, rest, fields } = accept(
      `${OK}Transfer-Encoding: Chunked\r\nA: b\r\n\r\n3\r\nabc\r\n` +
        '00A;a;b=c;d="e\\";f"\r\n0123456789\r\n0\r\nX-Sum: 1\r\n\r\nrest',
    )
    assert.deepEqual([body, length, rest, fields], ['abc0123456789', -1, 4, 'A: b\r\n'])
  })

  it('takes a chunked body without any chunk', () => {
    assert.equal(accept(`${OK}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`).body, '')
  })

  for (const head of ['Content-Length: 1000', 'Transfer-Encoding: chunked', 'A: b']) {
    it(`expects no body for HEAD with ${head}`, () => {
      const { body, length, isReusable } = accept(`${OK}${head}\r\n\r\n`, true)
      assert.deepEqual([body, length, isReusable], ['', head.includes('1000') ? 1000 : -1, true])
    })
  }

  for (const status of [204, 304]) {
    it(`expects no body with ${status}`, () => {
      const { length, rest } = accept(`HTTP/1.1 ${status} x\r\nContent-Length: 5\r\n\r\n`)
      assert.deepEqual([length, rest], [0, 0])
    })
  }

  it('does not trust a connection whose 204 announced a body', () => {
    for (const line of ['Content-Length: 5', 'Transfer-Encoding: chunked']) {
      assert.equal(accept(`HTTP/1.1 204 x\r\n${line}\r\n\r\n`).isReusable, false)
    }
    assert.equal(accept('HTTP/1.1 204 x\r\nContent-Length: 0\r\n\r\n').isReusable, true)
  })

  for (const [version, connection, isReusable] of [
    ['1.1', 'x', true],
    ['1.1', 'Keep-Alive', true],
    ['1.1', 'close', false],
    ['1.1', 'Close, x', false],
    ['1.0', 'x', false],
    ['1.0', 'Keep-Alive', true],
    ['1.0', 'x, keep-alive', true],
    ['1.0', 'keep-alive, close', false],
  ] as const) {
    it(`${isReusable ? 'keeps' : 'closes'} after HTTP/${version} with Connection: ${connection}`, () => {
      const text = `HTTP/${version} 200 x\r\nConnection: ${connection}\r\nContent-Length: 0\r\n\r\n`
      assert.equal(accept(text).isReusable, isReusable)
    })
  }

  for (const [what, lines] of Object.entries({
    'two lengths': 'Content-Length: 1\r\nContent-Length: 2',
    'the same length twice': 'Content-Length: 1\r\nContent-Length: 1',
    'a list of lengths': 'Content-Length: 1, 1',
    'an empty length': 'Content-Length: ',
    'a sign': 'Content-Length: +1',
    'a negative length': 'Content-Length: -1',
    'a hexadecimal length': 'Content-Length: 0x1',
    'a length with a no-break space': 'Content-Length: 1\xa0',
    'a length with a tab behind it': 'Content-Length: 1\t',
    'a length with a fraction': 'Content-Length: 1.0',
    'a length beyond 2^53': 'Content-Length: 9007199254740992',
    'both framings': 'Content-Length: 1\r\nTransfer-Encoding: chunked',
    'both framings, the other way round': 'Transfer-Encoding: chunked\r\nContent-Length: 1',
    'another coding': 'Transfer-Encoding: gzip',
    'another coding before chunked': 'Transfer-Encoding: gzip, chunked',
    'chunked twice': 'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked',
    'chunked in a list': 'Transfer-Encoding: chunked,',
    'chunked with a vertical tab': 'Transfer-Encoding: \x0bchunked',
    'chunked with a no-break space': 'Transfer-Encoding: \xa0chunked',
    'chunked with a tab behind it': 'Transfer-Encoding: chunked\t',
    'an empty coding': 'Transfer-Encoding:',
  })) {
    it(`refuses ${what}`, () => {
      assert.notEqual(refuse(`${OK}${lines}\r\n\r\n0\r\n\r\n`), 'incomplete')
    })
  }

  it('refuses Transfer-Encoding in HTTP/1.0', () => {
    assert.match(refuse('HTTP/1.0 200 x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'), /1\.0/)
  })

  for (const [what, chunks] of Object.entries({
    'a size with a sign': '+1\r\na\r\n0\r\n\r\n',
    'a size with 0x': '0x1\r\na\r\n0\r\n\r\n',
    'an empty size': '\r\na\r\n0\r\n\r\n',
    'a space behind the size': '1 \r\na\r\n0\r\n\r\n',
    'a space before the size': ' 1\r\na\r\n0\r\n\r\n',
    'a size that ends in a bare line feed': '1\na\r\n0\r\n\r\n',
    'a size with a carriage return inside': '1\r0\r\na\r\n0\r\n\r\n',
    'a size beyond 2^53': '20000000000000\r\na',
    'a size of 17 digits': '00000000000000001\r\na\r\n0\r\n\r\n',
    'a chunk longer than its size': '1\r\nab\r\n0\r\n\r\n',
    'a chunk shorter than its size': '3\r\nab\r\n0\r\n\r\n',
    'data that ends in a bare line feed': '1\r\na\n0\r\n\r\n',
    'a line feed in an extension': '1;a=\n\r\na\r\n0\r\n\r\n',
    'an open quote in an extension': '1;a="b\r\na\r\n0\r\n\r\n',
    'an extension without end': `1;${'a'.repeat(5000)}`,
    'a trailer that is none': '0\r\nA\r\n\r\n',
    'a length in the trailers': '0\r\nA: b\r\nContent-Length: 1\r\n\r\n',
    'a coding in the trailers': '0\r\nTransfer-Encoding: chunked\r\n\r\n',
    'a folded trailer': '0\r\nA: b\r\n c\r\n\r\n',
    'a bare line feed behind the trailers': '0\r\nA: b\r\n\n',
  })) {
    it(`refuses ${what}`, () => {
      assert.notEqual(refuse(`${OK}Transfer-Encoding: chunked\r\n\r\n${chunks}`), 'incomplete')
    })
  }

  for (const [what, text] of Object.entries({
    'before the head ends': `${OK}A: b\r\n`,
    'within Content-Length': `${OK}Content-Length: 3\r\n\r\nab`,
    'within a chunk': `${OK}Transfer-Encoding: chunked\r\n\r\n3\r\nab`,
    'before the last chunk': `${OK}Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n`,
    'within the trailers': `${OK}Transfer-Encoding: chunked\r\n\r\n0\r\nA: b\r\n`,
  })) {
    it(`takes an answer that ends ${what} for incomplete`, () => {
      assert.equal(refuse(text), 'incomplete')
    })
  }
})

describe('the parser', () => {
  it('reads one answer after the other', () => {
    const parser = new ResponseParser()
    for (const body of ['a', 'bc', '']) {
      parser.begin(false)
      const read = Buffer.from(`${OK}Content-Length: ${body.length}\r\nA: ${body}\r\n\r\n${body}`)
      parser.execute(read, read.length)
      assert.equal(parser.fault, '')
      assert.equal(parser.head?.fields, `A: ${body}\r\n`)
      assert.equal(read.toString('latin1', parser.bodyStart, parser.bodyEnd), body)
      assert.ok(parser.isComplete)
    }
  })

  it('tells how long the target keeps an idle connection', () => {
    const secondsOf = (value: string) => {
      const parser = new ResponseParser()
      parser.begin(false)
      const read = Buffer.from(`${OK}Keep-Alive: ${value}\r\nContent-Length: 0\r\n\r\n`)
      parser.execute(read, read.length)
      return parser.keepAliveSeconds
    }
    assert.deepEqual(
      ['timeout=5', 'max=3, Timeout=72', 'max=3', 'timeout=x'].map(secondsOf),
      [5, 72, -1, -1],
    )
  })

  /** What it makes of an answer to a request for a WebSocket, cut after so many bytes. */
  const switched = (text: string, cut: number): string => {
    const parser = new ResponseParser()
    parser.begin(false, true)
    const pieces = [text.slice(0, cut), text.slice(cut)].filter((piece) => piece !== '')
    for (const [i, piece] of pieces.entries()) {
      const read = Buffer.from(piece, 'latin1')
      parser.execute(read, read.length)
      if (parser.fault !== '') return parser.fault
      if (!parser.hasSwitched) continue
      assert.equal(parser.isReusable, false)
      assert.equal(parser.head?.status, 101)
      const behind = [piece.slice(parser.consumed), ...pieces.slice(i + 1)].join('')
      return `${parser.head.fields}|${behind}`
    }
    return 'not switched'
  }
  const SWITCH = 'HTTP/1.1 101 x\r\nConnection: upgrade\r\n'

  it('leaves what comes behind a switch to the protocol that follows', () => {
    // Framing means nothing in a 101 (RFC 9112, 6.3).
    const head = `${SWITCH}Upgrade: WebSocket\r\nA: b\r\nContent-Length: 3\r\nDate: x\r\n\r\n`
    const text = `HTTP/1.1 103 x\r\n\r\n${head}\x81\x02\r\n`
    for (let cut = 0; cut < text.length; cut++) {
      assert.equal(switched(text, cut), 'A: b\r\n|\x81\x02\r\n', `cut at ${cut}`)
    }
  })

  it('refuses a switch to what has not been asked for', () => {
    for (const text of [
      `${SWITCH}\r\n`,
      `${SWITCH}Upgrade: h2c\r\n\r\n`,
      `${SWITCH}Upgrade: websocket, h2c\r\n\r\n`,
      `${SWITCH}Upgrade: websocket\r\nUpgrade: websocket\r\n\r\n`,
      'HTTP/1.0 101 x\r\nUpgrade: websocket\r\n\r\n',
    ]) {
      for (let cut = 0; cut < text.length; cut++) {
        assert.match(switched(text, cut), /switches to another protocol/)
      }
    }
  })

  it('takes no switch for granted because the request before asked for one', () => {
    const parser = new ResponseParser()
    parser.begin(false, true)
    const plain = Buffer.from(`${OK}Content-Length: 0\r\n\r\n`)
    parser.execute(plain, plain.length)
    assert.ok(parser.isComplete && parser.isReusable && !parser.hasSwitched)
    parser.begin(false)
    const read = Buffer.from(`${SWITCH}Upgrade: websocket\r\n\r\n`)
    parser.execute(read, read.length)
    assert.match(parser.fault, /without having been asked/)
  })
})
