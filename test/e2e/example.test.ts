// kong.yml.example does what its comments and the README promise.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { startEcho, type RunningEcho } from '../../src/cli/echo.js'
import { startGateway, type RunningGateway } from '../support/gateway.js'
import { requestOnce } from '../support/http-client.js'
import { projectRoot } from '../support/root.js'

const example = readFileSync(join(projectRoot, 'kong.yml.example'), 'utf8')

describe('kong.yml.example', () => {
  let echo: RunningEcho
  let gateway: RunningGateway
  before(async () => {
    echo = await startEcho({ host: '127.0.0.1', port: 0 })
    const config = example.replaceAll('http://127.0.0.1:9080', `http://127.0.0.1:${echo.port}`)
    gateway = await startGateway({ config })
  })
  after(async () => {
    await gateway.stop()
    await echo.close()
  })

  const curls = [
    ...example.matchAll(/^# +curl -i http:\/\/127\.0\.0\.1:8000(\S+)(?: -H '(.*?): (.*?)')?$/gm),
  ]

  it('has two requests to try', () => assert.equal(curls.length, 2))

  for (const [line, path = '/', name, value = ''] of curls) {
    it(`answers 200 to ${line.slice(1).trim()}`, async () => {
      const headers: Record<string, string> = name === undefined ? {} : { [name]: value }
      const answer = await requestOnce(gateway.proxyPort, 'GET', path, headers)
      assert.equal(answer.status, 200, answer.text)
    })
  }

  it('asks for a key where one is needed', async () => {
    assert.equal((await requestOnce(gateway.proxyPort, 'GET', '/orders/1')).status, 401)
  })

  it('hides the key from the target', async () => {
    const answer = await requestOnce(gateway.proxyPort, 'GET', '/orders/1', {
      apikey: 'alice-demo-key',
    })
    assert.doesNotMatch(answer.text, /alice-demo-key/)
    assert.match(answer.text, /"x-consumer-username": "alice"/)
  })

  it('lets bob send five requests a minute', async () => {
    const answer = await requestOnce(gateway.proxyPort, 'GET', '/orders/1', {
      apikey: 'bob-demo-key',
    })
    assert.equal(answer.header('x-ratelimit-limit-minute'), '5')
  })

  it('tells the client the id of its request', async () => {
    const answer = await requestOnce(gateway.proxyPort, 'GET', '/open')
    assert.match(answer.header('x-correlation-id') ?? '', /^[0-9a-f-]{36}$/)
  })

  it('lets the named site read the answers', async () => {
    const answer = await requestOnce(gateway.proxyPort, 'GET', '/open', {
      Origin: 'https://app.example.com',
    })
    assert.equal(answer.header('access-control-allow-origin'), 'https://app.example.com')
  })

  it('says 410 where a version has been switched off', async () => {
    assert.equal((await requestOnce(gateway.proxyPort, 'GET', '/v1/x')).status, 410)
  })
})
