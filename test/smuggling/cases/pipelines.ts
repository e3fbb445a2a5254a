// Several requests on one connection: each gets its own answer, in order, and none behind the end is read.
import {
  A,
  chunk,
  chunked,
  get,
  gotGet,
  gotNext,
  gotPost,
  head,
  LAST,
  NEXT,
  post,
  request,
  SMUGGLED,
} from '../bytes.js'
import type { CaseClass } from '../case.js'
import {
  refused,
  served,
  thenClosed,
  thenCut,
  thenRefused,
  thenWaiting,
  type Outcome,
  type Reached,
} from '../outcome.js'

const HEAD = request(`HEAD ${A} HTTP/1.1`)
const gotHead: Reached = { method: 'HEAD', path: A, body: '' }
const BAD = head(`GET ${A} HTTP/1.1`, 'Host: b c')
const DENIED = head(`GET ${A} HTTP/1.1`, 'Host: denied.test')
const numbered = (count: number): string[] => Array.from({ length: count }, (_, i) => `/CASE/${i}`)

/** One answer of each of these statuses, one after the other. */
function answered(statuses: readonly number[], ...reaches: readonly Reached[]): Outcome {
  return { answers: statuses, reaches, connection: 'kept' }
}

export const pipelines: CaseClass = {
  name: 'pipelines',
  cases: [
    ['two', get() + NEXT, served(gotGet(), gotNext)],
    [
      'twenty',
      numbered(20)
        .map((path) => get(path))
        .join(''),
      served(...numbered(20).map((path) => gotGet(path))),
      'cutting',
    ],
    [
      'with bodies between',
      post('Content-Length: 3') + 'abc' + chunked(chunk('def') + LAST) + NEXT,
      served(gotPost('abc'), gotPost('def'), gotNext),
      'cutting',
    ],
    ['behind a request that is refused', BAD + SMUGGLED, refused()],
    [
      'behind one that is served and one that is refused',
      NEXT + BAD + SMUGGLED,
      thenRefused(served(gotNext)),
      'cutting',
    ],
    ['behind a plugin that answers', DENIED + NEXT, answered([403, 200], gotNext)],
    [
      'behind the body of a request that a plugin answers',
      head(`POST ${A} HTTP/1.1`, 'Host: denied.test', `Content-Length: ${SMUGGLED.length}`) +
        SMUGGLED +
        NEXT,
      answered([403, 200], gotNext),
    ],
    [
      'behind the chunks of a request that a plugin answers',
      head(`POST ${A} HTTP/1.1`, 'Host: denied.test', 'Transfer-Encoding: chunked') +
        chunk(SMUGGLED) +
        LAST +
        NEXT,
      answered([403, 200], gotNext),
      ['closing', { answers: [403], reaches: [], connection: 'closed' }],
    ],
    [
      'behind wrong chunks of a request that a plugin answers',
      head(`POST ${A} HTTP/1.1`, 'Host: denied.test', 'Transfer-Encoding: chunked') +
        `0x0\r\n\r\n${SMUGGLED}`,
      refused(),
      null,
      'whole',
    ],
    [
      'behind wrong chunks of a request that a plugin has answered',
      [
        head(`POST ${A} HTTP/1.1`, 'Host: denied.test', 'Transfer-Encoding: chunked'),
        `0x0\r\n\r\n${SMUGGLED}`,
      ],
      thenCut(refused(403)),
      null,
      'apart',
    ],
    [
      'behind an error of the target',
      get('/CASE/500') + NEXT,
      answered([500, 200], gotGet('/CASE/500'), gotNext),
    ],
    [
      'behind a 404 of the target',
      get('/CASE/404') + NEXT,
      answered([404, 200], gotGet('/CASE/404'), gotNext),
    ],
    ['behind a 204', get('/CASE/204') + NEXT, answered([204, 200], gotGet('/CASE/204'), gotNext)],
    ['behind HEAD', HEAD + NEXT, served(gotHead, gotNext)],
    ['behind HEAD twice', HEAD + HEAD + NEXT, served(gotHead, gotHead, gotNext), 'cutting'],
    [
      'behind HEAD with a body',
      request(`HEAD ${A} HTTP/1.1`, 'Content-Length: 3') + `abc${NEXT}`,
      served({ ...gotHead, body: 'abc' }, gotNext),
    ],
    [
      'behind HEAD and Connection: close',
      request(`HEAD ${A} HTTP/1.1`, 'Connection: close') + SMUGGLED,
      thenClosed(served(gotHead)),
    ],
    [
      'behind a 204 and Connection: close',
      get('/CASE/204', 'Connection: close') + SMUGGLED,
      { answers: [204], reaches: [gotGet('/CASE/204')], connection: 'closed' },
    ],
    [
      'behind nothing but blanks',
      `${get()}  ${SMUGGLED}`,
      thenRefused(served(gotGet())),
      ['unsupported', thenRefused(served(gotGet()), 505)],
    ],
    [
      'behind a byte too many',
      `${post('Content-Length: 3')}abcd${SMUGGLED.slice(1)}`,
      thenRefused(served(gotPost('abc'))),
      'cutting',
    ],
    [
      'behind a NUL',
      `${get()}\0${SMUGGLED}`,
      thenRefused(served(gotGet())),
      ['unsupported', thenRefused(served(gotGet()), 505)],
    ],
    [
      'behind a line feed',
      `${get()}\n${SMUGGLED}`,
      thenRefused(served(gotGet())),
      ['unsupported', thenRefused(served(gotGet()), 505)],
    ],
    [
      'behind an answer',
      `${get()}HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n${SMUGGLED}`,
      thenRefused(served(gotGet())),
      'unsupported',
    ],
    [
      'with half a request at the end',
      `${get()}GET /CASE/smuggled HTTP/1.1\r\nHost`,
      thenWaiting(served(gotGet())),
    ],
    [
      'with a method that eats the next',
      `${get()}XGET /CASE/next HTTP/1.1\r\nHost: a\r\n\r\n`,
      served(gotGet(), { ...gotNext, method: 'XGET' }),
    ],
    [
      'with a field that eats the next',
      get(A, 'X-A: 1') +
        head('GET /CASE/next HTTP/1.1', 'X-Ignore: GET /CASE/smuggled HTTP/1.1', 'Host: a'),
      served(gotGet(), gotNext),
    ],
  ],
}

