// TLS with directories: from the start and by StartTLS, and whom the gateway takes for the server.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { issueCertificate, makeAuthority } from '../../support/certificates.js'
import { makeFolder, type Folder } from '../../support/folder.js'
import { startGateway } from '../../support/gateway.js'
import { ENGINES, ldapAuth, startLdapGateway } from '../../support/ldap-gateway.js'
import type { LdapGateway } from '../../support/ldap-gateway.js'
import { ANSWERS, startFakeLdap, type FakeLdap } from '../../support/ldap-server.js'
import { startRecordingTarget, type RecordingTarget } from '../../support/recording-target.js'
import { startSlapd, USERS, type RunningSlapd } from '../../support/slapd.js'
import { waitFor } from '../../support/wait.js'

const RIGHT = USERS.einstein
const ROOT = makeAuthority('root')
const MIDDLE = makeAuthority('middle', ROOT)
const STRANGE = makeAuthority('strange')

const FROM_THE_START = { ldaps: true }
const BY_START_TLS = { start_tls: true }
const VERIFIED = { verify_ldap_host: true }

let target: RecordingTarget
let folder: Folder
let slapd: RunningSlapd
let plain: RunningSlapd
/** Shows a certificate for another name. */
let misnamed: RunningSlapd
/** Takes connections, and says nothing, or closes them in the middle of the handshake. */
let silent: FakeLdap
let curt: FakeLdap
let trusting: LdapGateway
let distrusting: LdapGateway
before(async () => {
  target = await startRecordingTarget()
  folder = makeFolder()
  const names = 'IP:127.0.0.1,DNS:localhost'
  const certificate = issueCertificate(MIDDLE, { names, chain: [MIDDLE] })
  slapd = await startSlapd({ certificate })
  plain = await startSlapd()
  misnamed = await startSlapd({ certificate: issueCertificate(ROOT, { names: 'DNS:other.test' }) })
  silent = await startFakeLdap(() => undefined)
  let isCurt = false
  curt = await startFakeLdap((socket) => {
    isCurt = !isCurt
    if (isCurt) socket.write(ANSWERS.startTls)
    else socket.destroy()
  })
  const routes = routesOf()
  const trusts = (pem: string, name: string) => ({
    KONG_LUA_SSL_TRUSTED_CERTIFICATE: folder.write(name, pem),
  })
  trusting = await startLdapGateway(target, routes, trusts(ROOT.cert, 'root.pem'))
  distrusting = await startLdapGateway(target, routes, trusts(STRANGE.cert, 'strange.pem'))
})
after(async () => {
  for (const { gateway } of [trusting, distrusting]) assert.equal((await gateway.stop()).code, 0)
  for (const server of [slapd, plain, misnamed]) await server.stop()
  for (const server of [silent, curt, target]) await server.close()
  folder.remove()
})

function routesOf(): Readonly<Record<string, readonly object[]>> {
  const { port, securePort } = slapd
  const secure = (config: object) => [ldapAuth(securePort, { ...FROM_THE_START, ...config })]
  const upgraded = (config: object) => [ldapAuth(port, { ...BY_START_TLS, ...config })]
  const byName = { ldap_host: 'localhost', ...VERIFIED }
  return {
    'ldaps-lax': secure({}),
    ldaps: secure(VERIFIED),
    'ldaps-name': secure(byName),
    'start-lax': upgraded({ cache_ttl: 0 }),
    start: upgraded(VERIFIED),
    'start-name': upgraded(byName),
    'ldaps-misnamed': [ldapAuth(misnamed.securePort, { ...FROM_THE_START, ...VERIFIED })],
    'start-misnamed': [
      ldapAuth(misnamed.port, { ...BY_START_TLS, ...VERIFIED, ldap_host: 'localhost' }),
    ],
    'ldaps-to-plain': [ldapAuth(plain.port, FROM_THE_START)],
    'start-to-plain': [ldapAuth(plain.port, BY_START_TLS)],
    'ldaps-to-silent': [ldapAuth(silent.port, { ...FROM_THE_START, timeout: 300 })],
    'start-to-silent': [ldapAuth(silent.port, { ...BY_START_TLS, timeout: 300 })],
    'start-to-curt': [ldapAuth(curt.port, BY_START_TLS)],
  }
}

/** Until slapd has written all there is to write: it has, once it has written of a last question. */
let marks = 0
async function logOf(ldap: LdapGateway): Promise<void> {
  const mark = `mark-${++marks}`
  assert.equal(await ldap.statusFor('uws', '/start-lax', mark, 'x'), 401)
  await waitFor('the log of slapd', () => slapd.binds(mark) === 1)
}

