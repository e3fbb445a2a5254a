// Upgrades (RFC 9110, 7.8) that the gateway or the target does not take part in, and what is sent as if they did. http1
// offers WebSockets to the target, which goes on with HTTP here: what comes behind is the next request, and nothing else.
import {
  A,
  chunk,
  get,
  gotGet,
  gotNext,
  gotPost,
  LAST,
  NEXT,
  post,
  request,
  SMUGGLED,
} from '../bytes.js'
import type { Case, CaseClass } from '../case.js'
import { refused, served, thenRefused, type Reached } from '../outcome.js'

const H2C = [
  'Connection: Upgrade, HTTP2-Settings',
  'Upgrade: h2c',
  'HTTP2-Settings: AAMAAABkAAQAAP__',
]
const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0'
const WEBSOCKET = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
]
/** The target must not learn of it: it would speak another protocol behind its answer. */
const NONE: Reached['fields'] = { upgrade: [], connection: ['keep-alive'], 'http2-settings': [] }

function ignored(what: string, ...lines: readonly string[]): Case {
  return [what, [get(A, ...lines), NEXT], served(gotGet(A, NONE), gotNext)]
}

export const upgrades: CaseClass = {
  name: 'upgrades',
  cases: [
    ignored('to h2c', ...H2C),
    ignored(
      'to h2c, named by Connection in capitals',
      'CONNECTION: UPGRADE, HTTP2-SETTINGS',
      'UPGRADE: H2C',
      'HTTP2-SETTINGS: AAMAAABkAAQAAP__',
    ),
    ignored('to h2c without Connection', 'Upgrade: h2c'),
    ignored('to h2c without settings', 'Connection: Upgrade', 'Upgrade: h2c'),
    ignored('to h2c and websocket', 'Connection: Upgrade', 'Upgrade: h2c, websocket'),
    ignored('to h2c in two lines', 'Connection: Upgrade', 'Upgrade: x', 'Upgrade: h2c'),
    ignored('to TLS', 'Connection: Upgrade', 'Upgrade: TLS/1.0'),
    ignored('to HTTP/2.0', 'Connection: Upgrade', 'Upgrade: HTTP/2.0'),
    ignored('to nothing', 'Connection: Upgrade', 'Upgrade:'),
    ignored('named by Connection alone', 'Connection: Upgrade'),
    [
      'to h2c, and the preface at once',
      get(A, ...H2C) + PREFACE,
      thenRefused(served(gotGet(A, NONE)), 505),
      'unsupported',
    ],
    [
      'to h2c with a body',
      [post(...H2C, `Content-Length: ${SMUGGLED.length}`) + SMUGGLED, NEXT],
      served(gotPost(SMUGGLED, A, NONE), gotNext),
    ],
    [
      'to h2c with chunks',
      [post(...H2C, 'Transfer-Encoding: chunked') + chunk(SMUGGLED) + LAST, NEXT],
      served(gotPost(SMUGGLED, A, NONE), gotNext),
      'closing',
    ],
    [
      'to h2c with chunks and a length',
      post(...H2C, 'Content-Length: 3', 'Transfer-Encoding: chunked') + LAST + SMUGGLED,
      refused(),
    ],
    ['to websocket', [get(A, ...WEBSOCKET), NEXT], served(gotGet(A), gotNext)],
    [
      'to websocket of a version that is none',
      [get(A, ...WEBSOCKET.map((line) => line.replace('13', '777'))), NEXT],
      served(gotGet(A), gotNext),
    ],
    [
      'to websocket without a key',
      [get(A, ...WEBSOCKET.slice(0, 3)), NEXT],
      served(gotGet(A), gotNext),
      'refuses',
    ],
    [
      'to websocket by POST',
      [post(...WEBSOCKET, `Content-Length: ${SMUGGLED.length}`) + SMUGGLED, NEXT],
      served(gotPost(SMUGGLED, A, { upgrade: [] }), gotNext),
    ],
    [
      'to websocket, and a frame at once',
      `${get(A, ...WEBSOCKET)}\x81\x05hello\r\n\r\n`,
      thenRefused(served(gotGet(A))),
      'unsupported',
    ],
    [
      'to websocket, on a target that is none',
      request('GET * HTTP/1.1', ...WEBSOCKET) + SMUGGLED,
      refused(),
      'unsupported',
    ],
  ],
}
