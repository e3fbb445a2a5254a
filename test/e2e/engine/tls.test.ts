// TLS as a client sees it: which certificate it is shown, and that no handshake, however it goes, harms the others.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect as connectPlain, createServer, type Server } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect, type ConnectionOptions, type PeerCertificate, type TLSSocket } from 'node:tls'
import type { CertificateStore } from '../../../src/server/certificates/store.js'
import { type Greeting, TlsListener } from '../../../src/server/http1/tls-listener.js'
import type { EngineSettings } from '../../../src/server/settings.js'
import { Sweep } from '../../../src/util/sweep.js'
import { sourceOf, storeOf, type Shown } from '../../support/certificate-store.js'
import { type Certificate, makeCertificate } from '../../support/certificates.js'
import { portOf } from '../../support/ports.js'
import { RawClient } from '../../support/raw-client.js'
import { waitFor } from '../../support/wait.js'
import {
  closeAll,
  ENGINES,
  GET,
  HTTP1,
  recordingLogger,
  run,
  UWS,
  type EngineKind,
  type Running,
} from './setup.js'

const FALLBACK = makeCertificate('DNS:fallback')
const EXACT = makeCertificate('DNS:one.test')
const PARENT = makeCertificate('DNS:*.wild.test')
const SUFFIX = makeCertificate('DNS:a.wild.other')
const RSA = makeCertificate('DNS:both.test', 'rsa')
const ECDSA = makeCertificate('DNS:both.test')

const SHOWN: Shown = {
  'one.test': EXACT,
  '*.wild.test': PARENT,
  'a.wild.*': SUFFIX,
  'both.test': [RSA, ECDSA],
}

const PATIENCE_MS = 5_000

interface Secured extends Running {
  readonly store: CertificateStore
  shake(options?: ConnectionOptions): Promise<TLSSocket>
}

const sockets: TLSSocket[] = []
/** What a client may go on with; in TLS 1.2 it comes with the handshake, in 1.3 behind it. */
const sessions = new WeakMap<TLSSocket, Buffer>()

async function secure(
  kind: EngineKind,
  store: CertificateStore,
  settings: Partial<EngineSettings> = {},
): Promise<Secured> {
  const running = await run(kind, settings, { tls: store })
  running.handler = (exchange) => exchange.respond(200, '', exchange.serverName)
  return Object.assign(running, {
    store,
    shake: (options: ConnectionOptions = {}) => shake(running.listener.port, options),
  })
}

/** Resolves when the handshake is complete. */
async function shake(port: number, options: ConnectionOptions): Promise<TLSSocket> {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options })
  sockets.push(socket)
  socket.on('session', (session: Buffer) => sessions.set(socket, session))
  await once(socket, 'secureConnect')
  socket.on('error', () => undefined)
  return socket
}

function isShown(socket: TLSSocket, { cert }: Certificate): boolean {
  const { raw } = socket.getPeerCertificate() as Partial<PeerCertificate>
  return raw !== undefined && cert.includes(raw.toString('base64').slice(0, 64))
}

async function sessionOf(socket: TLSSocket): Promise<Buffer> {
  await ask(socket)
  await waitFor('a session', () => sessions.has(socket))
  return sessions.get(socket) ?? assert.fail()
}

async function listenOn(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return portOf(server)
}

/** Asks on that connection and gives the body of the answer. */
async function ask(socket: TLSSocket): Promise<string> {
  socket.write(GET)
  const [bytes] = (await once(socket, 'data')) as [Buffer]
  return bytes.toString().split('\r\n\r\n')[1] ?? ''
}

