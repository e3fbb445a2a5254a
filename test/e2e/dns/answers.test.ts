// What a name comes to: types in their order, aliases, services, search domains and the hosts file.
import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { DnsError } from '../../../src/upstream/dns/dns-error.js'
import { startDnsClient, type TestDnsClient } from '../../support/dns-client.js'
import { DnsServer } from '../../support/dns-server.js'
import type { Answer } from 'dns-packet'

let server: DnsServer
const clients: TestDnsClient[] = []

beforeEach(async () => {
  server = await DnsServer.start()
})

afterEach(async () => {
  for (const client of clients.splice(0)) client.close()
  await server.close()
})

function start(surroundings?: Parameters<typeof startDnsClient>[1]): TestDnsClient {
  const client = startDnsClient([server], surroundings)
  clients.push(client)
  return client
}

function srv(name: string, data: { target: string; port: number } & Partial<Weights>): Answer {
  return { name, type: 'SRV', ttl: 60, data }
}

interface Weights {
  readonly weight: number
  readonly priority: number
}

function alias(name: string, data: string, ttl = 60): Answer {
  return { name, type: 'CNAME', ttl, data }
}

async function ipsOf(client: TestDnsClient, name: string): Promise<string[]> {
  const { addresses } = await client.open(name).resolve()
  return addresses.map(({ ip }) => ip)
}

async function refusal(client: TestDnsClient, name: string): Promise<DnsError> {
  try {
    await client.open(name).resolve()
  } catch (error) {
    assert.ok(error instanceof DnsError)
    return error
  }
  throw new assert.AssertionError({ message: `${name} resolves` })
}

describe('a name', () => {
  it('stands for all its addresses, after SRV was asked for in vain', async () => {
    server.setAddresses('www.test', ['10.0.0.1', '10.0.0.2'], 30)
    const answer = await start().open('WWW.test').resolve()
    assert.deepEqual(answer, {
      type: 'A',
      ttlMs: 30_000,
      addresses: [
        { ip: '10.0.0.1', port: 0, weight: 1 },
        { ip: '10.0.0.2', port: 0, weight: 1 },
      ],
    })
    assert.deepEqual(server.asked, ['udp SRV www.test', 'udp A www.test'])
  })

  it('is one object, whatever its case', () => {
    const client = start()
    assert.equal(client.open('www.test'), client.open('WWW.Test'))
  })

  it('is asked for AAAA when the order says so', async () => {
    server.set('AAAA six.test', {
      answers: [{ name: 'six.test', type: 'AAAA', ttl: 60, data: '2001:db8::1' }],
    })
    const { type, addresses } = await start({ settings: { order: ['A', 'AAAA'] } })
      .open('six.test')
      .resolve()
    assert.deepEqual([type, addresses[0]?.ip], ['AAAA', '2001:db8::1'])
    assert.equal((await refusal(start(), 'six.test')).code, 'UPSTREAM_NAME')
  })

  it('that is an address needs no resolver', async () => {
    const client = start()
    assert.deepEqual(await ipsOf(client, '10.0.0.9'), ['10.0.0.9'])
    assert.equal((await client.open('[::1]').resolve()).type, 'AAAA')
    assert.deepEqual(server.asked, [])
  })

  it('that does not exist is told as 503 name resolution failed', async () => {
    const error = await refusal(start(), 'missing.test')
    assert.deepEqual(
      [error.code, error.status, error.message, error.reason],
      ['UPSTREAM_NAME', 503, 'name resolution failed', 'dns server error: 3 name error'],
    )
  })

  it('without a record of the kind is told the same', async () => {
    server.set('TXT empty.test', { answers: [] })
    const error = await refusal(start(), 'empty.test')
    assert.equal(error.code, 'UPSTREAM_NAME')
    assert.equal(error.reason, 'dns client error: 101 empty record received')
  })

  it('that the resolver fails for is told as 500, with the failure', async () => {
    for (const type of ['SRV', 'A', 'CNAME']) server.set(`${type} broken.test`, { rcode: 2 })
    const error = await refusal(start(), 'broken.test')
    assert.equal(error.code, 'UPSTREAM_RESOLVE')
    assert.equal(error.status, 500)
    assert.equal(
      error.message,
      "failed the initial dns/balancer resolve for 'broken.test' with: dns server error: 2 server failure",
    )
  })

  it('that cannot be asked for does not exist', async () => {
    const error = await refusal(start(), `${'a'.repeat(64)}.test`)
    assert.equal(error.code, 'UPSTREAM_NAME')
    assert.deepEqual(server.asked, [])
  })
})

