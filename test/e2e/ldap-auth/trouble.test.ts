// Directories that die, hang, come back or talk nonsense: clients get an answer in time, and the right one as soon as it
// can be had.
import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'node:test'
import { HttpClient } from '../../support/http-client.js'
import { authorization, ENGINES, ldapAuth, startLdapGateway } from '../../support/ldap-gateway.js'
import { TIMEOUT_MS, type Engine, type LdapGateway } from '../../support/ldap-gateway.js'
import { ANSWERS, startFakeLdap, type FakeLdap } from '../../support/ldap-server.js'
import { freePort } from '../../support/ports.js'
import { startRecordingTarget, type RecordingTarget } from '../../support/recording-target.js'
import { startSlapd, USERS, type RunningSlapd } from '../../support/slapd.js'
import { waitFor } from '../../support/wait.js'

const RIGHT = USERS.einstein
const GONE = 'the LDAP server does not serve'
const BACK = 'the LDAP server serves again'

let target: RecordingTarget
before(async () => {
  target = await startRecordingTarget()
})
after(() => target.close())

const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

function gatewayFor(port: number, config: object = {}): Promise<LdapGateway> {
  return gatewayWith({ all: [ldapAuth(port, config)] })
}

async function gatewayWith(
  routes: Readonly<Record<string, readonly object[]>>,
): Promise<LdapGateway> {
  const ldap = await startLdapGateway(target, routes)
  ends.push(async () => {
    const { code } = await ldap.gateway.stop()
    assert.equal(code, 0, ldap.gateway.log.slice(-2_000))
    assert.doesNotMatch(ldap.gateway.log, /a plugin failed|uncaught|unhandled|worker died/i)
  })
  return ldap
}

async function slapdOn(port?: number): Promise<RunningSlapd> {
  const slapd = await startSlapd(port === undefined ? {} : { port })
  ends.push(() => slapd.stop())
  return slapd
}

async function fake(...does: Parameters<typeof startFakeLdap>): Promise<FakeLdap> {
  const server = await startFakeLdap(...does)
  ends.push(() => server.close())
  return server
}

/** So many users at once, whom nobody has asked about before. */
let users = 0
function crowd(ldap: LdapGateway, size: number, engine: Engine = 'uws'): Promise<number[]> {
  const ask = () => ldap.statusFor(engine, '/all', `user-${++users}`, 'wrong')
  return Promise.all(Array.from({ length: size }, ask))
}

const countOf = ({ gateway }: LdapGateway, words: string): number =>
  gateway.log.split(words).length - 1

const UNCACHED = { cache_ttl: 0 }

for (const engine of ENGINES) {
  describe(`ldap-auth on ${engine}, when the server`, () => {
    it('restarts, asks it on new connections without the client noticing', async () => {
      const slapd = await slapdOn()
      const ldap = await gatewayFor(slapd.port, UNCACHED)
      slapd.pause()
      const many = crowd(ldap, 5, engine)
      await waitFor('the crowd', async () => (await ldap.requests()) >= 5)
      slapd.resume()
      assert.deepEqual(await many, Array<number>(5).fill(401))
      await slapd.stop()
      const next = await slapdOn(slapd.port)
      assert.deepEqual(await crowd(ldap, 5, engine), Array<number>(5).fill(401))
      assert.equal(await ldap.statusFor(engine, '/all', 'einstein', RIGHT), 200)
      assert.ok(next.connections > 0)
      assert.equal(countOf(ldap, GONE), 0)
    })

    it('is away, answers 500, keeps nothing, and serves as soon as it comes', async () => {
      const port = await freePort()
      const ldap = await gatewayFor(port)
      for (let i = 0; i < 3; i++) {
        assert.equal(await ldap.statusFor(engine, '/all', 'einstein', RIGHT), 500)
      }
      assert.equal(countOf(ldap, GONE), 1)
      const slapd = await slapdOn(port)
      assert.equal(await ldap.statusFor(engine, '/all', 'einstein', RIGHT), 200)
      await waitFor('the log', () => countOf(ldap, BACK) === 1)
      await slapd.stop()
      assert.equal(await ldap.statusFor(engine, '/all', 'einstein', RIGHT), 200, 'known')
      assert.equal(await ldap.statusFor(engine, '/all', 'curie', USERS.curie), 500)
    })

    it('is silent, answers 500 when the timeout is over, and lets it go', async () => {
      const server = await fake(() => undefined)
      const ldap = await gatewayFor(server.port, { timeout: 300 })
      const start = performance.now()
      assert.equal(await ldap.statusFor(engine, '/all', 'einstein', RIGHT), 500)
      assert.ok(performance.now() - start >= 280)
      await waitFor('the connection to close', () => server.open === 0)
    })

    it('is silent, and the client leaves, goes on serving others', async () => {
      const slapd = await slapdOn()
      const ldap = await gatewayFor(slapd.port, UNCACHED)
      slapd.pause()
      const clients = await Promise.all(
        Array.from({ length: 20 }, () => HttpClient.connect(ldap.portOf(engine))),
      )
      const login = authorization('einstein', RIGHT)
      for (const client of clients) {
        client.send(`GET /all HTTP/1.1\r\nHost: a\r\nAuthorization: ${login}\r\n\r\n`)
      }
      await waitFor('the crowd', async () => (await ldap.requests()) >= clients.length)
      for (const client of clients) client.close()
      const stayed = ldap.statusFor(engine, '/all', 'curie', USERS.curie)
      slapd.resume()
      assert.equal(await stayed, 200)
      assert.equal(await ldap.statusFor(engine, '/all', 'einstein', RIGHT), 200)
    })
  })
}

