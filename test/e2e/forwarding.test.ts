// Who the target is told the client is, whom the gateway believes, and what it says of itself.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startGateway, type RunningGateway } from '../support/gateway.js'
import { requestOnce, type Answer } from '../support/http-client.js'
import { header } from '../support/message-reader.js'
import { startRecordingTarget, type RecordingTarget } from '../support/recording-target.js'

const CLAIMS = {
  'X-Real-IP': '203.0.113.9',
  'X-Forwarded-For': '203.0.113.7, 198.51.100.2',
  'X-Forwarded-Proto': 'https',
  'X-Forwarded-Host': 'shop.example',
  'X-Forwarded-Port': '443',
  'X-Forwarded-Path': '/claimed',
  'X-Forwarded-Prefix': '/claim',
}

let target: RecordingTarget
before(async () => {
  target = await startRecordingTarget()
})
after(() => target.close())

/** @param claims the fields to report, in the order given */
function seen(...names: readonly string[]): Record<string, string | undefined> {
  const request = target.requests.at(-1)
  assert.ok(request, 'the target has got no request')
  return Object.fromEntries(names.map((name) => [name, header(request, name)]))
}

const config = (): object => ({
  _format_version: '3.0',
  services: [
    {
      name: 'target',
      url: `http://127.0.0.1:${target.port}`,
      routes: [
        { name: 'all', paths: ['/api'] },
        { name: 'secure', paths: ['/secure'], protocols: ['https'] },
        {
          name: 'anonymous',
          paths: ['/anonymous'],
          plugins: [{ name: 'key-auth', config: { anonymous: 'guest' } }],
        },
        {
          name: 'limited',
          paths: ['/limited'],
          plugins: [
            { name: 'rate-limiting', config: { hour: 1, policy: 'local', limit_by: 'ip' } },
          ],
        },
      ],
    },
  ],
  consumers: [{ username: 'guest' }],
})

/** Asks each gateway with the given environment, all started side by side. */
function withGateways<Name extends string>(
  environments: Readonly<Record<Name, Readonly<Record<string, string>>>>,
): Record<Name, (path: string, headers?: Readonly<Record<string, string>>) => Promise<Answer>> {
  const running = new Map<string, RunningGateway>()
  before(async () => {
    const names = Object.keys(environments) as Name[]
    await Promise.all(
      names.map(async (name) => {
        running.set(name, await startGateway({ config: config(), env: environments[name] }))
      }),
    )
  })
  after(() => Promise.all([...running.values()].map((gateway) => gateway.stop())))
  const askers = Object.keys(environments).map((name) => [
    name,
    (path: string, headers = {}) =>
      requestOnce(running.get(name)?.proxyPort ?? 0, 'GET', path, headers),
  ])
  return Object.fromEntries(askers) as ReturnType<typeof withGateways<Name>>
}

describe('a client that claims to be forwarded', () => {
  const ask = withGateways({
    untrusting: {},
    trusting: { KONG_TRUSTED_IPS: '127.0.0.1' },
    following: {
      KONG_TRUSTED_IPS: '127.0.0.0/8,198.51.100.0/24',
      KONG_REAL_IP_HEADER: 'X-Forwarded-For',
      KONG_REAL_IP_RECURSIVE: 'on',
    },
  })

  it('is not believed when it is not trusted', async () => {
    await ask.untrusting('/api/x', { Host: 'real.example', ...CLAIMS })
    const told = seen('x-real-ip', 'x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host')
    assert.deepEqual(told, {
      'x-real-ip': '127.0.0.1',
      'x-forwarded-for': '203.0.113.7, 198.51.100.2, 127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': 'real.example',
    })
    assert.deepEqual(seen('x-forwarded-path', 'x-forwarded-prefix'), {
      'x-forwarded-path': '/api/x',
      'x-forwarded-prefix': '/api',
    })
  })

  it('is believed when it is trusted', async () => {
    await ask.trusting('/api/x', CLAIMS)
    assert.deepEqual(
      seen(
        'x-real-ip',
        'x-forwarded-for',
        'x-forwarded-proto',
        'x-forwarded-host',
        'x-forwarded-port',
        'x-forwarded-path',
        'x-forwarded-prefix',
      ),
      {
        'x-real-ip': '203.0.113.9',
        'x-forwarded-for': '203.0.113.7, 198.51.100.2, 127.0.0.1',
        'x-forwarded-proto': 'https',
        'x-forwarded-host': 'shop.example',
        'x-forwarded-port': '443',
        'x-forwarded-path': '/claimed',
        'x-forwarded-prefix': '/claim',
      },
    )
  })

  it('is the last address that is not trusted, where the list is followed', async () => {
    await ask.following('/api', CLAIMS)
    assert.deepEqual(seen('x-real-ip'), { 'x-real-ip': '203.0.113.7' })
  })

  it('cannot make up an address in front of the list', async () => {
    await ask.following('/api', { 'X-Forwarded-For': '10.0.0.1, 203.0.113.7, 198.51.100.2' })
    assert.deepEqual(seen('x-real-ip'), { 'x-real-ip': '203.0.113.7' })
  })

  it('is itself where the claim is no address', async () => {
    await ask.trusting('/api', { 'X-Real-IP': 'localhost' })
    assert.deepEqual(seen('x-real-ip'), { 'x-real-ip': '127.0.0.1' })
  })

  it('gets to a route for https on its word only when it is trusted', async () => {
    assert.equal((await ask.untrusting('/secure', CLAIMS)).status, 426)
    assert.equal((await ask.trusting('/secure', CLAIMS)).status, 200)
    assert.equal((await ask.trusting('/secure')).status, 426)
  })

  it('is counted under the address that is believed', async () => {
    const from = (address: string) => ({ 'X-Real-IP': address })
    assert.equal((await ask.trusting('/limited', from('203.0.113.1'))).status, 200)
    assert.equal((await ask.trusting('/limited', from('203.0.113.2'))).status, 200)
    assert.equal((await ask.trusting('/limited', from('203.0.113.1'))).status, 429)
    assert.equal((await ask.untrusting('/limited', from('203.0.113.1'))).status, 200)
    assert.equal((await ask.untrusting('/limited', from('203.0.113.2'))).status, 429)
  })
})