describe('aliases', () => {
  it('are followed within an answer, and the shortest lifetime on the way counts', async () => {
    server.set('A www.test', {
      answers: [
        alias('www.test', 'edge.test', 20),
        alias('edge.test', 'host.test', 300),
        { name: 'host.test', type: 'A', ttl: 60, data: '10.0.0.7' },
        { name: 'other.test', type: 'A', ttl: 60, data: '10.6.6.6' },
      ],
    })
    const { addresses, ttlMs } = await start().open('www.test').resolve()
    assert.deepEqual([addresses.map(({ ip }) => ip), ttlMs], [['10.0.0.7'], 20_000])
  })

  it('are followed with further questions where the resolver leaves them unfinished', async () => {
    server.set('A www.test', { answers: [alias('www.test', 'host.test')] })
    server.setAddresses('host.test', ['10.0.0.8'])
    assert.deepEqual(await ipsOf(start(), 'www.test'), ['10.0.0.8'])
  })

  it('are found by a question for CNAME', async () => {
    server.set('CNAME www.test', { answers: [alias('www.test', 'host.test')] })
    server.setAddresses('host.test', ['10.0.0.8'])
    assert.deepEqual(await ipsOf(start(), 'www.test'), ['10.0.0.8'])
  })

  it('that go round come to an end', async () => {
    for (const type of ['SRV', 'A', 'CNAME']) {
      server.set(`${type} a.test`, { answers: [alias('a.test', 'b.test')] })
      server.set(`${type} b.test`, { answers: [alias('b.test', 'a.test')] })
    }
    const client = start()
    const [error] = await Promise.all([refusal(client, 'a.test'), refusal(client, 'b.test')])
    assert.equal(error.reason, 'recursion detected')
    assert.ok(server.asked.length < 200, `${server.asked.length} questions`)
  })
})