for (const engine of ENGINES) {
  describe(`ldap-auth on ${engine} with TLS`, () => {
    const judge = (ldap: LdapGateway, route: string, password: string = RIGHT) =>
      ldap.statusFor(engine, `/${route}`, 'einstein', password)

    for (const route of ['ldaps-lax', 'ldaps', 'ldaps-name', 'start-lax', 'start', 'start-name']) {
      it(`${route} lets a user of a server pass whose authority is trusted`, async () => {
        assert.equal(await judge(trusting, route), 200)
        assert.equal(await judge(trusting, route, `wrong on ${engine}`), 401)
      })
    }

    for (const route of ['ldaps', 'ldaps-name', 'start', 'start-name']) {
      it(`${route} answers 401 when the authority is not, and does not ask`, async () => {
        await logOf(distrusting)
        const binds = slapd.binds('einstein')
        assert.equal(await judge(distrusting, route), 401)
        await logOf(distrusting)
        const { connections } = slapd
        assert.equal(await judge(distrusting, route), 401)
        await logOf(distrusting)
        assert.equal(slapd.connections, connections, 'the refusal is known')
        assert.equal(slapd.binds('einstein'), binds)
      })
    }

    it('answers 401 when the certificate is for another name', async () => {
      assert.equal(await judge(trusting, 'ldaps-misnamed'), 401)
      assert.equal(await judge(trusting, 'start-misnamed'), 401)
      assert.equal(misnamed.binds('einstein'), 0)
    })

    it('does not care whose certificate it is without verify_ldap_host', async () => {
      assert.equal(await judge(distrusting, 'ldaps-lax'), 200)
      assert.equal(await judge(distrusting, 'start-lax'), 200)
    })

    it('answers 500 when the server refuses StartTLS', async () => {
      assert.equal(await judge(trusting, 'start-to-plain'), 500)
      assert.equal(plain.binds('einstein'), 0)
    })

    it('answers 500 when the server is silent about StartTLS', async () => {
      assert.equal(await judge(trusting, 'start-to-silent'), 500)
    })

    it('answers 401 when the handshake comes to nothing', async () => {
      for (const route of ['ldaps-to-plain', 'ldaps-to-silent', 'start-to-curt']) {
        assert.equal(await judge(trusting, route), 401, route)
      }
      await waitFor('the connections to close', () => silent.open + curt.open === 0)
    })
  })
}

describe('ldap-auth with TLS', () => {
  it('secures a connection once, for one question after the other', async () => {
    const upgrades = () => slapd.log.split('STARTTLS').length - 1
    await trusting.statusFor('uws', '/start-lax', 'einstein', RIGHT)
    const before = upgrades()
    const binds = slapd.binds('einstein')
    for (let i = 0; i < 5; i++) {
      assert.equal(await trusting.statusFor('uws', '/start-lax', 'einstein', RIGHT), 200)
    }
    await waitFor('the log of slapd', () => slapd.binds('einstein') === binds + 5)
    assert.equal(upgrades(), before)
  })

  it('trusts no chain that is longer than KONG_LUA_SSL_VERIFY_DEPTH', async () => {
    const env = {
      KONG_LUA_SSL_TRUSTED_CERTIFICATE: folder.write('root.pem', ROOT.cert),
      KONG_LUA_SSL_VERIFY_DEPTH: '0',
    }
    const ldap = await startLdapGateway(target, routesOf(), env)
    try {
      assert.equal(await ldap.statusFor('uws', '/start', 'einstein', RIGHT), 401)
      assert.match(ldap.gateway.log, /no TLS with 127\.0\.0\.1:\d+: CERT_CHAIN_TOO_LONG/)
    } finally {
      await ldap.gateway.stop()
    }
  })

  it('reconnects after a restart of the server', async () => {
    const own = await startSlapd({ certificate: issueCertificate(ROOT, { names: 'IP:127.0.0.1' }) })
    const config = { ...BY_START_TLS, cache_ttl: 0 }
    const ldap = await startLdapGateway(target, { all: [ldapAuth(own.port, config)] })
    let next: RunningSlapd | null = null
    try {
      assert.equal(await ldap.statusFor('uws', '/all', 'einstein', RIGHT), 200)
      await own.stop()
      next = await startSlapd({ certificate: issueCertificate(ROOT), port: own.port })
      assert.equal(await ldap.statusFor('uws', '/all', 'einstein', RIGHT), 200)
    } finally {
      await ldap.gateway.stop()
      await own.stop()
      await next?.stop()
    }
  })

  it('does not start with authorities that cannot be read, and names them', async () => {
    const config = {
      _format_version: '3.0',
      plugins: [ldapAuth(slapd.port, { ...BY_START_TLS, ...VERIFIED })],
    }
    const env = { KONG_LUA_SSL_TRUSTED_CERTIFICATE: '/nowhere/ca.pem' }
    await assert.rejects(
      startGateway({ config, env }),
      /plugin 'ldap-auth': .*cannot read the certificates: \/nowhere\/ca\.pem/,
    )
  })
})
