// Targets that fail, each in its own way.
import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import {
  issueCertificate,
  issueExpired,
  makeAuthority,
  type Certificate,
} from '../../support/certificates.js'
import { freePort, portOf } from '../../support/ports.js'
import { ok, okBody, startRecordingTarget, type Reply } from '../../support/recording-target.js'

export interface FaultyTarget {
  readonly port: number
  /** Requests that it has seen, or connections where no request comes that far; NaN for one that cannot know. */
  readonly tries: number
  close(): Promise<void>
}

type Start = () => Promise<FaultyTarget>

/** Whom services with TLS trust. */
export const AUTHORITY = makeAuthority('root')

const NAMES = 'IP:127.0.0.1'
const HEAD = 'HTTP/1.1 200 OK\r\n'
const LATE_MS = 1_000
/** For a reset not to overtake the bytes before it. */
const BEFORE_RESET_MS = 50

export const refusing: Start = async () => {
  const port = await freePort()
  return { port, tries: Number.NaN, close: () => Promise.resolve() }
}

export function replying(reply: Reply): Start {
  return async () => {
    const target = await startRecordingTarget(reply)
    return {
      port: target.port,
      get tries() {
        return target.requests.length
      },
      close: () => target.close(),
    }
  }
}

export const silent = replying(() => undefined)

export const resetting = replying((socket) => socket.resetAndDestroy())

export const closing = replying((socket) => socket.end())

const writing = (bytes: string): Start => replying((socket) => socket.write(bytes))

const ending = (bytes: string): Start => replying((socket) => socket.end(bytes))

const HALF_HEAD = `${HEAD}Content-`
const HALF_BODY = `${HEAD}Content-Length: 10\r\n\r\nhello`
const SOME_CHUNKS = `${HEAD}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n`

/** Leaves off in the middle, and keeps the connection or closes it. */
export const halting = {
  head: writing(HALF_HEAD),
  body: writing(HALF_BODY),
  chunks: writing(SOME_CHUNKS),
}
export const breaking = {
  head: ending(HALF_HEAD),
  body: ending(HALF_BODY),
  chunks: ending(SOME_CHUNKS),
}

export const resettingInBody = replying((socket) => {
  socket.write(HALF_BODY)
  setTimeout(() => socket.resetAndDestroy(), BEFORE_RESET_MS)
})

export const late = replying((socket, request) => {
  setTimeout(() => ok(socket, request), LATE_MS)
})

/** Resets every other connection, from the first one on. */
export const flapping: Start = () => {
  let count = 0
  return replying((socket) => {
    if (count++ % 2 === 0) socket.resetAndDestroy()
    else socket.end(`${HEAD}Connection: close\r\nContent-Length: ${okBody.length}\r\n\r\n${okBody}`)
  })()
}

/** Says that a connection may be kept, and closes it at the next request. */
export const closingKept: Start = () => {
  const used = new WeakSet<Socket>()
  return replying((socket, request) => {
    if (used.has(socket)) socket.destroy()
    else ok(socket, request)
    used.add(socket)
  })()
}

/** Accepts, and never says a word of TLS. */
export const hangingInTls: Start = () => counting(createServer())

export const expired: Start = () => behindTls(issueExpired(AUTHORITY, NAMES))

/** One that is well, for comparison. */
export const secure: Start = () => behindTls(issueCertificate(AUTHORITY, { names: NAMES }))

function behindTls(certificate: Certificate): Promise<FaultyTarget> {
  const server = createTlsServer(certificate, (socket) =>
    socket.on('data', () => socket.write(`${HEAD}Content-Length: 0\r\n\r\n`)),
  )
  server.on('tlsClientError', () => undefined)
  return counting(server)
}

async function counting(server: Server): Promise<FaultyTarget> {
  const sockets = new Set<Socket>()
  let tries = 0
  server.on('connection', (socket: Socket) => {
    tries++
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.once('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: portOf(server),
    get tries() {
      return tries
    },
    close: async () => {
      server.close()
      for (const socket of sockets) socket.destroy()
      await once(server, 'close')
    },
  }
}