describe('ldap-auth, when the server', () => {
  it('is silent, asks it no more than 64 questions at once, and answers all in time', async () => {
    const server = await fake(() => undefined)
    const ldap = await gatewayFor(server.port, { timeout: 500 })
    const start = performance.now()
    const statuses = await crowd(ldap, 300)
    assert.deepEqual(statuses, Array<number>(300).fill(500))
    // The server may hear of some that are closed after the first of those that take their places.
    assert.ok(server.mostOpen <= 128, `${server.mostOpen} connections`)
    assert.ok(performance.now() - start < 30_000, 'one after the other would take minutes')
    assert.equal(countOf(ldap, GONE), 1)
  })

  it('closes a connection for a second question, asks it on another', async () => {
    const asked = new Set<number>()
    const server = await fake((socket, connection) => {
      if (asked.has(connection)) socket.destroy()
      else socket.write(ANSWERS.success)
      asked.add(connection)
    })
    const ldap = await gatewayFor(server.port, UNCACHED)
    for (let i = 1; i <= 5; i++) {
      assert.equal(await ldap.statusFor('uws', '/all', 'einstein', RIGHT), 200)
      assert.equal(server.connections, i)
    }
  })

  it('closes every connection without an answer, answers 500', async () => {
    const server = await fake((socket) => socket.destroy())
    const ldap = await gatewayFor(server.port)
    assert.equal(await ldap.statusFor('uws', '/all', 'einstein', RIGHT), 500)
    assert.equal(server.connections, 1)
  })

  it('talks nonsense, takes that for no answer', async () => {
    const nonsense = {
      'another-protocol': Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'),
      'no-result': Buffer.from('30050201016100', 'hex'),
      'another-question': ANSWERS.secondSuccess,
      'another-operation': ANSWERS.startTls,
      'said-twice': Buffer.concat([ANSWERS.success, ANSWERS.success]),
      endless: Buffer.alloc(200_000, 0x30),
      goodbye: Buffer.from('300c02010078070a013404000400', 'hex'),
    }
    const routes: Record<string, readonly object[]> = {}
    const servers: FakeLdap[] = []
    for (const [name, bytes] of Object.entries(nonsense)) {
      const server = await fake((socket) => socket.write(bytes))
      servers.push(server)
      routes[name] = [ldapAuth(server.port)]
    }
    const ldap = await gatewayWith(routes)
    for (const name of Object.keys(nonsense)) {
      assert.equal(await ldap.statusFor('uws', `/${name}`, 'einstein', RIGHT), 500, name)
    }
    await waitFor('the connections to close', () => servers.every(({ open }) => open === 0))
  })

  it('speaks on an idle connection, uses another', async () => {
    const server = await fake((socket) => {
      socket.write(ANSWERS.success)
      setTimeout(() => socket.write(ANSWERS.secondSuccess), 20)
    })
    const ldap = await gatewayFor(server.port, UNCACHED)
    assert.equal(await ldap.statusFor('uws', '/all', 'einstein', RIGHT), 200)
    await waitFor('the connection to close', () => server.open === 0)
    assert.equal(await ldap.statusFor('uws', '/all', 'einstein', 'other'), 200)
    assert.equal(server.connections, 2)
  })

  it('has more behind its answer to StartTLS, takes none of it for an answer to a bind', async () => {
    const forged = Buffer.concat([ANSWERS.startTls, ANSWERS.secondSuccess])
    // Also cut where it would be completed by what follows.
    const whole = await fake((socket) => socket.write(forged))
    const cut = await fake((socket) => socket.write(forged.subarray(0, -2)))
    const ldap = await gatewayWith({
      whole: [ldapAuth(whole.port, { start_tls: true })],
      cut: [ldapAuth(cut.port, { start_tls: true })],
    })
    for (const path of ['/whole', '/cut']) {
      assert.equal(await ldap.statusFor('uws', path, 'einstein', RIGHT), 500)
    }
    assert.deepEqual([whole.connections, cut.connections], [1, 1])
  })
})

