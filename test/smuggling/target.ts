// The target of this suite: keeps every byte that comes, reads it strictly, and marks its answers, so that a client can
// tell to which request each belongs.
import { createServer, type Socket } from 'node:net'
import { portOf } from '../support/ports.js'
import { StrictReader, type StrictRequest } from './strict-reader.js'

/** The field of an answer that repeats method and path of its request. */
export const MARK = 'X-Answers'

export interface Inbound {
  /** All bytes, one character each. */
  bytes: string
  /** What of them belongs to no whole request. */
  rest: string
  hasEnded: boolean
  /** Why the bytes are no plain HTTP/1.1; empty while they are. */
  fault: string
}

export interface StrictTarget {
  readonly port: number
  /** In the order in which they were whole. */
  readonly requests: readonly StrictRequest[]
  /** One for each connection. */
  readonly inbound: readonly Inbound[]
  close(): Promise<void>
}

export async function startStrictTarget(): Promise<StrictTarget> {
  const requests: StrictRequest[] = []
  const inbound: Inbound[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    const connection: Inbound = { bytes: '', rest: '', hasEnded: false, fault: '' }
    inbound.push(connection)
    const reader = new StrictReader()
    socket.on('error', () => socket.destroy())
    socket.once('close', () => {
      connection.hasEnded = true
      sockets.delete(socket)
    })
    socket.on('data', (data) => {
      const bytes = data.toString('latin1')
      connection.bytes += bytes
      reader.push(bytes)
      try {
        for (let next = reader.next(); next !== null; next = reader.next()) {
          requests.push(next)
          socket.write(answer(next), 'latin1')
        }
      } catch (error) {
        connection.fault ||= String(error)
        socket.destroy()
      }
      connection.rest = reader.rest
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    port: portOf(server),
    requests,
    inbound,
    close() {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

/** 200, or the status that the path ends with. */
function answer({ method, path }: StrictRequest): string {
  const status = /\/([245]\d\d)$/.exec(path)?.[1] ?? '200'
  const mark = `${MARK}: ${method} ${path}\r\n`
  if (status === '204') return `HTTP/1.1 204 No Content\r\n${mark}\r\n`
  const body = method === 'HEAD' ? '' : 'ok'
  return `HTTP/1.1 ${status} Answer\r\n${mark}Content-Length: 2\r\n\r\n${body}`
}