const WHOLE = post('Content-Length: 3') + 'abc'
const CHUNKS = chunked(`3;a=b\r\nabc\r\n0\r\nX-T: 1\r\n\r\n`)

export const pieces: CaseClass = {
  name: 'requests in pieces',
  cases: [
    ['cut within the method', ['G', get().slice(1) + NEXT], served(gotGet(), gotNext)],
    ['cut behind the method', ['GET ', get().slice(4)], served(gotGet()), 'unsupported'],
    ['cut within the target', [get().slice(0, 9), get().slice(9)], served(gotGet())],
    [
      'cut within the version',
      [`GET ${A} HT`, `TP/1.1\r\nHost: a\r\n\r\n`],
      served(gotGet()),
      'unsupported',
    ],
    [
      'cut within the first line end',
      [`GET ${A} HTTP/1.1\r`, '\nHost: a\r\n\r\n'],
      served(gotGet()),
      'unsupported',
    ],
    ['cut behind the first line', [`GET ${A} HTTP/1.1\r\n`, 'Host: a\r\n\r\n'], served(gotGet())],
    [
      'cut before a line that begins with a space',
      [`GET ${A} HTTP/1.1\r\nHost: a\r\n`, ` X-A: 1\r\n\r\n${SMUGGLED}`],
      refused(),
      'silent',
    ],
    ['cut within the last line end', [get().slice(0, -1), '\n'], served(gotGet())],
    [
      'cut between CR and something else',
      [get().slice(0, -1), `X\n${SMUGGLED}`],
      refused(),
      'silent',
    ],
    ['cut before the body', [WHOLE.slice(0, -3), `abc${NEXT}`], served(gotPost('abc'), gotNext)],
    ['cut within the body', [WHOLE.slice(0, -1), `c${NEXT}`], served(gotPost('abc'), gotNext)],
    [
      'cut within a chunk size',
      [chunked('0'), `3\r\nabc\r\n${LAST}${NEXT}`],
      served(gotPost('abc'), gotNext),
      'closing',
    ],
    [
      'cut within the line end of a size',
      [chunked('3\r'), `\nabc\r\n${LAST}${NEXT}`],
      served(gotPost('abc'), gotNext),
      'closing',
    ],
    [
      'cut between a size and a bare carriage return',
      [chunked('3\r'), `abc\r\n${LAST}${SMUGGLED}`],
      { ...refused(), begins: [A] },
      'hanging',
    ],
    [
      'cut within an extension',
      [chunked('3;a="b'), `c"\r\nabc\r\n${LAST}${NEXT}`],
      served(gotPost('abc'), gotNext),
      'refuses',
    ],
    [
      'cut within a wrong extension',
      [chunked('3;a="b'), `\nc"\r\nabc\r\n${LAST}${SMUGGLED}`],
      { ...refused(), begins: [A] },
    ],
    [
      'cut behind a chunk',
      [chunked('3\r\nabc'), `\r\n${LAST}${NEXT}`],
      served(gotPost('abc'), gotNext),
      'closing',
    ],
    [
      'cut within the last line end of chunks',
      [CHUNKS.slice(0, -1), `\n${NEXT}`],
      served(gotPost('abc'), gotNext),
      'hanging',
    ],
    [
      'cut within a trailer',
      [CHUNKS.slice(0, -5), `1\r\n\r\n${NEXT}`],
      served(gotPost('abc'), gotNext),
      'hanging',
    ],
    [
      'an empty line in a read of its own',
      ['\r\n', get() + NEXT],
      served(gotGet(), gotNext),
      'blank',
    ],
    ['an empty line cut in two', ['\r', `\n${get()}${NEXT}`], served(gotGet(), gotNext), 'blank'],
    [
      'an empty line cut, and a carriage return more',
      ['\r', `\r\n${get()}${SMUGGLED}`],
      refused(),
      'silent',
    ],
    ['the next request in a read of its own', [get(), NEXT], served(gotGet(), gotNext)],
    ['a request that is smuggled, in a read of its own', [BAD, SMUGGLED], refused()],
    [
      'the bytes behind wrong framing in a read of their own',
      [post('Content-Length: 3', 'Transfer-Encoding: chunked'), LAST + SMUGGLED],
      refused(),
    ],
    [
      'the bytes behind wrong chunks in a read of their own',
      [chunked('3;\r\nabc\r\n'), LAST + SMUGGLED],
      { ...refused(), begins: [A] },
      'hanging',
    ],
    [
      'three reads and three requests, cut elsewhere',
      [
        `${get()}GET /CASE/b HT`,
        'TP/1.1\r\nHost: a\r\n\r\nGET /CASE/c HTTP',
        '/1.1\r\nHost: a\r\n\r\n',
      ],
      served(gotGet(), gotGet('/CASE/b'), gotGet('/CASE/c')),
      'unsupported',
    ],
  ],
}