for (const kind of ENGINES) {
  describe(`${kind.name}: TLS`, () => {
    let running: Secured
    before(async () => (running = await secure(kind, await storeOf(FALLBACK, SHOWN))))
    after(() => {
      for (const socket of sockets.splice(0)) socket.destroy()
      closeAll()
    })

    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      it(`speaks ${version}`, async () => {
        const socket = await running.shake({ minVersion: version, maxVersion: version })
        assert.equal(socket.getProtocol(), version)
        assert.equal(await ask(socket), '')
      })

      it(`resumes a session of ${version}`, async () => {
        const options = { servername: 'one.test', maxVersion: version } as const
        const first = await running.shake(options)
        assert.equal(first.isSessionReused(), false)
        const second = await running.shake({ ...options, session: await sessionOf(first) })
        assert.equal(second.isSessionReused(), true)
        assert.equal(await ask(second), 'one.test')
      })
    }

    for (const [name, certificate, serverName] of [
      ['one.test', EXACT, 'one.test'],
      ['a.wild.test', PARENT, kind === HTTP1 ? 'a.wild.test' : null],
      ['b.wild.test', PARENT, kind === HTTP1 ? 'b.wild.test' : '*.wild.test'],
      ['a.wild.other', SUFFIX, kind === HTTP1 ? 'a.wild.other' : 'a.wild.*'],
      ['wild.test', FALLBACK, kind === HTTP1 ? 'wild.test' : ''],
      ['deep.b.wild.test', FALLBACK, kind === HTTP1 ? 'deep.b.wild.test' : ''],
      ['unknown.test', FALLBACK, kind === HTTP1 ? 'unknown.test' : ''],
    ] as const) {
      it(`shows the right certificate to who asks for ${name}`, async () => {
        const socket = await running.shake({ servername: name })
        assert.ok(isShown(socket, certificate))
        assert.equal(await ask(socket), serverName ?? name)
      })
    }

    it('shows the default certificate to who asks for no name', async () => {
      const socket = await running.shake()
      assert.ok(isShown(socket, FALLBACK))
      assert.equal(await ask(socket), '')
    })

    it('shows the certificate of the SNI * to any other name, and the default without one', async () => {
      const any = await secure(kind, await storeOf(FALLBACK, { ...SHOWN, '*': RSA }))
      for (const name of ['unknown.test', 'localhost', 'a.b.c.d.e.f']) {
        assert.ok(isShown(await any.shake({ servername: name }), RSA), name)
      }
      assert.ok(isShown(await any.shake({ servername: 'b.wild.test' }), PARENT))
      assert.ok(isShown(await any.shake(), FALLBACK))
    })

    it('speaks HTTP/1.1 with who would rather have HTTP/2', async () => {
      const socket = await running.shake({ ALPNProtocols: ['h2', 'http/1.1'] })
      // uWebSockets.js knows no ALPN; a client takes its silence for HTTP/1.1.
      assert.equal(socket.alpnProtocol, kind === HTTP1 ? 'http/1.1' : false)
      assert.equal(await ask(socket), '')
    })

    it('refuses who speaks no version of ours, and goes on', async () => {
      const options = { maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' }
      await assert.rejects(running.shake(options as ConnectionOptions), { code: /PROTOCOL|ECONN/ })
      assert.equal(await ask(await running.shake({ servername: 'one.test' })), 'one.test')
      assert.deepEqual(running.errors, [])
    })

    it('closes on plain HTTP, and goes on', async () => {
      const client = await RawClient.open(running.listener.port)
      const text = await client.send(GET).untilEnd()
      assert.doesNotMatch(text, /200 OK/)
      assert.equal(await ask(await running.shake({ servername: 'one.test' })), 'one.test')
      assert.deepEqual(running.errors, [])
    })

    it('forgets a client that leaves in the middle of its handshake', async () => {
      const socket = connectPlain({ port: running.listener.port, host: '127.0.0.1' })
      await once(socket, 'connect')
      socket.write(Buffer.from('160301020001', 'hex'))
      socket.resetAndDestroy()
      assert.equal(await ask(await running.shake({ servername: 'one.test' })), 'one.test')
      assert.deepEqual(running.errors, [])
    })

    it('serves a new certificate to new connections after a reload, while open ones live on', async () => {
      const changing = await secure(kind, await storeOf(FALLBACK, SHOWN))
      const open = await changing.shake({ servername: 'one.test' })
      const nameless = await changing.shake()
      assert.equal(await ask(open), 'one.test')
      const { store } = changing
      store.replace(await store.prepare(sourceOf(ECDSA, { 'one.test': PARENT, 'new.test': EXACT })))
      assert.ok(isShown(await changing.shake({ servername: 'one.test' }), PARENT))
      assert.ok(isShown(await changing.shake({ servername: 'new.test' }), EXACT))
      assert.ok(isShown(await changing.shake({ servername: 'both.test' }), ECDSA))
      assert.ok(isShown(await changing.shake(), ECDSA))
      for (let i = 0; i < 3; i++) {
        assert.equal(await ask(open), 'one.test')
        assert.equal(await ask(nameless), '')
      }
      assert.deepEqual(changing.errors, [])
    })

    it('takes many reloads with connections of every age', async () => {
      const changing = await secure(kind, await storeOf(FALLBACK, { 'one.test': EXACT }))
      const { store } = changing
      const open: TLSSocket[] = []
      for (const certificate of [PARENT, SUFFIX, EXACT, ECDSA, PARENT]) {
        open.push(await changing.shake({ servername: 'one.test' }))
        store.replace(await store.prepare(sourceOf(FALLBACK, { 'one.test': certificate })))
      }
      for (const socket of open) assert.equal(await ask(socket), 'one.test')
      assert.ok(isShown(await changing.shake({ servername: 'one.test' }), PARENT))
    })

    it('cuts handshakes and connections at its end', async () => {
      const ending = await secure(kind, await storeOf(FALLBACK, SHOWN))
      const { port } = ending.listener
      const half = await RawClient.open(port)
      const whole = await ending.shake()
      const closed = once(whole, 'close')
      await ask(whole)
      ending.engine.close()
      await Promise.all([half.untilEnd(), closed])
      await assert.rejects(RawClient.open(port), { code: 'ECONNREFUSED' })
    })

    it('takes only versions and ciphers that it is told to', async () => {
      const ciphers = 'ECDHE-ECDSA-AES256-GCM-SHA384'
      const strict = await secure(kind, await storeOf(FALLBACK, SHOWN, { ciphers }))
      for (const servername of ['one.test', 'unknown.test']) {
        const socket = await strict.shake({ servername, maxVersion: 'TLSv1.2' })
        assert.equal(socket.getCipher().name, ciphers)
      }
      const other = { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' } as const
      await assert.rejects(strict.shake(other))
    })
  })
}

describe('uws: TLS', () => {
  after(() => {
    for (const socket of sockets.splice(0)) socket.destroy()
    closeAll()
  })

  it('serves on when it has let go of certificates whose last connection has gone', async () => {
    const running = await secure(UWS, await storeOf(FALLBACK, { 'one.test': EXACT }))
    const { store } = running
    const leaving = await running.shake({ servername: 'one.test' })
    store.replace(await store.prepare(sourceOf(FALLBACK, { 'one.test': PARENT })))
    const staying = await running.shake({ servername: 'one.test' })
    store.replace(await store.prepare(sourceOf(FALLBACK, { 'one.test': SUFFIX })))
    const closed = once(leaving, 'close')
    leaving.destroy()
    await closed
    // It looks once a second.
    await sleep(1300)
    assert.equal(await ask(staying), 'one.test')
    const socket = await running.shake({ servername: 'one.test' })
    assert.ok(isShown(socket, SUFFIX))
    assert.equal(await ask(socket), 'one.test')
    assert.deepEqual(running.errors, [])
  })
})

describe('http1: TLS', () => {
  after(() => {
    for (const socket of sockets.splice(0)) socket.destroy()
    closeAll()
  })

  it('shows the certificate for whose kind of key the client has a cipher', async () => {
    const running = await secure(HTTP1, await storeOf(FALLBACK, SHOWN))
    for (const [certificate, kind] of [
      [RSA, 'RSA'],
      [ECDSA, 'ECDSA'],
    ] as const) {
      const ciphers = `ECDHE-${kind}-AES128-GCM-SHA256`
      const socket = await running.shake({
        servername: 'both.test',
        maxVersion: 'TLSv1.2',
        ciphers,
      })
      assert.ok(isShown(socket, certificate), kind)
    }
  })

  it('takes a name in capitals for the same', async () => {
    const running = await secure(HTTP1, await storeOf(FALLBACK, SHOWN))
    assert.ok(isShown(await running.shake({ servername: 'ONE.Test' }), EXACT))
  })

  it('refuses who wants HTTP/2 and nothing else', async () => {
    const running = await secure(HTTP1, await storeOf(FALLBACK))
    await assert.rejects(running.shake({ ALPNProtocols: ['h2'] }), { code: /ALPN|NO_APPLICATION/ })
  })

  it('speaks no version but those that it is told to', async () => {
    const running = await secure(HTTP1, await storeOf(FALLBACK, SHOWN, { minVersion: 'TLSv1.3' }))
    await assert.rejects(running.shake({ servername: 'one.test', maxVersion: 'TLSv1.2' }))
    assert.equal((await running.shake()).getProtocol(), 'TLSv1.3')
  })

  it('resumes nothing without tickets', async () => {
    const running = await secure(HTTP1, await storeOf(FALLBACK, {}, { hasTickets: false }))
    const first = await running.shake({ maxVersion: 'TLSv1.2' })
    await ask(first)
    const session = first.getSession()
    assert.ok(session !== undefined)
    const second = await running.shake({ maxVersion: 'TLSv1.2', session })
    assert.equal(second.isSessionReused(), false)
  })

  it('resumes sessions from before a reload of the default certificate', async () => {
    const running = await secure(HTTP1, await storeOf(FALLBACK))
    const session = await sessionOf(await running.shake())
    const { store } = running
    store.replace(await store.prepare(sourceOf(EXACT)))
    assert.equal((await running.shake({ session })).isSessionReused(), true)
    assert.ok(isShown(await running.shake(), EXACT))
  })

  it('takes a connection whose beginning somebody else has read', async () => {
    const PREFIX = 'PROXY '
    const store = await storeOf(FALLBACK)
    const server = createServer()
    const greeted = new Promise<Greeting>((resolve) => {
      const tls = new TlsListener({
        certificates: store,
        sweep: new Sweep(100),
        handshakeTimeoutMs: PATIENCE_MS,
        log: recordingLogger().log,
        onSecure(socket, greeting) {
          resolve(greeting)
          socket.destroy()
        },
      })
      server.on('connection', (socket) => {
        socket.once('data', (bytes: Buffer) => {
          socket.pause()
          socket.unshift(bytes.subarray(PREFIX.length))
          tls.accept(socket, '203.0.113.7')
        })
      })
    })
    const socket = connectPlain({ port: await listenOn(server), host: '127.0.0.1' })
    socket.write(PREFIX)
    const client = connect({ socket, servername: 'one.test', rejectUnauthorized: false })
    client.on('error', () => undefined)
    const { serverName, announcedAddress } = await greeted
    assert.deepEqual([serverName, announcedAddress], ['one.test', '203.0.113.7'])
    client.destroy()
    server.close()
  })

  it('closes who never finishes the handshake', async () => {
    const running = await secure(HTTP1, await storeOf(FALLBACK), { headerTimeoutMs: 60 })
    const silent = await RawClient.open(running.listener.port)
    const halting = await RawClient.open(running.listener.port)
    halting.send(Buffer.from('160301020001', 'hex'))
    await Promise.all([silent.untilEnd(PATIENCE_MS), halting.untilEnd(PATIENCE_MS)])
    assert.deepEqual(running.errors, [])
    // A complete handshake is not held to that time.
    const socket = await running.shake()
    await waitFor('an answer', async () => (await ask(socket)) === '')
  })
})
