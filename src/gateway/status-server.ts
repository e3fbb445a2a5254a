// The status and admin listeners. Nothing here is hot and every health checker must be able to talk to it: node:http.
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { hostAndPort } from '../util/host.js'
import { PRODUCT } from '../util/version.js'
import { readCertificates, type Page, type PageTls } from './page-tls.js'
import type { Logger } from '../log/logger.js'
import type { ListenEntry } from './listen-syntax.js'

/** What the status pages report; asked anew for every request. */
export interface GatewayStatus {
  /** Why the gateway is not ready, in Kong's words; null when it is. */
  readonly notReady: string | null
  readonly configurationHash: string
  readonly totalRequests: number
  readonly pendingRequests: number
}

export interface StatusServersOptions {
  readonly adminListen: readonly ListenEntry[]
  readonly statusListen: readonly ListenEntry[]
  /** Null where `ssl` cannot be served. */
  readonly pageTls: Readonly<Record<Page, PageTls | null>>
}

/** Listens on every entry that can be served. Rejects with `cannot listen on ADDRESS:PORT` when one is taken. */
export async function startStatusServers(
  { adminListen, statusListen, pageTls }: StatusServersOptions,
  status: () => GatewayStatus,
  log: Logger,
): Promise<readonly Server[]> {
  const servers: Server[] = []
  try {
    for (const entry of statusListen) await open('status', entry)
    for (const entry of adminListen) await open('admin', entry)
  } catch (error) {
    for (const server of servers) server.close()
    throw error
  }
  return servers

  async function open(page: Page, entry: ListenEntry): Promise<void> {
    const { address, port, ssl, proxyProtocol } = entry
    const tls = ssl ? pageTls[page] : null
    if (ssl && tls === null) {
      const setting = `KONG_${page.toUpperCase()}_SSL_CERT`
      log.warn(`${page}_listen ${address}:${port} ssl is not served: set ${setting} and its key`)
      return
    }
    if (proxyProtocol) {
      log.warn(`${page}_listen ${address}:${port}: proxy_protocol has no effect there`)
    }
    servers.push(await listen(entry, tls, status))
    log.notice({ address, port, secure: ssl }, `${page} is listening`)
  }
}

function listen(
  { address, port }: ListenEntry,
  tls: PageTls | null,
  status: () => GatewayStatus,
): Promise<Server> {
  const serve: RequestListener = (request, response) => {
    answer(request, response, status())
  }
  return new Promise((resolve, reject) => {
    const refuse = (cause: Error & { readonly code?: string }): void => {
      const reason = tls === null ? (cause.code ?? cause.message) : cause.message
      reject(new Error(`cannot listen on ${hostAndPort(address, port)}: ${reason}`, { cause }))
    }
    let server: Server
    try {
      server = tls === null ? createServer(serve) : createSecureServer(readCertificates(tls), serve)
    } catch (cause) {
      refuse(cause instanceof Error ? cause : new Error(String(cause)))
      return
    }
    server.once('error', refuse)
    // As nginx does it: 0.0.0.0 may stand beside [::].
    server.listen({ port, host: address, ipv6Only: true }, () => {
      resolve(server)
    })
  })
}

const METHODS = 'GET, HEAD, OPTIONS'
const PATHS: ReadonlySet<string> = new Set(['/status', '/status/ready'])

function answer(request: IncomingMessage, response: ServerResponse, status: GatewayStatus): void {
  const { method = '', url = '' } = request
  const path = pathOf(url)
  if (method === 'OPTIONS' && (url === '*' || PATHS.has(path))) {
    response.writeHead(204, { Allow: METHODS, Server: PRODUCT })
    response.end()
  } else if (!PATHS.has(path)) {
    sendJson(response, 404, { message: 'Not found' })
  } else if (method !== 'GET' && method !== 'HEAD') {
    response.setHeader('Allow', METHODS)
    sendJson(response, 405, { message: 'Method not allowed' })
  } else if (path === '/status') {
    sendJson(response, 200, statusPage(status))
  } else if (status.notReady === null) {
    sendJson(response, 200, { message: 'ready' })
  } else {
    sendJson(response, 503, { message: status.notReady })
  }
}

/** Of any form of target (RFC 9112, 3.2); Kong takes a slash at the end as well. */
function pathOf(url: string): string {
  const [path = ''] = url.replace(/^https?:\/\/[^/?#]*/i, '').split('?', 1)
  return path.replace(/(?<=.)\/$/, '')
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
