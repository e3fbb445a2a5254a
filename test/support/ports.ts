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
const SLICES = 40
const SLICE = 500
const ATTEMPTS = 100

// A port is free until whoever asked for it takes it, half a second later perhaps. So test files that run at the same
// time, whose process ids are close, have slices of their own; and each gives out its own in turn.
const first = FIRST + (process.pid % SLICES) * SLICE
let given = randomInt(SLICE)

async function hold(): Promise<Server> {
  for (let attempt = 1; ; attempt++) {
    const server = createServer()
    try {
      given = (given + 1) % SLICE
      server.listen(first + given, '127.0.0.1')
      await once(server, 'listening')
      return server
    } catch (error) {
      if (attempt === ATTEMPTS) throw error
    }
  }
}
