// Connection (RFC 9110, 7.6.1): what it names does not go on; what frames a message or names its host is not for it.
import { A, chunk, get, gotGet, gotNext, gotPost, LAST, NEXT, post, SMUGGLED } from '../bytes.js'
import type { Case, CaseClass } from '../case.js'
import { served, thenClosed, type Reached } from '../outcome.js'

const CHUNKS = chunk('abc') + LAST

function named(what: string, lines: readonly string[], fields: Reached['fields']): Case {
  return [what, [get(A, ...lines), NEXT], served(gotGet(A, fields), gotNext)]
}

function closes(what: string, ...lines: readonly string[]): Case {
  return [what, get(A, ...lines) + SMUGGLED, thenClosed(served(gotGet()))]
}

export const connectionField: CaseClass = {
  name: 'Connection',
  cases: [
    [
      'names Content-Length',
      [post('Connection: Content-Length', 'Content-Length: 3') + `abc`, NEXT],
      served(gotPost('abc', A, { 'content-length': ['3'] }), gotNext),
    ],
    [
      'names Content-Length, which holds a request',
      [post('Connection: content-length', `Content-Length: ${SMUGGLED.length}`) + SMUGGLED, NEXT],
      served(gotPost(SMUGGLED), gotNext),
    ],
    [
      'names Content-Length of 0',
      [post('Connection: Content-Length', 'Content-Length: 0'), NEXT],
      served(gotPost(''), gotNext),
    ],
    [
      'names Transfer-Encoding',
      [post('Connection: Transfer-Encoding', 'Transfer-Encoding: chunked') + CHUNKS, NEXT],
      served(gotPost('abc', A, { 'transfer-encoding': [], 'content-length': ['3'] }), gotNext),
      'closing',
    ],
    [
      'names both',
      [
        post('Connection: Content-Length, Transfer-Encoding', 'Transfer-Encoding: chunked') +
          CHUNKS,
        NEXT,
      ],
      served(gotPost('abc'), gotNext),
      'closing',
    ],
    [
      'names Connection',
      [get(A, 'Connection: Connection'), NEXT],
      served(gotGet(A, { connection: ['keep-alive'] }), gotNext),
    ],
    named('names Host', ['Connection: Host'], { 'x-forwarded-host': ['a'] }),
    named('names a field', ['Connection: X-A', 'X-A: 1', 'X-B: 2'], { 'x-a': [], 'x-b': ['2'] }),
    named(
      'names fields over several lines',
      ['Connection: X-A', 'Connection: X-B', 'X-A: 1', 'X-B: 2'],
      { 'x-a': [], 'x-b': [] },
    ),
    named('names fields around empty elements', ['Connection: ,X-A,,X-B,', 'X-A: 1', 'X-B: 2'], {
      'x-a': [],
      'x-b': [],
    }),
    named(
      'names a field that the gateway sets',
      ['Connection: X-Forwarded-For, X-Real-IP', 'X-Real-IP: 9.9.9.9'],
      { 'x-real-ip': ['127.0.0.1'], 'x-forwarded-for': ['127.0.0.1'] },
    ),
    named(
      'names Cookie and Authorization',
      ['Connection: Cookie, Authorization', 'Cookie: a=b', 'Authorization: x'],
      { cookie: [], authorization: [] },
    ),
    named('is empty', ['Connection:'], { connection: ['keep-alive'] }),
    named('is quoted', ['Connection: "close"'], { connection: ['keep-alive'] }),
    named('says keep-alive', ['Connection: keep-alive', 'Keep-Alive: timeout=1, max=1'], {
      'keep-alive': [],
      connection: ['keep-alive'],
    }),
    named('is Proxy-Connection', ['Proxy-Connection: close'], { 'proxy-connection': [] }),
    closes('says close', 'Connection: close'),
    closes('says close in capitals', 'CONNECTION: CLOSE'),
    closes('says close in a list', 'Connection: x, close'),
    closes('says close behind empty elements', 'Connection: , ,close'),
    closes('says close in a second line', 'Connection: x', 'Connection: close'),
    closes('says close and keep-alive', 'Connection: close, keep-alive'),
    closes('says keep-alive and close', 'Connection: keep-alive', 'Connection: close'),
    [
      'says close behind a body',
      post('Connection: close', 'Content-Length: 3') + `abc${SMUGGLED}`,
      thenClosed(served(gotPost('abc'))),
    ],
    [
      'says close behind chunks',
      post('Connection: close', 'Transfer-Encoding: chunked') + CHUNKS + SMUGGLED,
      thenClosed(served(gotPost('abc'))),
    ],
  ],
}