describe('services', () => {
  it('have ports and weights, and of the priorities the lowest alone', async () => {
    server.set('SRV app.test', {
      answers: [
        srv('app.test', { target: 'one.test', port: 8001, weight: 10, priority: 1 }),
        srv('app.test', { target: 'two.test', port: 8002, weight: 0, priority: 1 }),
        srv('app.test', { target: 'far.test', port: 8003, weight: 10, priority: 2 }),
      ],
    })
    server.setAddresses('one.test', ['10.0.0.1'])
    server.setAddresses('two.test', ['10.0.0.2'], 5)
    const answer = await start().open('app.test').resolve()
    assert.deepEqual(answer, {
      type: 'SRV',
      ttlMs: 5_000,
      addresses: [
        { ip: '10.0.0.1', port: 8001, weight: 10, srvName: 'one.test' },
        { ip: '10.0.0.2', port: 8002, weight: 1, srvName: 'two.test' },
      ],
    })
    assert.ok(!server.asked.includes('udp A far.test'))
  })

  it('leave out the targets that do not resolve', async () => {
    server.set('SRV app.test', {
      answers: [
        srv('app.test', { target: 'gone.test', port: 8001 }),
        srv('app.test', { target: 'two.test', port: 8002 }),
      ],
    })
    server.setAddresses('two.test', ['10.0.0.2'])
    assert.deepEqual(await ipsOf(start(), 'app.test'), ['10.0.0.2'])
  })

  it('that point at themselves, as those of Kubernetes do, are passed over', async () => {
    server.set('SRV pod.test', { answers: [srv('pod.test', { target: 'pod.test', port: 80 })] })
    server.setAddresses('pod.test', ['10.0.0.3'])
    assert.equal((await start().open('pod.test').resolve()).type, 'A')
  })

  it('that are said not to be offered are none', async () => {
    server.set('SRV off.test', { answers: [srv('off.test', { target: '.', port: 0 })] })
    assert.equal((await refusal(start(), 'off.test')).code, 'UPSTREAM_NAME')
  })

  it("are asked for by names that look so alone in Kong's newer client", async () => {
    server.set('SRV _http._tcp.test', {
      answers: [srv('_http._tcp.test', { target: '10.0.0.4', port: 8004 })],
    })
    server.setAddresses('www.test', ['10.0.0.5'])
    const client = start({ settings: { order: ['A', 'SRV'], isSrvByName: true } })
    const { addresses } = await client.open('_http._tcp.test').resolve()
    assert.deepEqual(addresses, [{ ip: '10.0.0.4', port: 8004, weight: 1, srvName: '10.0.0.4' }])
    assert.deepEqual(await ipsOf(client, 'www.test'), ['10.0.0.5'])
    assert.deepEqual(server.asked, ['udp SRV _http._tcp.test', 'udp A www.test'])
  })
})

describe('search domains', () => {
  const resolvConf = 'search ns.svc.cluster.local cluster.local\noptions ndots:2\n'

  it('go before the name itself when it has few dots', async () => {
    server.setAddresses('api.ns.svc.cluster.local', ['10.0.0.1'])
    assert.deepEqual(await ipsOf(start({ resolvConf, settings: { order: ['A'] } }), 'api'), [
      '10.0.0.1',
    ])
    assert.deepEqual(server.asked, ['udp A api.ns.svc.cluster.local'])
  })

  it('go behind it when it has enough', async () => {
    server.setAddresses('a.b.c.cluster.local', ['10.0.0.2'])
    const client = start({ resolvConf, settings: { order: ['A'] } })
    assert.deepEqual(await ipsOf(client, 'a.b.c'), ['10.0.0.2'])
    assert.deepEqual(server.asked, [
      'udp A a.b.c',
      'udp A a.b.c.ns.svc.cluster.local',
      'udp A a.b.c.cluster.local',
    ])
  })

  it('do not count for a name with a dot at its end', async () => {
    server.setAddresses('api', ['10.0.0.3'])
    assert.deepEqual(await ipsOf(start({ resolvConf, settings: { order: ['A'] } }), 'api.'), [
      '10.0.0.3',
    ])
    assert.deepEqual(server.asked, ['udp A api'])
  })

  it('are those of LOCALDOMAIN where it is set', async () => {
    server.setAddresses('api.corp.test', ['10.0.0.4'])
    const environment = { LOCALDOMAIN: 'corp.test', RES_OPTIONS: 'ndots:3' }
    const client = start({ resolvConf, environment, settings: { order: ['A'] } })
    assert.deepEqual(await ipsOf(client, 'api'), ['10.0.0.4'])
  })
})

describe('the hosts file', () => {
  it('goes before every resolver, and before the search domains', async () => {
    const client = start({ hosts: '10.1.1.1 db db.internal # main\n', resolvConf: 'search test\n' })
    assert.deepEqual(await ipsOf(client, 'DB'), ['10.1.1.1'])
    assert.deepEqual(await ipsOf(client, 'db.internal.'), ['10.1.1.1'])
    assert.deepEqual(server.asked, [])
  })

  it('knows localhost, even when it is not written there', async () => {
    assert.deepEqual(await ipsOf(start(), 'localhost'), ['127.0.0.1'])
    assert.deepEqual(server.asked, [])
  })
})
