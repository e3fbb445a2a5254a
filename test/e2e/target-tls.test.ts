// TLS with targets as a file and the settings ask for it: whom a started gateway trusts, and what it shows.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { TLSSocket, type PeerCertificate } from 'node:tls'
import { ENGINES } from '../../src/gateway/engine-settings.js'
import {
  issueCertificate,
  makeAuthority,
  makeCertificate,
  type Certificate,
} from '../support/certificates.js'
import { runToEnd } from '../support/child.js'
import { makeFolder, type Folder } from '../support/folder.js'
import { startGateway, type RunningGateway } from '../support/gateway.js'
import { requestOnce } from '../support/http-client.js'
import { gwCommand } from '../support/root.js'
import { waitFor } from '../support/wait.js'

const ROOT = makeAuthority('root')
const MIDDLE = makeAuthority('middle', ROOT)
const TARGET = issueCertificate(ROOT, { names: 'DNS:localhost,DNS:a.test' })
const DEEP = issueCertificate(MIDDLE, { names: 'DNS:localhost', chain: [MIDDLE] })
const ONE = issueCertificate(ROOT, { name: 'one' })
const TWO = issueCertificate(ROOT, { name: 'two' })

const CA_ID = '5b6f2d6e-8f2c-4a52-9d9e-3a3f9c3c9b30'
const CERTIFICATE_ID = '5b6f2d6e-8f2c-4a52-9d9e-3a3f9c3c9b32'

/** Answers with the server name that it was told, and the name in the certificate that it was shown. */
async function startTarget(certificate: Certificate): Promise<{ server: Server; port: number }> {
  const options = { ...certificate, requestCert: true, rejectUnauthorized: false }
  const server = createServer(options, (request, response) => {
    const { socket } = request
    assert.ok(socket instanceof TLSSocket)
    // The types leave out the name, and say that a certificate is always shown.
    const { servername: told } = socket as { readonly servername?: string | false }
    const name = typeof told === 'string' ? told : 'none'
    const { subject } = socket.getPeerCertificate() as Partial<PeerCertificate>
    response.end(`${name} ${String(subject?.CN ?? 'nobody')}`)
  }).listen(0, '127.0.0.1')
  server.on('tlsClientError', () => undefined)
  await once(server, 'listening')
  return { server, port: (server.address() as AddressInfo).port }
}

let target: { server: Server; port: number }
let deep: { server: Server; port: number }
let folder: Folder
before(async () => {
  target = await startTarget(TARGET)
  deep = await startTarget(DEEP)
  folder = makeFolder()
})
after(() => {
  folder.remove()
  for (const { server } of [target, deep]) {
    server.closeAllConnections()
    server.close()
  }
})

interface Terms {
  readonly service?: object
  readonly route?: object
  readonly port?: number
}

/** A file whose services are found by their names in the path. */
function config(services: Readonly<Record<string, Terms>>, shown: object = ONE): object {
  return {
    _format_version: '3.0',
    ca_certificates: [{ id: CA_ID, cert: ROOT.cert }],
    certificates: [{ id: CERTIFICATE_ID, ...shown }],
    services: Object.entries(services).map(([name, { service, route, port = target.port }]) => ({
      name,
      url: `https://localhost:${port}`,
      retries: 0,
      routes: [{ name, paths: [`/${name}`], ...route }],
      ...service,
    })),
  }
}

async function ask({ proxyPort }: RunningGateway, path: string, host?: string): Promise<string> {
  const fields = host === undefined ? {} : { Host: host }
  const { status, body } = await requestOnce(proxyPort, 'GET', path, fields)
  return status === 200 ? body.toString() : String(status)
}

async function withGateway(
  file: object,
  env: Readonly<Record<string, string>>,
  use: (gateway: RunningGateway) => Promise<void>,
): Promise<void> {
  const gateway = await startGateway({ config: file, env })
  try {
    await use(gateway)
    assert.doesNotMatch(gateway.log, /PRIVATE KEY/)
  } finally {
    await gateway.stop()
  }
}

const verifying = { tls_verify: true, ca_certificates: [CA_ID] }
const showing = { client_certificate: { id: CERTIFICATE_ID } }

for (const engine of ENGINES) {
  describe(`a gateway on ${engine} with targets behind TLS`, () => {
    it('tells the target the Host that it sends, and holds it to that', async () => {
      const file = config({
        own: { service: verifying },
        kept: { service: verifying, route: { preserve_host: true } },
        lax: { route: { preserve_host: true } },
      })
      await withGateway(file, { GW_ENGINE: engine }, async (gateway) => {
        assert.equal(await ask(gateway, '/own', 'a.test'), 'localhost nobody')
        assert.equal(await ask(gateway, '/kept', 'A.test:8080'), 'a.test nobody')
        assert.equal(await ask(gateway, '/kept', 'b.test'), '502')
        assert.equal(await ask(gateway, '/lax', 'b.test'), 'b.test nobody')
        assert.equal(await ask(gateway, '/lax', '127.0.0.1'), 'none nobody')
        assert.equal(await ask(gateway, '/kept', 'localhost'), 'localhost nobody')
      })
    })

    it('shows another certificate after a reload, though the id is the same', async () => {
      const services = { own: { service: showing } }
      await withGateway(config(services), { GW_ENGINE: engine }, async (gateway) => {
        assert.equal(await ask(gateway, '/own'), 'localhost one')
        gateway.writeConfig(config(services, TWO))
        gateway.child.signal('SIGHUP')
        await waitFor('the reload', () => gateway.log.includes('configuration reloaded'))
        assert.equal(await ask(gateway, '/own'), 'localhost two')
      })
    })
  })
}

