// Requests that two parsers could read differently: none reaches the target, none is followed by another.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { oneRoute, startGateway, type RunningGateway } from '../support/gateway.js'
import { HttpClient, requestOnce } from '../support/http-client.js'
import { startRecordingTarget, type RecordingTarget } from '../support/recording-target.js'

const SMUGGLED = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n'

/** Each ends with bytes that a lax parser takes for a request of their own. */
const SHAPES: Readonly<Record<string, string>> = {
  'two lengths': `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: ${SMUGGLED.length}\r\n\r\n${SMUGGLED}`,
  'two equal lengths': `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n${SMUGGLED}`,
  'a list of lengths': `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0, 0\r\n\r\n${SMUGGLED}`,
  'a length with a sign': `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +0\r\n\r\n${SMUGGLED}`,
  'an empty length': `POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n${SMUGGLED}`,
  'a length in hex': `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x0\r\n\r\n${SMUGGLED}`,
  'a length and chunks': `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${SMUGGLED}`,
  'chunks and a length': `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n${SMUGGLED}`,
  'chunks twice': `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${SMUGGLED}`,
  'an unknown coding': `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${SMUGGLED}`,
  'chunks behind another coding': `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n${SMUGGLED}`,
  'another coding behind chunks': `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${SMUGGLED}`,
  'a coding behind a vertical tab': `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \vchunked\r\n\r\n0\r\n\r\n${SMUGGLED}`,
  'a space before the colon': `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n${SMUGGLED}`,
  'a folded line': `POST / HTTP/1.1\r\nHost: a\r\nX-A: 1\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n${SMUGGLED}`,
  'a folded coding': `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n${SMUGGLED}`,
  'a line that begins with a space': `GET / HTTP/1.1\r\n X-A: 1\r\nHost: a\r\n\r\n${SMUGGLED}`,
  'a line without a colon': `GET / HTTP/1.1\r\nHost: a\r\nnonsense\r\n\r\n${SMUGGLED}`,
  'two hosts': `GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n${SMUGGLED}`,
  'no host': `GET / HTTP/1.1\r\nX-A: 1\r\n\r\n${SMUGGLED}`,
  'a host with a path': `GET / HTTP/1.1\r\nHost: a/b\r\n\r\n${SMUGGLED}`,
  'a bare line feed in the head': `GET / HTTP/1.1\r\nHost: a\nX-A: 1\r\n\r\n${SMUGGLED}`,
  'a NUL in a value': `GET / HTTP/1.1\r\nHost: a\r\nX-A: a\0b\r\n\r\n${SMUGGLED}`,
  'a name with a NUL': `GET / HTTP/1.1\r\nHost: a\r\nX\0A: b\r\n\r\n${SMUGGLED}`,
  'a target with a space': `GET /a b HTTP/1.1\r\nHost: a\r\n\r\n${SMUGGLED}`,
  'a tab in the request line': `GET\t/\tHTTP/1.1\r\nHost: a\r\n\r\n${SMUGGLED}`,
  'HTTP/0.9': `GET /\r\n\r\n${SMUGGLED}`,
  'a version of its own': `GET / HTTP/1.9\r\nHost: a\r\n\r\n${SMUGGLED}`,
  'an absolute target': `GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n${SMUGGLED}`,
}

/** The head of these is well formed; what follows must not pass for a request. */
const BODIES: Readonly<Record<string, string>> = {
  'a size that is none': `z\r\nabc\r\n0\r\n\r\n${SMUGGLED}`,
  'a negative size': `-1\r\nabc\r\n0\r\n\r\n${SMUGGLED}`,
  'a size over all bounds': `fffffffffffffffff\r\nabc\r\n0\r\n\r\n${SMUGGLED}`,
  'an empty size': `\r\nabc\r\n0\r\n\r\n${SMUGGLED}`,
  'an extension': `3;a="\r\n0\r\n\r\n${SMUGGLED}"\r\nabc\r\n0\r\n\r\n`,
  'bare line feeds': `3\nabc\n0\n\n${SMUGGLED}`,
  trailers: `0\r\n${SMUGGLED}\r\n`,
  'more behind them': `0\r\n\r\n${SMUGGLED}`,
}

describe('a request that is smuggled', () => {
  let target: RecordingTarget
  let gateway: RunningGateway
  before(async () => {
    target = await startRecordingTarget()
    gateway = await startGateway({ config: oneRoute(target.port) })
  })
  after(async () => {
    await gateway.stop()
    await target.close()
  })

  // uWebSockets.js waits for the rest of a head that it cannot read, until its clock closes the connection.
  const waiting: HttpClient[] = []
  after(() => {
    for (const client of waiting) client.close()
  })

  /** Paths that have come to the target since, once whatever those bytes could set off has been set off. */
  async function pathsAfter(bytes: string): Promise<readonly string[]> {
    const before = target.requests.length
    const client = await HttpClient.connect(gateway.proxyPort)
    client.send(bytes)
    if (!(await client.closed(50))) waiting.push(client)
    await requestOnce(gateway.proxyPort, 'GET', '/next')
    return target.requests.slice(before).map(({ path }) => path)
  }

  for (const [what, bytes] of Object.entries(SHAPES)) {
    it(`by ${what} does not reach the target`, async () => {
      assert.deepEqual(await pathsAfter(bytes), ['/next'])
    })
  }

  for (const [what, chunks] of Object.entries(BODIES)) {
    it(`behind chunks with ${what} does not reach the target`, async () => {
      const head = 'POST /first HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n'
      const paths = await pathsAfter(head + chunks)
      assert.deepEqual(
        paths.filter((path) => path !== '/first'),
        ['/next'],
      )
    })
  }

  it('ends with its connection', async () => {
    const ends = await Promise.all(waiting.map((client) => client.closed(15_000)))
    assert.ok(ends.every(Boolean), `${ends.filter((end) => !end).length} stay open`)
    for (const client of waiting) await assert.rejects(client.next(), /closed without a whole/)
  })
})
