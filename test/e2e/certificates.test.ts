// Certificates from the declarative file and the settings, as clients of a started gateway see them.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { X509Certificate } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { connect } from 'node:tls'
import { startEcho, type RunningEcho } from '../../src/cli/echo.js'
import { ENGINES } from '../../src/gateway/engine-settings.js'
import { makeCertificate, type Certificate } from '../support/certificates.js'
import { runToEnd } from '../support/child.js'
import { makeFolder, type Folder } from '../support/folder.js'
import { oneRoute, startGateway, type RunningGateway } from '../support/gateway.js'
import { freePort } from '../support/ports.js'
import { gwCommand } from '../support/root.js'
import { waitFor } from '../support/wait.js'

const DEFAULT = makeCertificate('DNS:default')
const ONE = makeCertificate('DNS:one.test')
const RSA = makeCertificate('DNS:one.test', 'rsa')
const WILD = makeCertificate('DNS:*.wild.test')

let echo: RunningEcho
let folder: Folder
before(async () => {
  echo = await startEcho({ host: '127.0.0.1', port: 0 })
  folder = makeFolder()
})
after(async () => {
  folder.remove()
  await echo.close()
})

function config(certificates: readonly object[]): object {
  return { ...oneRoute(echo.port), certificates }
}

/** Starts a gateway whose one listener has TLS. */
async function startSecure(
  engine: string,
  file: object,
  env: Readonly<Record<string, string>> = {},
): Promise<{ gateway: RunningGateway; port: number }> {
  const port = await freePort()
  const listen = { KONG_PROXY_LISTEN: `127.0.0.1:${port} ssl engine=${engine}` }
  return { gateway: await startGateway({ config: file, env: { ...listen, ...env } }), port }
}

async function shownFor(port: number, servername: string): Promise<X509Certificate> {
  const socket = connect({ port, host: '127.0.0.1', servername, rejectUnauthorized: false })
  await once(socket, 'secureConnect')
  const certificate = socket.getPeerX509Certificate()
  socket.destroy()
  return certificate ?? assert.fail('no certificate')
}

async function isShown(port: number, servername: string, { cert }: Certificate): Promise<boolean> {
  return (await shownFor(port, servername)).raw.equals(new X509Certificate(cert).raw)
}

for (const engine of ENGINES) {
  describe(`gw start with an ssl listener of ${engine}`, () => {
    it('shows the certificates of the file by SNI, that of the settings to all others', async () => {
      const { gateway, port } = await startSecure(
        engine,
        config([
          { ...ONE, snis: [{ name: 'one.test' }] },
          { ...WILD, snis: [{ name: '*.wild.test' }] },
        ]),
        {
          KONG_SSL_CERT: folder.write('default.pem', DEFAULT.cert),
          KONG_SSL_CERT_KEY: folder.write('default.key', DEFAULT.key),
        },
      )
      try {
        assert.ok(await isShown(port, 'one.test', ONE))
        assert.ok(await isShown(port, 'a.wild.test', WILD))
        assert.ok(await isShown(port, 'other.test', DEFAULT))
      } finally {
        await gateway.stop()
      }
    })

    it('takes secrets from the environment, and shows none of them', async () => {
      const env = { SECRET_CERT: ONE.cert, SECRET_KEY: ONE.key }
      const referring = { cert: '{vault://env/secret-cert}', key: '{vault://env/secret-key}' }
      const { gateway, port } = await startSecure(
        engine,
        config([{ ...referring, snis: [{ name: 'one.test' }] }]),
        env,
      )
      try {
        assert.ok(await isShown(port, 'one.test', ONE))
        assert.doesNotMatch(gateway.log, /BEGIN/)
      } finally {
        await gateway.stop()
      }
    })

    it('shows a new certificate after a reload, from the file and from the settings', async () => {
      const settings = {
        KONG_SSL_CERT: folder.write('renewed.pem', DEFAULT.cert),
        KONG_SSL_CERT_KEY: folder.write('renewed.key', DEFAULT.key),
      }
      const { gateway, port } = await startSecure(
        engine,
        config([{ ...ONE, snis: [{ name: 'one.test' }] }]),
        settings,
      )
      try {
        assert.ok(await isShown(port, 'one.test', ONE))
        folder.write('renewed.pem', WILD.cert)
        folder.write('renewed.key', WILD.key)
        gateway.writeConfig(config([{ ...RSA, snis: [{ name: 'one.test' }] }]))
        gateway.child.signal('SIGHUP')
        await waitFor('the reload', () => gateway.log.includes('configuration reloaded'))
        assert.ok(await isShown(port, 'one.test', RSA))
        assert.ok(await isShown(port, 'other.test', WILD))
      } finally {
        await gateway.stop()
      }
    })

    it('keeps what it has when a reload brings a certificate that is wrong', async () => {
      const settings = {
        KONG_SSL_CERT: folder.write('kept.pem', DEFAULT.cert),
        KONG_SSL_CERT_KEY: folder.write('kept.key', DEFAULT.key),
      }
      const { gateway, port } = await startSecure(engine, config([]), settings)
      try {
        const file = folder.write('kept.key', ONE.key)
        gateway.writeConfig(config([{ ...ONE, snis: [{ name: 'one.test' }] }]))
        gateway.child.signal('SIGHUP')
        await waitFor('the refusal', () => gateway.log.includes('was not reloaded'))
        assert.ok(gateway.log.includes(file))
        assert.ok(await isShown(port, 'one.test', DEFAULT))
      } finally {
        await gateway.stop()
      }
    })

    it('makes a certificate when it has none, and says so', async () => {
      const { gateway, port } = await startSecure(engine, oneRoute(echo.port))
      try {
        const { subject } = await shownFor(port, 'any.test')
        assert.match(subject, /O=gw\n.*CN=localhost$/s)
        assert.match(gateway.log, /self-signed certificate.*KONG_SSL_CERT/)
      } finally {
        await gateway.stop()
      }
    })
  })
}

