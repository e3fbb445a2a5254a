// Probes on real sockets: what targets see of them, and what they make of whatever targets do.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { afterEach, describe, it } from 'node:test'
import { createServer as createTlsServer, type TLSSocket } from 'node:tls'
import { TlsTerms, type TlsTermsFields } from '../../../src/proxy/tls-terms.js'
import { Probe, type ProbePlan, type ProbeResult } from '../../../src/upstream/health/probe.js'
import { Sweep } from '../../../src/util/sweep.js'
import { issueCertificate, makeAuthority } from '../../support/certificates.js'
import { freePort } from '../../support/ports.js'
import { waitFor } from '../../support/wait.js'

const REQUEST = 'GET /up HTTP/1.0\r\nX-A: 1\r\nHost: a.test\r\n\r\n'
const PLAN: ProbePlan = { timeoutMs: 5_000, request: REQUEST, tls: null, serverName: 'a.test' }

const servers: { server: Server; sockets: Set<Socket> }[] = []
afterEach(() => {
  for (const { server, sockets } of servers.splice(0)) {
    for (const socket of sockets) socket.destroy()
    server.close()
  }
})

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>()
  servers.push({ server, sockets })
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** @param behave when the first bytes have come */
function target(behave: (socket: Socket, bytes: string) => void): Promise<number> {
  return listen(
    createServer((socket) => {
      socket.once('data', (chunk: Buffer) => behave(socket, chunk.toString('latin1')))
    }),
  )
}

function probe(port: number, more: Partial<ProbePlan> = {}): Promise<[ProbeResult, number]> {
  const sweep = new Sweep(10)
  return new Promise((resolve) => {
    // The sweep's timer keeps no process alive; this one does, until there is a result.
    const awake = setInterval(() => undefined, 1_000)
    new Probe('127.0.0.1', port, { ...PLAN, ...more }, sweep, (result, status) => {
      clearInterval(awake)
      resolve([result, status])
    })
  })
}

describe('a probe', () => {
  it('is seen byte for byte as Kong sends it, on a connection that ends with the status', async () => {
    let seen = ''
    let hasClosed = false
    const port = await target((socket, bytes) => {
      seen = bytes
      socket.once('close', () => (hasClosed = true))
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n')
    })
    assert.deepEqual(await probe(port), ['answer', 200])
    assert.equal(seen, REQUEST)
    await waitFor('the end of the connection', () => hasClosed)
  })

  it('has the status of the answer, also when that comes in pieces', async () => {
    const port = await target((socket) => {
      socket.write('HTTP/1.0 5')
      setImmediate(() => socket.write('03 Down\r\n'))
    })
    assert.deepEqual(await probe(port), ['answer', 503])
  })

  it('that is not answered with HTTP has status 0', async () => {
    const port = await target((socket) => socket.write('SSH-2.0-none\r\n'))
    assert.deepEqual(await probe(port), ['answer', 0])
  })

  it('reads no line without end', async () => {
    const port = await target((socket) => socket.write('x'.repeat(100_000)))
    assert.deepEqual(await probe(port), ['answer', 0])
  })

  it('that is refused has failed to connect', async () => {
    assert.deepEqual(await probe(await freePort()), ['tcp', 0])
  })

  it('whose connection ends before an answer has failed', async () => {
    const ended = await target((socket) => socket.end())
    assert.deepEqual(await probe(ended), ['tcp', 0])
    const reset = await target((socket) => socket.resetAndDestroy())
    assert.deepEqual(await probe(reset), ['tcp', 0])
    const cut = await target((socket) => socket.end('HTTP/1.1 200 OK'))
    assert.deepEqual(await probe(cut), ['tcp', 0])
  })

  it('that is not answered in time has timed out, however slowly bytes come', async () => {
    const silent = await target(() => undefined)
    assert.deepEqual(await probe(silent, { timeoutMs: 100 }), ['timeout', 0])
    const slow = await target((socket) => {
      const timer = setInterval(() => socket.write('H'), 20)
      socket.once('close', () => clearInterval(timer))
    })
    assert.deepEqual(await probe(slow, { timeoutMs: 200 }), ['timeout', 0])
  })

  it('of type tcp is content with a connection', async () => {
    let bytes = 0
    const port = await listen(
      createServer((socket) => socket.on('data', (chunk: Buffer) => (bytes += chunk.length))),
    )
    assert.deepEqual(await probe(port, { request: null }), ['success', 0])
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    socket.destroy()
    assert.equal(bytes, 0)
  })

  it('that is given up tells nothing', async () => {
    let hasConnected = false
    let hasClosed = false
    const port = await target((socket) => {
      hasConnected = true
      socket.once('close', () => (hasClosed = true))
    })
    const told: string[] = []
    const running = new Probe('127.0.0.1', port, PLAN, new Sweep(10), (result) => told.push(result))
    await waitFor('the connection', () => hasConnected)
    running.abort()
    await waitFor('its end', () => hasClosed)
    assert.deepEqual(told, [])
  })
})

