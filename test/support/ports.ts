// Ports of the loopback interface that nobody listens on.
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Server } from 'node:net'

/** A TCP server's port in use. */
export function portOf(server: Server): number {
  // A listening TCP server always has an AddressInfo; text and null are for pipes and closed servers.
  return (server.address() as AddressInfo).port
}

/** Free at this moment; all are held until the last is known, so that none is given twice. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => hold()))
  const ports = servers.map(portOf)
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}

/** A port that refuses connections. */
export async function freePort(): Promise<number> {
  const [port = 0] = await freePorts(1)
  return port
}

// Below the range from which the system gives clients their ports: there, one that was free a moment ago may be taken.
const FIRST = 12_000
const LAST = 32_000
const ATTEMPTS = 100

async function hold(): Promise<Server> {
  for (let attempt = 1; ; attempt++) {
    const server = createServer()
    try {
      server.listen(randomInt(FIRST, LAST), '127.0.0.1')
      await once(server, 'listening')
      return server
    } catch (error) {
      if (attempt === ATTEMPTS) throw error
    }
  }
}
