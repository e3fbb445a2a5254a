// Tokens in a real Redis: two nodes agree on them, and both say so when it does not serve.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { Redis } from 'ioredis'
import type { RunningGateway } from '../../support/gateway.js'
import type { Answer } from '../../support/http-client.js'
import { startRecordingTarget, type RecordingTarget } from '../../support/recording-target.js'
import { startRedis, type RunningRedis } from '../../support/redis.js'
import {
  USER,
  askToken,
  call,
  callOften,
  codeOf,
  startIssuing,
  tokensOf,
} from '../../support/token-client.js'
import { waitFor } from '../../support/wait.js'

/** Far above what a crowded machine takes for an answer that waits for nothing, far below the tests' patience. */
const TIMEOUT_MS = 1_000

/** The first answer that is no failure. */
async function served(ask: () => Promise<Answer>): Promise<Answer> {
  let answer = await ask()
  await waitFor('Redis to serve', async () => (answer = await ask()).status === 200, 20_000)
  return answer
}

describe('oauth2 with its tokens in Redis', () => {
  let target: RecordingTarget
  let redis: RunningRedis
  let one: RunningGateway
  let two: RunningGateway

  before(async () => {
    target = await startRecordingTarget()
    redis = await startRedis()
    const settings = { host: '127.0.0.1', port: redis.port, timeout: TIMEOUT_MS }
    const config = { token_store: 'redis', redis: settings }
    const env = { KONG_NGINX_WORKER_PROCESSES: '2' }
    one = await startIssuing({ target, config, env })
    two = await startIssuing({ target, config, env })
    for (const gateway of [one, two]) {
      await waitFor(
        'Redis to be connected',
        async () => (await askToken(gateway, { grant_type: 'client_credentials' })).status === 200,
        20_000,
      )
    }
  })
  after(async () => {
    await one.stop()
    await two.stop()
    await redis.stop()
    await target.close()
  })

  it('takes a token of one node on another, and refuses it there once it is renewed', async () => {
    const old = tokensOf(await askToken(one, USER))
    assert.deepEqual(await callOften(two, old.access_token), [200])
    const renewed = await askToken(two, {
      grant_type: 'refresh_token',
      refresh_token: old.refresh_token,
    })
    assert.deepEqual(await callOften(one, old.access_token), [401])
    assert.deepEqual(await callOften(one, tokensOf(renewed).access_token), [200])
  })

  it('takes a code once over all nodes', async () => {
    const code = await codeOf(one)
    const exchange = { grant_type: 'authorization_code', code }
    const all = await Promise.all(
      Array.from({ length: 10 }, (_, i) => askToken(i % 2 === 0 ? one : two, exchange)),
    )
    assert.deepEqual(all.map(({ status }) => status).sort(), [200, ...Array<number>(9).fill(400)])
  })

  it('shows Redis neither tokens nor codes, and has each of them end', async () => {
    const { access_token: access, refresh_token: refresh } = tokensOf(await askToken(one, USER))
    const code = await codeOf(one)
    const client = new Redis(redis.port, '127.0.0.1')
    try {
      const keys = await client.keys('*')
      assert.ok(keys.length >= 3)
      for (const key of keys) {
        const value = (await client.get(key)) ?? ''
        for (const text of [access, refresh, code]) assert.ok(!`${key} ${value}`.includes(text))
        assert.ok((await client.pttl(key)) > 0, key)
      }
    } finally {
      client.disconnect()
    }
  })

  it('answers 500, and 503 at the endpoints, while Redis hangs, and serves again after it', async () => {
    const { access_token: token } = tokensOf(await askToken(one, USER))
    redis.pause()
    const begun = performance.now()
    const [called, asked] = await Promise.all([call(one, token), askToken(one, USER)])
    assert.ok(performance.now() - begun < TIMEOUT_MS * 5)
    assert.equal(called.status, 500)
    assert.equal(asked.status, 503)
    assert.match(asked.text, /"temporarily_unavailable"/)
    assert.doesNotMatch(called.text, /redis/i)
    redis.resume()
    await waitFor('Redis to serve', async () => (await call(one, token)).status === 200, 20_000)
    assert.deepEqual(await callOften(two, token), [200])
  })

  it('issues tokens again when Redis has been away, without a restart', async () => {
    await redis.stop()
    const asked = (): Promise<Answer> => askToken(one, { grant_type: 'client_credentials' })
    assert.equal((await asked()).status, 503)
    redis = await startRedis([], redis.port)
    const { access_token: token } = tokensOf(await served(asked))
    // Each worker has a connection of its own, and makes it again in its own time.
    await waitFor(
      'all workers to have Redis again',
      async () => (await callOften(one, token)).join() === '200',
      20_000,
    )
  })
})
