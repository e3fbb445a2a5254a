// Which Host a target is sent that an SRV record names.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { DnsServer } from '../../support/dns-server.js'
import { startGateway, type RunningGateway } from '../../support/gateway.js'
import { requestOnce } from '../../support/http-client.js'
import { header } from '../../support/message-reader.js'
import { startRecordingTarget, type RecordingTarget } from '../../support/recording-target.js'

describe('a target that an SRV record names', () => {
  let target: RecordingTarget
  let dns: DnsServer
  let gateway: RunningGateway
  before(async () => {
    target = await startRecordingTarget()
    dns = await DnsServer.start()
    const data = { target: 'node1.test', port: target.port, priority: 0, weight: 1 }
    dns.set('SRV app.test', { answers: [{ name: 'app.test', type: 'SRV', ttl: 60, data }] })
    dns.setAddresses('node1.test', ['127.0.0.1'])
    dns.setAddresses('plain.test', ['127.0.0.1'])
    const upstreams = [
      { name: 'named', use_srv_name: true },
      { name: 'unnamed' },
      { name: 'given', use_srv_name: true, host_header: 'given.test' },
      { name: 'plain', use_srv_name: true, target: 'plain.test' },
    ]
    gateway = await startGateway({
      config: {
        _format_version: '3.0',
        upstreams: upstreams.map(({ target: host = 'app.test', ...upstream }) => ({
          ...upstream,
          targets: [{ target: `${host}:${target.port}` }],
        })),
        services: upstreams.map(({ name }) => ({
          name,
          host: name,
          routes: [
            { name, paths: [`/${name}`] },
            { name: `kept-${name}`, paths: [`/kept-${name}`], preserve_host: true },
          ],
        })),
      },
      env: { KONG_DNS_RESOLVER: `127.0.0.1:${dns.port}`, KONG_DNS_ORDER: 'SRV,A' },
    })
  })
  after(async () => {
    await gateway.stop()
    await dns.close()
    await target.close()
  })

  async function hostSent(path: string): Promise<string | undefined> {
    const { status } = await requestOnce(gateway.proxyPort, 'GET', path, { Host: 'client.test' })
    assert.equal(status, 200)
    return header(target.requests.at(-1) ?? assert.fail('the target has got nothing'), 'host')
  }

  for (const [what, path, host] of [
    ['that name with use_srv_name', '/named', 'node1.test'],
    ['its own name without', '/unnamed', 'app.test'],
    ['the host_header of the upstream, if it has one', '/given', 'given.test'],
    ['its own name where there is no SRV record', '/plain', 'plain.test'],
  ] as const) {
    it(`is sent ${what}`, async () => {
      assert.equal(await hostSent(path), `${host}:${target.port}`)
    })
  }

  it("is sent the client's Host where the route preserves it", async () => {
    assert.equal(await hostSent('/kept-named'), 'client.test')
  })
})
