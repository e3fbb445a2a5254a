// The status and admin listeners. Nothing here is hot and every health checker must be able to talk to it: node:http.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { PRODUCT } from '../util/version.js'
import type { ListenEntry } from './listen-syntax.js'

/** What the status pages report; asked anew for every request. */
export interface GatewayStatus {
  /** Why the gateway is not ready, in Kong's words; null when it is. */
  readonly notReady: string | null
  readonly configurationHash: string
  readonly totalRequests: number
  readonly pendingRequests: number
}

/** Listens on every entry. Rejects with `cannot listen on ADDRESS:PORT` when one is taken. */
export async function startStatusServers(
  entries: readonly ListenEntry[],
  status: () => GatewayStatus,
): Promise<readonly Server[]> {
  const servers: Server[] = []
  try {
    for (const entry of entries) servers.push(await listen(entry, status))
  } catch (error) {
    for (const server of servers) server.close()
    throw error
  }
  return servers
}

function listen({ address, port }: ListenEntry, status: () => GatewayStatus): Promise<Server> {
  const server = createServer((request, response) => {
    answer(request, response, status())
  })
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(
        new Error(`cannot listen on ${address}:${port}: ${cause.code ?? cause.message}`, { cause }),
      )
    })
    server.listen(port, address, () => {
      resolve(server)
    })
  })
}

function answer(request: IncomingMessage, response: ServerResponse, status: GatewayStatus): void {
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/'
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    sendJson(response, 405, { message: 'Method not allowed' })
    return
  }
  switch (path.replace(/(?<=.)\/$/, '')) {
    case '/status/ready':
      if (status.notReady === null) sendJson(response, 200, { message: 'ready' })
      else sendJson(response, 503, { message: status.notReady })
      return
    case '/status':
      sendJson(response, 200, statusPage(status))
      return
    default:
      sendJson(response, 404, { message: 'Not found' })
  }
}

/** Kong's shape, as far as it has a meaning here. */
function statusPage(status: GatewayStatus): object {
  const { rss, heapUsed } = process.memoryUsage()
  return {
    configuration_hash: status.configurationHash,
    memory: { rss: mebibytes(rss), heap_used: mebibytes(heapUsed) },
    server: {
      total_requests: status.totalRequests,
      requests_pending: status.pendingRequests,
    },
  }
}

function mebibytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(2)} MiB`
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
    Server: PRODUCT,
  })
  response.end(text)
}
