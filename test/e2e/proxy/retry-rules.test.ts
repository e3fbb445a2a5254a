// What is tried again under rules of its own: the plugin retry.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { RETRY_CAUSES, type RetryPolicy } from '../../../src/plugin/policy.js'
import { RetryRules } from '../../../src/upstream/retry/retry-rules.js'
import { ok, readyBody, send, SlowBody, start } from '../../support/upstream.js'
import { scene, until, wait } from './support.js'

function rules(policy: Partial<RetryPolicy> = {}, onWait = (): unknown => null): RetryRules {
  const whole: RetryPolicy = {
    attempts: 2,
    failures: new Set(RETRY_CAUSES),
    statuses: new Set([503]),
    methods: new Set(['GET', 'PUT']),
    backoffMs: 0,
    maxBackoffMs: 0,
    ...policy,
  }
  const random = (): number => {
    onWait()
    return 1
  }
  return new RetryRules(whole, { now: () => performance.now(), random })
}

const unavailable = 'HTTP/1.1 503 No\r\nContent-Length: 2\r\n\r\nno'

describe('a call with rules for retries', () => {
  it('is made again for a status that they name, on a connection that is kept or not', async (t) => {
    for (const answer of [unavailable, unavailable.slice(0, -1)]) {
      const { origin, peer } = await scene(t, (socket, _, index) =>
        socket.write(index < 2 ? answer : ok('at last')),
      )
      assert.equal((await send(origin, { retry: rules() })).summary, '200 at last')
      assert.equal(peer.sockets.length, 3)
    }
  })

  it('hands the last answer on', async (t) => {
    const { origin, peer } = await scene(t, (socket) => socket.write(unavailable))
    assert.equal((await send(origin, { retry: rules() })).summary, '503 no')
    assert.equal(peer.sockets.length, 3)
  })

  it('hands other statuses on', async (t) => {
    const { origin, peer } = await scene(t, (socket) => socket.write(ok('')))
    assert.equal((await send(origin, { retry: rules({ statuses: new Set([500]) }) })).status, 200)
    assert.equal(peer.sockets.length, 1)
  })

  it('counts its own attempts, not those of the service', async (t) => {
    const { origin, peer } = await scene(t, (socket) => socket.destroy())
    const retry = rules({ attempts: 1 })
    assert.equal((await send(origin, { retry, retries: 5 })).summary, 'UPSTREAM_RESET')
    assert.equal(peer.sockets.length, 2)
  })

  it('is not made again for a failure that they do not name', async (t) => {
    const { origin, peer } = await scene(t, (socket) => socket.destroy())
    const retry = rules({ failures: new Set(['timeout']) })
    assert.equal((await send(origin, { retry })).summary, 'UPSTREAM_RESET')
    assert.equal(peer.sockets.length, 1)
  })

  it('is not made again with a method that they do not name', async (t) => {
    const { origin, peer } = await scene(t, (socket) => socket.write(unavailable))
    assert.equal((await send(origin, { retry: rules(), method: 'POST' })).summary, '503 no')
    assert.equal(peer.sockets.length, 1)
  })

  it('is made again with POST where they say so, with its body', async (t) => {
    const { origin, peer } = await scene(t, (socket, _, index) =>
      socket.write(index === 0 ? unavailable : ok('done')),
    )
    const retry = rules({ methods: new Set(['POST']) })
    const call = send(origin, { retry, method: 'POST', body: readyBody('the body') })
    assert.equal((await call).summary, '200 done')
    assert.match(peer.received[1] ?? '', /\r\n\r\nthe body$/)
  })

  it('is made again when the answer comes in the middle of the body', async (t) => {
    const { origin, peer } = await scene(t, (socket, _, index) => {
      if (index === 0) socket.write(unavailable)
    })
    const chunks = [Buffer.from('abc'), Buffer.from('def')]
    const call = send(origin, { retry: rules(), method: 'PUT', body: new SlowBody(6, chunks) })
    await until(() => peer.received[1]?.endsWith('\r\n\r\nabcdef') === true)
    peer.sockets[1]?.write(ok('done'))
    assert.equal((await call).summary, '200 done')
  })

  it('is not made again with a body that is no longer held', async (t) => {
    const body = Buffer.alloc(100_000, 'x')
    const { origin, peer } = await scene(t, (socket) =>
      socket.on('data', () => {
        if ((peer.received[0]?.length ?? 0) > body.length) socket.write(unavailable)
      }),
    )
    const call = send(origin, {
      retry: rules(),
      method: 'PUT',
      body: new SlowBody(100_000, [body]),
    })
    assert.equal((await call).summary, '503 no')
    assert.equal(peer.sockets.length, 1)
  })

  it('waits before it is made again', async (t) => {
    const { origin } = await scene(t, (socket, _, index) =>
      socket.write(index === 0 ? unavailable : ok('')),
    )
    const from = performance.now()
    await send(origin, { retry: rules({ backoffMs: 60, maxBackoffMs: 60 }) })
    assert.ok(performance.now() - from >= 59)
  })

  it('is not made again once it has been given up, also while it waits', async (t) => {
    const { origin, peer } = await scene(t, (socket) => socket.write(unavailable))
    let isWaiting = false
    const retry = rules({ backoffMs: 50, maxBackoffMs: 50 }, () => (isWaiting = true))
    const { running, recorder } = start(origin, { retry })
    await until(() => isWaiting)
    running.abort()
    await wait(150)
    assert.equal(recorder.summary, '')
    assert.equal(peer.sockets.length, 1)
  })

  it('is not made again past the budget of its service', async (t) => {
    const { origin, peer } = await scene(t, (socket) => socket.destroy())
    const retry = rules({ attempts: 20 })
    await send(origin, { retry })
    await send(origin, { retry })
    await send(origin, { retry })
    assert.equal(peer.sockets.length, 3 + 30)
  })
})
