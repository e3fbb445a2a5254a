// Ports that workers are going to share: whoever shares a port does not notice that somebody else has it already.
import { createServer } from 'node:net'
import { listenFault } from '../server/listen-fault.js'
import type { ListenEntry } from './listen-syntax.js'

/**
 * Makes sure that the place is free, and chooses a port where the system is to choose one.
 * Rejects with a message that names address and port.
 */
export function claimPort(entry: ListenEntry): Promise<ListenEntry> {
  const { address: host, port } = entry
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (cause) => reject(listenFault(host, port, cause)))
    server.listen({ host, port, exclusive: true, ipv6Only: true }, () => {
      const bound = server.address()
      const chosen = typeof bound === 'object' && bound !== null ? bound.port : port
      server.close(() => resolve({ ...entry, port: chosen }))
    })
  })
}
