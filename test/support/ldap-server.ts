// An LDAP server that does what the test says, however broken: it looks at no message.
import { createServer, type Server, type Socket } from 'node:net'
import { portOf } from './ports.js'

/** What a bind with the id 1 or 2, or StartTLS with the id 1, is answered with. */
export const ANSWERS = {
  success: Buffer.from('300c02010161070a010004000400', 'hex'),
  secondSuccess: Buffer.from('300c02010261070a010004000400', 'hex'),
  startTls: Buffer.from('300c02010178070a010004000400', 'hex'),
} as const

export interface FakeLdap {
  readonly port: number
  /** Connections that have been accepted so far. */
  readonly connections: number
  /** Those that are open now, and the most that were at once. */
  readonly open: number
  readonly mostOpen: number
  close(): Promise<void>
}

/**
 * @param onMessage called with each piece that arrives
 * @param onConnection called with each connection
 */
export async function startFakeLdap(
  onMessage: (socket: Socket, connection: number) => void,
  onConnection: (socket: Socket) => void = () => undefined,
): Promise<FakeLdap> {
  const sockets = new Set<Socket>()
  let connections = 0
  let mostOpen = 0
  const server: Server = createServer((socket) => {
    const number = ++connections
    sockets.add(socket)
    mostOpen = Math.max(mostOpen, sockets.size)
    socket.once('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    socket.on('data', () => onMessage(socket, number))
    onConnection(socket)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    port: portOf(server),
    get connections() {
      return connections
    },
    get open() {
      return sockets.size
    },
    get mostOpen() {
      return mostOpen
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}
