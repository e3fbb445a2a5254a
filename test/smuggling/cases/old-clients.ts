// HTTP/1.0 (RFC 9112, 6.1 and 9.3; RFC 9110, 10.1.1): no chunks, no `100 Continue`, kept only when asked for.
import { A, chunk, gotGet, gotNext, gotPost, head, LAST, NEXT, SMUGGLED } from '../bytes.js'
import type { CaseClass } from '../case.js'
import { refused, served, thenClosed } from '../outcome.js'

const GET = `GET ${A} HTTP/1.0`
const POST = `POST ${A} HTTP/1.0`
const BODY = chunk('abc') + LAST

export const oldClients: CaseClass = {
  name: 'HTTP/1.0',
  cases: [
    ['no Host', head(GET) + SMUGGLED, thenClosed(served(gotGet())), 'unsupported'],
    [
      'a request behind it',
      head(GET, 'Host: a') + SMUGGLED,
      thenClosed(served(gotGet())),
      'unsupported',
    ],
    [
      'kept',
      [head(GET, 'Host: a', 'Connection: keep-alive'), NEXT],
      served(gotGet(), gotNext),
      'unsupported',
    ],
    [
      'kept, in capitals and a list',
      [head(GET, 'Host: a', 'Connection: x, KEEP-ALIVE'), NEXT],
      served(gotGet(), gotNext),
      'unsupported',
    ],
    [
      'kept and closed at once',
      head(GET, 'Host: a', 'Connection: keep-alive, close') + SMUGGLED,
      thenClosed(served(gotGet())),
      'unsupported',
    ],
    [
      'kept and closed in two lines',
      head(GET, 'Host: a', 'Connection: close', 'Connection: keep-alive') + SMUGGLED,
      thenClosed(served(gotGet())),
      'unsupported',
    ],
    [
      'Keep-Alive without Connection',
      head(GET, 'Host: a', 'Keep-Alive: timeout=5') + SMUGGLED,
      thenClosed(served(gotGet())),
      'unsupported',
    ],
    [
      'Proxy-Connection',
      head(GET, 'Host: a', 'Proxy-Connection: keep-alive') + SMUGGLED,
      thenClosed(served(gotGet())),
      'unsupported',
    ],
    [
      'a length',
      head(POST, 'Host: a', 'Content-Length: 3') + `abc${SMUGGLED}`,
      thenClosed(served(gotPost('abc'))),
      'unsupported',
    ],
    [
      'a length, kept',
      [head(POST, 'Host: a', 'Content-Length: 3', 'Connection: keep-alive') + `abc`, NEXT],
      served(gotPost('abc'), gotNext),
      'unsupported',
    ],
    [
      'a body without a length',
      head(POST, 'Host: a') + `abc${SMUGGLED}`,
      thenClosed(served(gotPost(''))),
      'unsupported',
    ],
    [
      'no length, kept',
      [head(POST, 'Host: a', 'Connection: keep-alive'), NEXT],
      served(gotPost(''), gotNext),
      'unsupported',
    ],
    [
      'chunks',
      head(POST, 'Host: a', 'Transfer-Encoding: chunked') + BODY + SMUGGLED,
      refused(),
      'unsupported',
    ],
    [
      'chunks, kept',
      head(POST, 'Host: a', 'Connection: keep-alive', 'Transfer-Encoding: chunked') +
        BODY +
        SMUGGLED,
      refused(),
      'unsupported',
    ],
    [
      'chunks and a length',
      head(POST, 'Host: a', 'Content-Length: 3', 'Transfer-Encoding: chunked') + BODY + SMUGGLED,
      refused(),
      'unsupported',
    ],
    [
      '`identity`',
      head(POST, 'Host: a', 'Transfer-Encoding: identity', 'Content-Length: 3') + `abc${SMUGGLED}`,
      refused(),
      'unsupported',
    ],
    [
      'two lengths',
      head(POST, 'Host: a', 'Content-Length: 0', 'Content-Length: 3') + `abc${SMUGGLED}`,
      refused(),
      'unsupported',
    ],
    ['two Hosts', head(GET, 'Host: a', 'Host: b') + SMUGGLED, refused(), 'unsupported'],
    ['a Host that is none', head(GET, 'Host: a b') + SMUGGLED, refused(), 'unsupported'],
    [
      'an absolute target without a Host',
      head(`GET http://b.test${A} HTTP/1.0`) + SMUGGLED,
      thenClosed(served(gotGet(A, { 'x-forwarded-host': ['b.test'] }))),
      'unsupported',
    ],
    [
      'Expect',
      head(POST, 'Host: a', 'Expect: 100-continue', 'Content-Length: 3') + `abc${SMUGGLED}`,
      thenClosed(served(gotPost('abc', A, { expect: [] }))),
      'unsupported',
    ],
    [
      'Upgrade',
      head(GET, 'Host: a', 'Connection: upgrade', 'Upgrade: h2c') + SMUGGLED,
      thenClosed(served(gotGet(A, { upgrade: [] }))),
      'unsupported',
    ],
    [
      'behind HTTP/1.1',
      NEXT + head(GET, 'Host: a') + SMUGGLED,
      thenClosed(served(gotNext, gotGet())),
      'unsupported',
    ],
  ],
}
