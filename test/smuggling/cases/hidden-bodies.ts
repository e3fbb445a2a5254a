// Bodies where somebody expects none (CL.0, 0.CL, TE.0): the body must stay the body, also when it looks like a request.
import {
  A,
  chunk,
  chunked,
  get,
  gotNext,
  gotPost,
  LAST,
  NEXT,
  post,
  request,
  SMUGGLED,
} from '../bytes.js'
import type { Case, CaseClass } from '../case.js'
import { refused, served, type Reached } from '../outcome.js'

const got = (method: string): Reached => ({ method, path: A, body: SMUGGLED })

/** With a length, and with chunks. */
function inside(method: string): Case[] {
  const line = `${method} ${A} HTTP/1.1`
  return [
    [
      `behind the length of ${method}`,
      [request(line, `Content-Length: ${SMUGGLED.length}`) + SMUGGLED, NEXT],
      served(got(method), gotNext),
    ],
    [
      `in a chunk of ${method}`,
      [request(line, 'Transfer-Encoding: chunked') + chunk(SMUGGLED) + LAST, NEXT],
      served(got(method), gotNext),
      'closing',
    ],
  ]
}

export const hiddenBodies: CaseClass = {
  name: 'bodies where none is expected (CL.0, 0.CL, TE.0)',
  cases: [
    ...['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PROPFIND', 'QUERY'].flatMap(inside),
    [
      'behind the length of TRACE',
      request(`TRACE ${A} HTTP/1.1`, `Content-Length: ${SMUGGLED.length}`) + SMUGGLED,
      refused(405),
    ],
    [
      'in a chunk of TRACE',
      request(`TRACE ${A} HTTP/1.1`, 'Transfer-Encoding: chunked') + chunk(SMUGGLED) + LAST,
      refused(405),
    ],
    ['behind TRACE without a body', request(`TRACE ${A} HTTP/1.1`) + SMUGGLED, refused(405)],
    ['behind CONNECT to a path', request(`CONNECT ${A} HTTP/1.1`) + SMUGGLED, refused(405)],
    [
      'behind CONNECT to an authority',
      request('CONNECT a:443 HTTP/1.1') + SMUGGLED,
      refused(),
      'unsupported',
    ],
    [
      'split over two chunks',
      chunked(chunk(SMUGGLED.slice(0, 10)) + chunk(SMUGGLED.slice(10)) + LAST),
      served(gotPost(SMUGGLED)),
      'closing',
    ],
    [
      'a word to a chunk',
      chunked(SMUGGLED.split(/\b/).map(chunk).join('') + LAST),
      served(gotPost(SMUGGLED)),
      'closing',
    ],
    [
      'in pieces behind a length',
      [
        post(`Content-Length: ${SMUGGLED.length}`),
        SMUGGLED.slice(0, 20),
        SMUGGLED.slice(20) + NEXT,
      ],
      served(gotPost(SMUGGLED), gotNext),
    ],
    [
      'in pieces in a chunk',
      [chunked(`${SMUGGLED.length.toString(16)}\r\n`), SMUGGLED, `\r\n${LAST}`],
      served(gotPost(SMUGGLED)),
      'closing',
    ],
    [
      'a chunked body within a chunk',
      chunked(chunk(LAST + SMUGGLED) + LAST),
      served(gotPost(LAST + SMUGGLED)),
      'closing',
    ],
    [
      'a chunked body behind a length',
      post(`Content-Length: ${LAST.length + SMUGGLED.length}`) + LAST + SMUGGLED,
      served(gotPost(LAST + SMUGGLED)),
    ],
    [
      'an answer within the body',
      post('Content-Length: 38') + 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
      served(gotPost('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')),
    ],
    [
      'a length of 0 on a GET',
      [get(A, 'Content-Length: 0'), NEXT],
      served({ method: 'GET', path: A, body: '', fields: { 'content-length': ['0'] } }, gotNext),
    ],
    ['no body at all on a POST', [post(), NEXT], served(gotPost(''), gotNext)],
    [
      'no chunk but the last on a GET',
      [get(A, 'Transfer-Encoding: chunked') + LAST, NEXT],
      served({ method: 'GET', path: A, body: '' }, gotNext),
      'closing',
    ],
    [
      'with X-HTTP-Method-Override: HEAD',
      post('X-HTTP-Method-Override: HEAD', `Content-Length: ${SMUGGLED.length}`) + SMUGGLED,
      served(gotPost(SMUGGLED)),
    ],
  ],
}
