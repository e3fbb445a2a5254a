// What resolvers do to the client: late, silent, broken, lying and long answers, and those that change.
import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'node:test'
import { DnsError } from '../../../src/upstream/dns/dns-error.js'
import { startDnsClient, type TestDnsClient } from '../../support/dns-client.js'
import { DnsServer } from '../../support/dns-server.js'
import { freePort } from '../../support/ports.js'
import { waitFor } from '../../support/wait.js'
import type { Packet } from 'dns-packet'
import type { DnsName } from '../../../src/upstream/dns/contract.js'
import type { DnsSettings } from '../../../src/upstream/dns/settings.js'

const servers: DnsServer[] = []
const clients: TestDnsClient[] = []

afterEach(async () => {
  for (const client of clients.splice(0)) client.close()
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

async function startServer(...ips: string[]): Promise<DnsServer> {
  const server = await DnsServer.start()
  if (ips.length > 0) server.setAddresses('www.test', ips)
  servers.push(server)
  return server
}

function start(
  asked: readonly DnsServer[],
  settings: Partial<DnsSettings> = {},
  resolvConf = '',
): TestDnsClient {
  const client = startDnsClient(asked, { resolvConf, settings: { order: ['A'], ...settings } })
  clients.push(client)
  return client
}

function ipsOf(name: DnsName): string[] | undefined {
  return name.answer?.addresses.map(({ ip }) => ip)
}

async function resolved(client: TestDnsClient, name = 'www.test'): Promise<string[] | undefined> {
  const opened = client.open(name)
  await opened.resolve()
  return ipsOf(opened)
}

async function refusal(client: TestDnsClient, name = 'www.test'): Promise<DnsError> {
  const outcome: unknown = await client
    .open(name)
    .resolve()
    .catch((error: unknown) => error)
  assert.ok(outcome instanceof DnsError)
  return outcome
}

describe('an answer', () => {
  it('that does not fit into a datagram is fetched over TCP', async () => {
    const ips = Array.from({ length: 200 }, (_, i) => `10.0.${i}.1`)
    const server = await startServer(...ips)
    assert.deepEqual(await resolved(start([server])), ips)
    assert.deepEqual(server.asked, ['udp A www.test', 'tcp A www.test'])
  })

  it('is not believed with another id, or to another question', async () => {
    const server = await startServer('10.0.0.1')
    server.strays = ({ id = 0, questions = [] }) => {
      const answers = [{ name: 'www.test', type: 'A', ttl: 60, data: '10.6.6.6' } as const]
      const common = { type: 'response', answers } as const
      return [
        { ...common, id: (id + 1) % 0x10000, questions },
        { ...common, id, questions: [{ name: 'www.evil.test', type: 'A' }] },
      ]
    }
    assert.deepEqual(await resolved(start([server])), ['10.0.0.1'])
  })

  it('among a flood of others is not waited for', async () => {
    const server = await startServer('10.0.0.1')
    const stray: Packet = { type: 'response', questions: [{ name: 'x.test', type: 'A' }] }
    server.strays = () => Array.from({ length: 200 }, () => stray)
    const error = await refusal(start([server], {}, 'options attempts:1'))
    assert.match(error.reason, /too many replies to other questions/)
  })

  it('is asked for once by all who wait for it', async () => {
    const server = await startServer('10.0.0.1')
    const client = start([server])
    server.hold()
    const waiting = Promise.all(Array.from({ length: 100 }, () => resolved(client)))
    await waitFor('the question', () => server.asked.length > 0)
    server.release()
    assert.equal((await waiting).length, 100)
    assert.deepEqual(server.asked, ['udp A www.test'])
  })

  it('that has changed takes the place of the old one, which serves meanwhile', async () => {
    const server = await startServer('10.0.0.1')
    const client = start([server])
    await resolved(client)
    server.setAddresses('www.test', ['10.0.0.2', '10.0.0.3'])
    const name = client.open('www.test')
    client.pass(59_999)
    assert.deepEqual(ipsOf(name), ['10.0.0.1'])
    assert.equal(server.asked.length, 1)
    client.pass(1)
    assert.deepEqual(ipsOf(name), ['10.0.0.1'])
    await waitFor('the new answer', () => ipsOf(name)?.length === 2)
    assert.deepEqual(ipsOf(name), ['10.0.0.2', '10.0.0.3'])
    assert.equal(server.asked.length, 2)
  })

  it('expires by the clock of the client, when time passes by itself', async () => {
    const server = await startServer()
    server.setAddresses('www.test', ['10.0.0.1'], 0)
    const client = startDnsClient([server], { hasOwnClock: true })
    clients.push(client)
    await resolved(client)
    server.setAddresses('www.test', ['10.0.0.2'], 0)
    const name = client.open('www.test')
    assert.deepEqual(ipsOf(name), ['10.0.0.1'])
    await waitFor('the new answer', () => ipsOf(name)?.[0] === '10.0.0.2')
  })

  it('serves on when the resolver fails, and until it says that there is no such name', async () => {
    const server = await startServer('10.0.0.1')
    const client = start([server])
    await resolved(client)
    const name = client.open('www.test')
    server.set('A www.test', { rcode: 2 })
    client.pass(60_000)
    assert.deepEqual(ipsOf(name), ['10.0.0.1'])
    await waitFor('the failure', () => client.lines.length === 1)
    assert.match(client.lines[0] ?? '', /www\.test could not be resolved .*2 server failure/)
    assert.deepEqual(ipsOf(name), ['10.0.0.1'])
    server.forget('www.test')
    client.pass(1_000)
    await waitFor('the end', () => name.answer === null)
    assert.equal((await refusal(client)).code, 'UPSTREAM_NAME')
  })

  it('is forgotten by and by, when other names are asked for', async () => {
    const server = await startServer()
    const client = start([server], { cacheSize: 2 })
    for (const name of ['a.test', 'b.test', 'c.test']) {
      server.setAddresses(name, ['10.0.0.1'])
      await resolved(client, name)
    }
    await resolved(client, 'c.test')
    assert.equal(server.asked.length, 3)
    await resolved(client, 'a.test')
    assert.equal(server.asked.length, 4)
  })
})

describe('a resolver', () => {
  it('that is silent is passed over, and not asked first the next time', async () => {
    const [silent, second] = [await startServer('10.6.6.6'), await startServer('10.0.0.1')]
    silent.isSilent = true
    second.setAddresses('two.test', ['10.0.0.2'])
    const client = start([silent, second], {}, 'options timeout:1 attempts:5')
    assert.deepEqual(await resolved(client), ['10.0.0.1'])
    assert.deepEqual(await resolved(client, 'two.test'), ['10.0.0.2'])
    assert.ok(silent.asked.includes('udp A www.test'))
    assert.ok(!silent.asked.includes('udp A two.test'))
  })

  it('that cannot say is passed over for one that can', async () => {
    const [broken, second] = [await startServer(), await startServer('10.0.0.1')]
    broken.set('A www.test', { rcode: 5 })
    assert.deepEqual(await resolved(start([broken, second])), ['10.0.0.1'])
  })

  it('that cannot say has the last word when no other one answers', async () => {
    const broken = await startServer()
    broken.set('A www.test', { rcode: 5 })
    assert.equal((await refusal(start([broken]))).reason, 'dns server error: 5 refused')
    assert.equal(broken.asked.length, 1)
  })

  it('that is not there is a 500, and the log alone is told its address', async () => {
    // The client itself keeps no process running.
    await startServer()
    const port = await freePort()
    const error = await refusal(start([], { servers: [{ ip: '127.0.0.1', port }] }))
    assert.equal(error.status, 500)
    assert.equal(
      error.message,
      "failed the initial dns/balancer resolve for 'www.test' with: failed to receive reply from the dns server: ECONNREFUSED",
    )
    assert.ok(error.detail?.includes(`UDP server 127.0.0.1:${port}: ECONNREFUSED`))
  })

  it('that cannot be asked at all is a 500, too', async () => {
    const error = await refusal(start([], { servers: [{ ip: '127.0.0.1', port: 70_000 }] }))
    assert.equal(error.code, 'UPSTREAM_RESOLVE')
    assert.match(error.reason, /ERR_SOCKET_BAD_PORT/)
  })

  it('takes its turn with the others where the resolver file says rotate', async () => {
    const all = [await startServer('10.0.0.1'), await startServer('10.0.0.1')]
    const client = start(all, {}, 'options rotate')
    for (const name of ['a.test', 'b.test', 'c.test', 'd.test']) await refusal(client, name)
    assert.deepEqual(
      all.map(({ asked }) => asked.length),
      [2, 2],
    )
  })

  it('is not waited for any longer once the client is closed', async () => {
    const server = await startServer('10.0.0.1')
    server.isSilent = true
    const client = start([server])
    const waiting = Array.from({ length: 300 }, (_, i) => refusal(client, `${i}.test`))
    await waitFor('questions', () => server.asked.length > 0)
    client.close()
    const errors = await Promise.all(waiting)
    assert.ok(errors.every(({ reason }) => reason.includes('closed')))
    await refusal(client, 'late.test')
    assert.ok(!server.asked.includes('udp A late.test'))
  })

  it('is not asked more at the same time than there are sockets to spare', async () => {
    const server = await startServer()
    server.hold()
    const client = start([server])
    const waiting = Array.from({ length: 1000 }, (_, i) => refusal(client, `${i}.test`))
    await waitFor('as many as go', () => server.asked.length === 128)
    server.release()
    await Promise.all(waiting)
    assert.equal(server.asked.length, 1000)
  })
})