describe('an ssl listener of uws', () => {
  it('says what its library cannot do', async () => {
    const { gateway } = await startSecure(
      'uws',
      config([{ ...RSA, cert_alt: ONE.cert, key_alt: ONE.key, snis: [{ name: 'one.test' }] }]),
      { KONG_SSL_SESSION_TICKETS: 'off', KONG_SSL_CIPHER_SUITE: 'modern' },
    )
    await gateway.stop()
    assert.match(gateway.log, /ssl_protocols, ssl_session_tickets .*have no effect/)
    assert.match(gateway.log, /of 1 with an alternative, only the first is served/)
  })
})

describe('gw start with a certificate that is wrong', () => {
  it('exits with 1 and names what is wrong with it', async () => {
    const file = folder.write('plain.yml', JSON.stringify(oneRoute(echo.port)))
    const referring = { cert: '{vault://env/bad-cert}', key: '{vault://env/bad-key}' }
    const secret = folder.write('secret.yml', JSON.stringify(config([referring])))
    const cert = folder.write('a.pem', DEFAULT.cert)
    const cases: readonly (readonly [string, Readonly<Record<string, string>>, RegExp])[] = [
      [file, { KONG_SSL_CERT: cert, KONG_SSL_CERT_KEY: '/nowhere.key' }, /nowhere\.key.*ENOENT/],
      [
        file,
        { KONG_SSL_CERT: cert, KONG_SSL_CERT_KEY: folder.write('b.key', ONE.key) },
        /a\.pem and key \S*b\.key do not belong together/,
      ],
      [
        secret,
        { BAD_CERT: ONE.cert, BAD_KEY: RSA.key },
        /secret\.yml:\d+:\d+ certificates\[0\]: certificate does not match key/,
      ],
      [secret, { BAD_CERT: 'no PEM', BAD_KEY: RSA.key }, /certificates\[0\]\.cert: invalid cert/],
    ]
    for (const [config, env, message] of cases) {
      const { code, output } = await runToEnd(process.execPath, [gwCommand, 'start', config], {
        KONG_PROXY_LISTEN: '127.0.0.1:0 ssl',
        KONG_ADMIN_LISTEN: 'off',
        KONG_STATUS_LISTEN: 'off',
        KONG_PREFIX: `${folder.path}/prefix`,
        ...env,
      })
      assert.equal(code, 1, output)
      assert.match(output, message)
      assert.doesNotMatch(output, /PRIVATE KEY|^ {4}at /m)
    }
  })
})
