// Expect: 100-continue (RFC 9110, 10.1.1): the client may send the body or not; neither must become a request.
import {
  A,
  chunk,
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
import { refused, refusedInBody, served, thenCut, thenWaiting, type Outcome } from '../outcome.js'

const EXPECT = 'Expect: 100-continue'
const LENGTH = `Content-Length: ${SMUGGLED.length}`
const CHUNKED = 'Transfer-Encoding: chunked'
const DENIED = head(`POST ${A} HTTP/1.1`, 'Host: denied.test', EXPECT, LENGTH)

/** `100 Continue` comes before the answers. */
function continued(outcome: Outcome): Outcome {
  return { ...outcome, answers: [100, ...outcome.answers] }
}

/** nginx discards the body of a client whom it refuses, and asks for it first. */
const denied: Outcome = { answers: [100, 403], reaches: [], connection: 'kept' }

export const expectations: CaseClass = {
  name: 'Expect: 100-continue',
  cases: [
    [
      'a body behind the pause',
      [post(EXPECT, LENGTH), SMUGGLED, NEXT],
      continued(served(gotPost(SMUGGLED, A, { expect: [] }), gotNext)),
      null,
      'apart',
    ],
    [
      'chunks behind the pause',
      [post(EXPECT, CHUNKED), chunk(SMUGGLED) + LAST, NEXT],
      continued(served(gotPost(SMUGGLED, A, { expect: [] }), gotNext)),
      'closing',
      'apart',
    ],
    [
      'in capitals',
      [post('EXPECT: 100-CONTINUE', LENGTH), SMUGGLED, NEXT],
      continued(served(gotPost(SMUGGLED, A, { expect: [] }), gotNext)),
      ['continuing', served(gotPost(SMUGGLED, A, { expect: [] }), gotNext)],
      'apart',
    ],
    [
      'wrong chunks behind the pause',
      [post(EXPECT, CHUNKED), `0x0\r\n\r\n${SMUGGLED}`],
      continued(refusedInBody()),
      null,
      'apart',
    ],
    [
      'without a body',
      get(A, EXPECT),
      continued(served(gotGet(A, { expect: [] }))),
      // Its handler for WebSockets says so as well, before it finds that this is none.
      ['continuing', continued(continued(served(gotGet(A, { expect: [] }))))],
    ],
    [
      'with a length of 0',
      post(EXPECT, 'Content-Length: 0'),
      continued(served(gotPost('', A, { expect: [] }))),
    ],
    ['refused, and the body follows', [DENIED, SMUGGLED], denied, null, 'apart'],
    ['refused, and the body came with it', DENIED + SMUGGLED, denied, null, 'whole'],
    [
      'refused, and another request follows',
      [DENIED, SMUGGLED, NEXT],
      { answers: [100, 403, 200], reaches: [gotNext], connection: 'kept' },
      null,
      'apart',
    ],
    [
      'refused, and a request comes for the body',
      [DENIED, NEXT],
      thenWaiting(denied),
      ['continuing', thenCut(denied)],
      'apart',
    ],
    [
      'refused for its framing, and the body follows',
      [post(EXPECT, LENGTH, CHUNKED), SMUGGLED],
      refused(),
    ],
    [
      'refused for its framing, and the body came with it',
      post(EXPECT, LENGTH, CHUNKED) + SMUGGLED,
      refused(),
    ],
    [
      'refused for two lengths',
      post(EXPECT, 'Content-Length: 0', LENGTH) + SMUGGLED,
      refused(),
      'continuing',
    ],
    ['refused for its Host', head(`POST ${A} HTTP/1.1`, EXPECT, LENGTH) + SMUGGLED, refused()],
    [
      'refused for its target',
      request('POST * HTTP/1.1', EXPECT, LENGTH) + SMUGGLED,
      refused(),
      'unsupported',
    ],
    [
      'refused for its method',
      request(`TRACE ${A} HTTP/1.1`, EXPECT, LENGTH) + SMUGGLED,
      refused(405),
      'continuing',
    ],
    [
      'of something else',
      [post('Expect: 200-ok', LENGTH) + SMUGGLED, NEXT],
      served(gotPost(SMUGGLED, A, { expect: [] }), gotNext),
    ],
    [
      'of y 100-continue',
      [post('Expect: y 100-continue', LENGTH) + SMUGGLED, NEXT],
      served(gotPost(SMUGGLED, A, { expect: [] }), gotNext),
    ],
    [
      'of nothing',
      [post('Expect:', LENGTH) + SMUGGLED, NEXT],
      served(gotPost(SMUGGLED, A, { expect: [] }), gotNext),
    ],
    [
      'behind a line feed',
      post('X-A: 1\nExpect: 100-continue', LENGTH) + SMUGGLED,
      refused(),
      'silent',
    ],
  ],
}
