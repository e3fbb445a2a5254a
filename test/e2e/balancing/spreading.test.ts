// Over which targets requests are spread, through a whole gateway.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { DnsServer } from '../../support/dns-server.js'
import { startGateway, type RunningGateway } from '../../support/gateway.js'
import { HttpClient, requestOnce } from '../../support/http-client.js'
import { startRecordingTarget, type RecordingTarget } from '../../support/recording-target.js'
import { waitFor } from '../../support/wait.js'

describe('requests to an upstream', () => {
  const targets: RecordingTarget[] = []
  let dns: DnsServer
  let gateway: RunningGateway
  let weights: readonly number[] = [3, 1, 0]

  const config = (): object => ({
    _format_version: '3.0',
    upstreams: [
      { name: 'weighted', targets: listed() },
      { name: 'sticky', hash_on: 'cookie', hash_on_cookie: 'sid', targets: listed([1, 1, 1]) },
      { name: 'named', targets: [{ target: `moving.test:${targets[0]?.port ?? 0}` }] },
    ],
    services: ['weighted', 'sticky', 'named', 'moving.test', 'nowhere.test'].map((host) => ({
      name: host,
      host,
      port: targets[0]?.port ?? 0,
      routes: [{ name: host, paths: [`/${host}`] }],
    })),
  })
  const listed = (all = weights): object[] =>
    targets.map(({ port }, index) => ({ target: `127.0.0.1:${port}`, weight: all[index] }))
  const counts = (): number[] => targets.map(({ requests }) => requests.length)

  before(async () => {
    dns = await DnsServer.start()
    dns.setAddresses('moving.test', ['127.0.0.1'], 1)
    for (let i = 0; i < 3; i++) targets.push(await startRecordingTarget())
    const env = {
      KONG_DNS_RESOLVER: `127.0.0.1:${dns.port}`,
      KONG_DNS_ORDER: 'A',
      // While an address that nobody has is asked again and again it would open.
      GW_CIRCUIT_BREAKER: 'off',
    }
    gateway = await startGateway({ config: config(), env })
  })
  after(async () => {
    await gateway.stop()
    await dns.close()
    for (const target of targets) await target.close()
  })

  async function spread(path: string, requests: number): Promise<number[]> {
    const start = counts()
    const client = await HttpClient.connect(gateway.proxyPort)
    for (let i = 0; i < requests; i++) assert.equal((await client.request('GET', path)).status, 200)
    client.socket.destroy()
    return counts().map((count, index) => count - (start[index] ?? 0))
  }

  it('are spread by the weights of its targets, and after a reload by the new ones', async () => {
    assert.deepEqual(await spread('/weighted', 40), [30, 10, 0])
    weights = [0, 1, 1]
    gateway.writeConfig(config())
    gateway.child.signal('SIGHUP')
    await waitFor('the new weights', async () => {
      const [first = 0] = await spread('/weighted', 4)
      return first === 0
    })
    assert.deepEqual(await spread('/weighted', 20), [0, 10, 10])
  })

  it('stay with one target for a client that keeps its cookie', async () => {
    const first = await requestOnce(gateway.proxyPort, 'GET', '/sticky')
    const line = first.header('set-cookie') ?? assert.fail('no cookie')
    assert.match(line, /^sid=[0-9a-f-]{36}; Path=\/; Same-Site=Lax; HttpOnly$/)
    const start = counts()
    for (let i = 0; i < 6; i++) {
      const headers = { Cookie: line.split(';')[0] ?? '' }
      const answer = await requestOnce(gateway.proxyPort, 'GET', '/sticky', headers)
      assert.equal(answer.header('set-cookie'), undefined)
    }
    const served = counts().map((count, index) => count - (start[index] ?? 0))
    assert.deepEqual(
      served.filter((count) => count > 0),
      [6],
    )
  })

  it('keep their connections over a reload that adds a target', async () => {
    await spread('/weighted', 4)
    const before = targets.map(({ connections }) => connections)
    weights = [1, 1, 1]
    gateway.writeConfig(config())
    gateway.child.signal('SIGHUP')
    await waitFor('the new weights', async () => !(await spread('/weighted', 6)).includes(0))
    assert.deepEqual(
      targets.slice(1).map(({ connections }) => connections),
      before.slice(1),
    )
  })

  for (const path of ['/named', '/moving.test']) {
    it(`follow a name to its new address at ${path}`, async () => {
      dns.setAddresses('moving.test', ['127.0.0.1'], 1)
      await waitFor('the address', async () => await isServed(path), 10_000)
      // Nobody listens there.
      dns.setAddresses('moving.test', ['127.0.0.7'], 1)
      await waitFor('the new address', async () => !(await isServed(path)), 10_000)
      dns.setAddresses('moving.test', ['127.0.0.1'], 1)
      await waitFor('the old address', async () => await isServed(path), 10_000)
    })
  }

  async function isServed(path: string): Promise<boolean> {
    return (await requestOnce(gateway.proxyPort, 'GET', path)).status === 200
  }

  it('wait for a name that is new, and are refused when it does not exist', async () => {
    const { status, text } = await requestOnce(gateway.proxyPort, 'GET', '/nowhere.test')
    assert.equal(status, 503)
    assert.match(text, /name resolution failed/)
  })
})