describe('a probe by TLS', () => {
  const root = makeAuthority('root')
  const own = issueCertificate(root, { names: 'DNS:a.test,IP:127.0.0.1' })
  const client = issueCertificate(root, { name: 'gateway' })

  const tls = (more: Partial<TlsTermsFields> = {}): TlsTerms =>
    new TlsTerms({ verify: true, depth: 1, authorities: [root.cert], client: null, ...more })

  /** What it was told, and what it was shown. */
  async function secureTarget(): Promise<{ port: number; seen: string[] }> {
    const seen: string[] = []
    const options = { ...own, ca: root.cert, requestCert: true, rejectUnauthorized: false }
    const server = createTlsServer(options, (socket: TLSSocket) => {
      socket.on('error', () => socket.destroy())
      const { servername: told } = socket as { readonly servername?: string | false }
      const { subject } = socket.getPeerCertificate() as { subject?: { CN?: string } }
      seen.push(`${String(told)} ${subject?.CN ?? 'nobody'}`)
      socket.once('data', () => socket.write('HTTP/1.1 204 No Content\r\n\r\n'))
    })
    server.on('tlsClientError', () => undefined)
    return { port: await listen(server), seen }
  }

  it('says whom it wants, and shows who it is', async () => {
    const { port, seen } = await secureTarget()
    assert.deepEqual(await probe(port, { tls: tls() }), ['answer', 204])
    assert.deepEqual(await probe(port, { tls: tls({ client }) }), ['answer', 204])
    assert.deepEqual(await probe(port, { tls: tls(), serverName: '127.0.0.1' }), ['answer', 204])
    assert.deepEqual(seen, ['a.test nobody', 'a.test gateway', 'false nobody'])
  })

  it('fails for a certificate of another name, or of an authority that nobody knows', async () => {
    const { port } = await secureTarget()
    assert.deepEqual(await probe(port, { tls: tls(), serverName: 'b.test' }), ['tcp', 0])
    const stranger = tls({ authorities: [makeAuthority('stranger').cert] })
    assert.deepEqual(await probe(port, { tls: stranger }), ['tcp', 0])
  })

  it('takes any certificate where none is to be verified', async () => {
    const { port } = await secureTarget()
    const lax = tls({ authorities: [], verify: false })
    assert.deepEqual(await probe(port, { tls: lax, serverName: 'b.test' }), ['answer', 204])
  })

  it('fails where nobody speaks TLS, and times out where nobody answers', async () => {
    const plain = await target((socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'))
    assert.deepEqual(await probe(plain, { tls: tls() }), ['tcp', 0])
    const silent = await target(() => undefined)
    assert.deepEqual(await probe(silent, { tls: tls(), timeoutMs: 100 }), ['timeout', 0])
  })
})