describe('a connection of ldap-auth', () => {
  it('serves one question after the other', async () => {
    const slapd = await slapdOn()
    const ldap = await gatewayFor(slapd.port, UNCACHED)
    const before = slapd.connections
    for (let i = 0; i < 10; i++) {
      assert.equal(await ldap.statusFor('uws', '/all', 'einstein', RIGHT), 200)
      assert.equal(await ldap.statusFor('http1', '/all', 'einstein', 'wrong'), 401)
    }
    await waitFor('the log of slapd', () => slapd.binds('einstein') === 20)
    assert.equal(slapd.connections - before, 1)
  })

  it('is closed when it has been idle for keepalive', async () => {
    const slapd = await slapdOn()
    const ldap = await gatewayFor(slapd.port, { ...UNCACHED, keepalive: 50 })
    assert.equal(await ldap.statusFor('uws', '/all', 'einstein', RIGHT), 200)
    await waitFor('the goodbye', () => slapd.log.includes('UNBIND'))
    assert.equal(await ldap.statusFor('uws', '/all', 'einstein', RIGHT), 200)
  })

  it('gives its answer over a reload that does without it, and is closed then', async () => {
    const server = await fake((socket) => setTimeout(() => socket.write(ANSWERS.success), 600))
    const ldap = await gatewayFor(server.port)
    const slow = ldap.statusFor('uws', '/all', 'einstein', RIGHT)
    await waitFor('the question', () => server.open === 1)
    ldap.reload({ all: [] })
    assert.equal(await slow, 200)
    await waitFor('the reload', () => ldap.gateway.log.includes('configuration reloaded'))
    await waitFor('the connection to close', () => server.open === 0)
    assert.equal((await ldap.ask('uws', '/all')).status, 200)
  })

  it('outlives a reload that changes nothing of the directory, as does what it has said', async () => {
    const server = await fake((socket) => socket.write(ANSWERS.success))
    const ldap = await gatewayFor(server.port)
    assert.equal(await ldap.statusFor('uws', '/all', 'einstein', RIGHT), 200)
    ldap.reload({ all: [ldapAuth(server.port, { realm: 'other' })] })
    await waitFor(
      'the reload',
      async () =>
        (await ldap.ask('uws', '/all')).header('www-authenticate') === 'LDAP realm="other"',
    )
    assert.equal(await ldap.statusFor('uws', '/all', 'einstein', RIGHT), 200)
    assert.deepEqual([server.connections, server.open], [1, 1])
  })

  it('does not hold up the end of the gateway, nor does a server that is silent', async () => {
    const server = await fake(() => undefined)
    const ldap = await startLdapGateway(target, { all: [ldapAuth(server.port)] })
    const slow = ldap.statusFor('uws', '/all', 'einstein', RIGHT).catch(() => 'cut')
    await waitFor('the question', () => server.open === 1)
    const start = performance.now()
    const { code } = await ldap.gateway.stop()
    assert.equal(code, 0)
    assert.ok(performance.now() - start < TIMEOUT_MS)
    assert.equal(await slow, 'cut')
  })
})
