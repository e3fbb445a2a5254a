// Opens TLS connections one behind the other, on several lanes at once; each brings one request.
//
//   node connector.js PORT     (started by handshakes.ts)
import { connect, createSecureContext } from 'node:tls'
import { serve } from './process.js'

export interface ConnectorProtocol {
  /** For how long; and whether each connection shows the session of the one before it, once, as browsers do (RFC 8446, C.4). */
  readonly question: { readonly seconds: number; readonly isResuming: boolean }
  readonly reply: {
    readonly connections: number
    readonly resumed: number
    readonly failed: number
  }
}

const [port = ''] = process.argv.slice(2)
const LANES = 16
const REQUEST = 'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'
const PATIENCE_MS = 5_000
/** Made once: making it costs more than a handshake. */
const secureContext = createSecureContext({
  minVersion: 'TLSv1.3',
  ciphers: 'TLS_AES_128_GCM_SHA256',
})

serve<ConnectorProtocol>(async ({ seconds, isResuming }) => {
  const counts = { connections: 0, resumed: 0, failed: 0 }
  const end = performance.now() + seconds * 1_000
  const lane = async (): Promise<void> => {
    let session: Buffer | undefined
    while (performance.now() < end) {
      const outcome = await connectOnce(session)
      if (outcome.isGood) counts.connections++
      else counts.failed++
      if (outcome.isResumed) counts.resumed++
      if (isResuming) session = outcome.session
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  return counts
})

interface Outcome {
  readonly isGood: boolean
  readonly isResumed: boolean
  /** What the server gave to show next time. */
  readonly session: Buffer | undefined
}

/** Resolves when the connection is closed. */
function connectOnce(session: Buffer | undefined): Promise<Outcome> {
  return new Promise((resolve) => {
    let given: Buffer | undefined
    let received = ''
    let isResumed = false
    const socket = connect({
      port: Number(port),
      host: '127.0.0.1',
      rejectUnauthorized: false, // nobody's certificate
      secureContext,
      ...(session !== undefined && { session }),
    })
    socket.setTimeout(PATIENCE_MS, () => socket.destroy())
    socket.on('session', (next: Buffer) => (given = next))
    socket.on('secureConnect', () => {
      isResumed = socket.isSessionReused()
      socket.write(REQUEST)
    })
    socket.on('data', (chunk: Buffer) => (received += chunk.toString('latin1')))
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      resolve({ isGood: received.startsWith('HTTP/1.1 200 '), isResumed, session: given })
    })
  })
}
