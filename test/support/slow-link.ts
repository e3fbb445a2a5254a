// A TCP link to a server of this machine that passes everything on, late by as much as the test says.
import { connect, createServer, type Socket } from 'node:net'
import { portOf } from './ports.js'

export interface SlowLink {
  readonly port: number
  /** How late what the server says is from now on. */
  delayMs: number
  close(): Promise<void>
}

export async function startSlowLink(serverPort: number): Promise<SlowLink> {
  const sockets = new Set<Socket>()
  const keep = (socket: Socket): void => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  }
  const link = { delayMs: 0 }
  const server = createServer((near) => {
    const far = connect(serverPort, '127.0.0.1')
    keep(near)
    keep(far)
    near.on('data', (chunk) => far.write(chunk))
    // In order: each chunk waits for those before it.
    let last = Promise.resolve()
    far.on('data', (chunk) => {
      const due = performance.now() + link.delayMs
      last = last.then(() => until(due)).then(() => void near.write(chunk))
    })
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on('error', () => one.destroy())
      one.once('close', () => other.destroy())
    }
  })
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return Object.assign(link, {
    port: portOf(server),
    close: () => {
      for (const socket of sockets) socket.destroy()
      return new Promise<void>((resolve) => server.close(() => resolve()))
    },
  })
}

function until(due: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())))
}
