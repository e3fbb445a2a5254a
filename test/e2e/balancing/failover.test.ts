// What happens to a request whose first target fails: which one is asked next, and when none is.
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { startGateway, type RunningGateway } from '../../support/gateway.js'
import { requestOnce } from '../../support/http-client.js'
import { header } from '../../support/message-reader.js'
import { freePort } from '../../support/ports.js'
import { waitFor } from '../../support/wait.js'
import { ok, startRecordingTarget, type RecordingTarget } from '../../support/recording-target.js'

const CONFIG = (bad: number, good: number, dead: number): object => ({
  _format_version: '3.0',
  upstreams: [
    // The bad target is nearly always asked first.
    upstreamOf('bad', bad, good),
    upstreamOf('dead', dead, good),
    { name: 'gone', targets: [{ target: `127.0.0.1:${dead}` }] },
  ],
  services: ['bad', 'dead', 'gone'].map((host) => ({
    name: host,
    host,
    read_timeout: 500,
    retries: 2,
    routes: [{ name: host, paths: [`/${host}`] }],
  })),
})

function upstreamOf(name: string, bad: number, good: number): object {
  return {
    name,
    targets: [
      { target: `127.0.0.1:${bad}`, weight: 65_535 },
      { target: `localhost:${good}`, weight: 1 },
    ],
  }
}

describe('a request whose target fails', () => {
  let bad: RecordingTarget
  let good: RecordingTarget
  let gateway: RunningGateway
  before(async () => {
    bad = await startRecordingTarget()
    good = await startRecordingTarget()
    gateway = await startGateway({ config: CONFIG(bad.port, good.port, await freePort()) })
  })
  after(async () => {
    await gateway.stop()
    await bad.close()
    await good.close()
  })
  beforeEach(() => bad.answer(ok))

  const send = (method: string, path: string, body?: string) =>
    requestOnce(gateway.proxyPort, method, path, {}, body)

  for (const method of ['GET', 'POST']) {
    it(`goes to another one with ${method} when the target refuses`, async () => {
      const count = good.requests.length
      const { status } = await send(method, '/dead/x', method === 'POST' ? 'body' : undefined)
      assert.equal(status, 200)
      const request = good.requests[count] ?? assert.fail('the other target has got nothing')
      assert.equal(request.body.toString(), method === 'POST' ? 'body' : '')
    })
  }

  it('goes to another one when the target breaks the connection, with the Host of that one', async () => {
    bad.answer((socket) => socket.destroy())
    const count = good.requests.length
    const answer = await send('PUT', '/bad/x', 'the body')
    assert.equal(answer.status, 200)
    assert.equal(header(bad.requests.at(-1) ?? assert.fail(), 'host'), `127.0.0.1:${bad.port}`)
    const request = good.requests[count] ?? assert.fail('the other target has got nothing')
    assert.equal(header(request, 'host'), `localhost:${good.port}`)
    assert.equal(request.body.toString(), 'the body')
  })

  it('goes to another one when the target is silent', async () => {
    bad.answer(() => undefined)
    assert.equal((await send('GET', '/bad/x')).status, 200)
  })

  it('does not go anywhere else with POST once it has been sent', async () => {
    bad.answer((socket) => socket.destroy())
    const counts = [bad.requests.length, good.requests.length]
    assert.equal((await send('POST', '/bad/x', 'once')).status, 502)
    assert.deepEqual([bad.requests.length, good.requests.length], [(counts[0] ?? 0) + 1, counts[1]])
  })

  it('fails like a single target when there is no other', async () => {
    const { status, text } = await send('GET', '/gone')
    assert.equal(status, 502)
    assert.match(text, /An invalid response was received from the upstream server/)
    await waitFor('what the log says', () =>
      /refused the connection \(ECONNREFUSED\), try 3/.test(gateway.log),
    )
  })

  it('does not go anywhere else for a bad status', async () => {
    bad.answer((socket) => socket.write('HTTP/1.1 503 x\r\nContent-Length: 0\r\n\r\n'))
    const count = good.requests.length
    assert.equal((await send('GET', '/bad/x')).status, 503)
    assert.equal(good.requests.length, count)
  })
})