describe('what the gateway says of itself', () => {
  const ask = withGateways({
    usual: {},
    silent: { KONG_HEADERS: 'off', KONG_HEADERS_UPSTREAM: 'off' },
    telling: { KONG_ALLOW_DEBUG_HEADER: 'on', KONG_HEADERS: 'X-Kong-Upstream-Status' },
  })
  const OWN = /^(server|via|x-kong-.*)$/i
  const own = ({ headers }: Answer): string[] =>
    headers.map(([name]) => name.toLowerCase()).filter((name) => OWN.test(name))

  it('is what Kong says, unless it is told otherwise', async () => {
    assert.deepEqual(own(await ask.usual('/api')).toSorted(), [
      'server',
      'via',
      'x-kong-proxy-latency',
      'x-kong-request-id',
      'x-kong-upstream-latency',
    ])
    assert.deepEqual(own(await ask.usual('/nowhere')).toSorted(), [
      'server',
      'x-kong-request-id',
      'x-kong-response-latency',
    ])
  })

  it('is nothing with KONG_HEADERS=off', async () => {
    for (const path of ['/api', '/nowhere', '/secure']) {
      assert.deepEqual(own(await ask.silent(path)), [], path)
    }
    await ask.silent('/api')
    assert.deepEqual(seen('x-kong-request-id'), { 'x-kong-request-id': undefined })
  })

  it('is only what KONG_HEADERS lists', async () => {
    const answer = await ask.telling('/api')
    assert.deepEqual(own(answer), ['x-kong-upstream-status'])
    assert.equal(answer.header('x-kong-upstream-status'), '200')
  })

  it('is route and service, to those who ask with Kong-Debug where that is allowed', async () => {
    const answer = await ask.telling('/api', { 'Kong-Debug': '1' })
    assert.equal(answer.header('kong-route-name'), 'all')
    assert.equal(answer.header('kong-service-name'), 'target')
    assert.match(answer.header('kong-route-id') ?? '', /^[0-9a-f-]{36}$/)
    assert.match(answer.header('kong-service-id') ?? '', /^[0-9a-f-]{36}$/)
  })

  it('is neither route nor service where Kong-Debug is not allowed, or not sent', async () => {
    const answers = [await ask.usual('/api', { 'Kong-Debug': '1' }), await ask.telling('/api')]
    for (const { headers } of answers) {
      assert.deepEqual(
        headers.filter(([name]) => /^kong-/i.test(name)),
        [],
      )
    }
  })
})

describe('a client that names the fields of the gateway in Connection', () => {
  const ask = withGateways({ plain: {} })

  it('gets rid of its own fields alone', async () => {
    const answer = await ask.plain('/anonymous', {
      Connection: 'keep-alive, X-Own, X-Anonymous-Consumer, X-Consumer-Username',
      'X-Own': '1',
      'X-Consumer-Username': 'admin',
    })
    assert.equal(answer.status, 200)
    assert.deepEqual(seen('X-Own', 'X-Anonymous-Consumer', 'X-Consumer-Username'), {
      'X-Own': undefined,
      'X-Anonymous-Consumer': 'true',
      'X-Consumer-Username': 'guest',
    })
  })
})
