// A target that keeps every request byte by byte as the gateway sent it, and answers what the test says, however broken.
import { createServer, type Socket } from 'node:net'
import { MessageReader, type HttpMessage } from './message-reader.js'
import { portOf } from './ports.js'

export interface RecordedRequest extends HttpMessage {
  readonly method: string
  readonly path: string
}

/** Writes an answer; may end or destroy the socket. Later requests on it come in order. */
export type Reply = (socket: Socket, request: RecordedRequest) => void

export interface RecordingTarget {
  readonly port: number
  readonly requests: readonly RecordedRequest[]
  /** How many connections have been accepted. */
  readonly connections: number
  /** Replaces the answer for the requests to come. */
  answer(reply: Reply): void
  close(): Promise<void>
}

export const okBody = '{"ok":true}'

/** Answers 200 with `okBody` and keeps the connection. */
export const ok: Reply = (socket) => {
  socket.write(
    `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${okBody.length}\r\n\r\n${okBody}`,
  )
}

export async function startRecordingTarget(reply: Reply = ok): Promise<RecordingTarget> {
  let current = reply
  let connections = 0
  const requests: RecordedRequest[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    connections++
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    const reader = new MessageReader('requests')
    socket.on('data', (chunk) => {
      reader.push(chunk)
      for (let message = reader.next(); message !== null; message = reader.next()) {
        const [method = '', path = ''] = message.startLine.split(' ')
        const request = { ...message, method, path }
        requests.push(request)
        current(socket, request)
      }
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    port: portOf(server),
    requests,
    get connections() {
      return connections
    },
    answer(next) {
      current = next
    },
    close() {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