describe('the client_certificate of an upstream', () => {
  it('is shown to its targets, unless the service has its own', async () => {
    const other = '5b6f2d6e-8f2c-4a52-9d9e-3a3f9c3c9b33'
    const file = {
      _format_version: '3.0',
      services: [
        { name: 'pool', host: 'pool' },
        { name: 'own', host: 'pool', client_certificate: { id: other } },
        { name: 'bare', host: 'bare' },
      ].map((service) => ({
        ...service,
        protocol: 'https',
        routes: [{ name: service.name, paths: [`/${service.name}`] }],
      })),
      certificates: [
        { id: CERTIFICATE_ID, ...ONE },
        { id: other, ...TWO },
      ],
      upstreams: [
        { name: 'pool', ...showing, targets: [{ target: `localhost:${target.port}` }] },
        { name: 'bare', targets: [{ target: `localhost:${target.port}` }] },
      ],
    }
    await withGateway(file, {}, async (gateway) => {
      assert.equal(await ask(gateway, '/pool'), 'localhost one')
      assert.equal(await ask(gateway, '/own'), 'localhost two')
      assert.equal(await ask(gateway, '/bare'), 'localhost nobody')
    })
  })
})

describe('what holds for all targets', () => {
  it('is a certificate of the settings, unless a service has its own', async () => {
    const env = {
      KONG_CLIENT_SSL: 'on',
      KONG_CLIENT_SSL_CERT: folder.write('client.pem', TWO.cert),
      KONG_CLIENT_SSL_CERT_KEY: TWO.key,
      SECRET_KEY: ONE.key,
    }
    const shown = { cert: ONE.cert, key: '{vault://env/secret-key}' }
    const file = config({ plain: {}, own: { service: showing } }, shown)
    await withGateway(file, env, async (gateway) => {
      assert.equal(await ask(gateway, '/plain'), 'localhost two')
      assert.equal(await ask(gateway, '/own'), 'localhost one')
    })
    await withGateway(file, { ...env, KONG_CLIENT_SSL: 'off' }, async (gateway) => {
      assert.equal(await ask(gateway, '/plain'), 'localhost nobody')
    })
  })

  it("is nginx's proxy_ssl_verify, unless a service says otherwise", async () => {
    const deepPort = { port: deep.port }
    const file = config({
      plain: {},
      off: { service: { tls_verify: false } },
      deep: deepPort,
      deeper: { ...deepPort, service: { tls_verify_depth: 1 } },
    })
    const env = {
      KONG_NGINX_PROXY_PROXY_SSL_VERIFY: 'on',
      KONG_NGINX_PROXY_PROXY_SSL_VERIFY_DEPTH: '0',
    }
    const bundle = folder.write('bundle.pem', `# first\n${ONE.cert}\n# second\n${ROOT.cert}`)
    const trusting = { ...env, KONG_NGINX_PROXY_PROXY_SSL_TRUSTED_CERTIFICATE: bundle }
    await withGateway(file, trusting, async (gateway) => {
      assert.equal(await ask(gateway, '/plain'), 'localhost nobody')
      assert.equal(await ask(gateway, '/deep'), '502')
      assert.match(gateway.log, /CERT_CHAIN_TOO_LONG/)
      assert.equal(await ask(gateway, '/deeper'), 'localhost nobody')
    })
    await withGateway(file, env, async (gateway) => {
      assert.match(
        gateway.log,
        /service 'plain' verifies .* trusts nobody.* \(and 2 more like it\)/,
      )
      assert.equal(await ask(gateway, '/plain'), '502')
      assert.equal(await ask(gateway, '/off'), 'localhost nobody')
    })
  })

  for (const [what, settings, expected] of [
    [
      'a key that belongs to another certificate',
      { KONG_CLIENT_SSL_CERT: ONE.cert, KONG_CLIENT_SSL_CERT_KEY: TWO.key },
      /client_ssl_cert and key client_ssl_cert_key do not belong together/,
    ],
    [
      'a certificate without its key',
      { KONG_CLIENT_SSL_CERT: ONE.cert },
      /KONG_CLIENT_SSL_CERT client_ssl_cert_key must be specified/,
    ],
    [
      'authorities that are none',
      { KONG_NGINX_PROXY_PROXY_SSL_TRUSTED_CERTIFICATE: makeCertificate('DNS:x').key },
      /nginx_proxy_proxy_ssl_trusted_certificate: no certificate in PEM/,
    ],
  ] as const) {
    it(`ends the start for ${what}, and shows no key`, async () => {
      const file = folder.write('wrong.yml', JSON.stringify(config({ plain: {} })))
      const ending = await runToEnd(process.execPath, [gwCommand, 'start', file], {
        KONG_PROXY_LISTEN: '127.0.0.1:0',
        KONG_ADMIN_LISTEN: 'off',
        KONG_STATUS_LISTEN: 'off',
        KONG_PREFIX: `${folder.path}/prefix`,
        KONG_CLIENT_SSL: 'on',
        ...settings,
      })
      assert.equal(ending.code, 1, ending.output)
      assert.match(ending.output, expected)
      assert.doesNotMatch(ending.output, /PRIVATE KEY/)
    })
  }
})
