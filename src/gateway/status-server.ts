// The status and admin listeners. Nothing here is hot and every health checker must be able to talk to it: node:http.
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { SecureContextOptions } from 'node:tls'
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

/** What the pages tell of, and change. */
export interface StatusSource {
  status(): GatewayStatus
  /** Says from now on that it is not ready. */
  drain(): void
}

export interface StatusServersOptions {
  readonly adminListen: readonly ListenEntry[]
  readonly statusListen: readonly ListenEntry[]
  /** Null: entries with `ssl` get a self-signed certificate. */
  readonly pageTls: Readonly<Record<Page, PageTls | null>>
}

/** Listens on every entry. Rejects with `cannot listen on ADDRESS:PORT` when one is taken. */
export async function startStatusServers(
  { adminListen, statusListen, pageTls }: StatusServersOptions,
  source: StatusSource,
  log: Logger,
): Promise<readonly Server[]> {
  const servers: Server[] = []
  /** Made once, for all of them. */
  let selfSigned: Promise<SecureContextOptions> | null = null
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
    if (proxyProtocol) {
      log.warn(`${page}_listen ${address}:${port}: proxy_protocol has no effect there`)
    }
    const serve: RequestListener = (request, response) => {
      answer(request, response, { page, source })
    }
    try {
      const tls = ssl ? await certificatesOf(page) : null
      const server = tls === null ? createServer(serve) : createSecureServer(tls, serve)
      await listen(server, entry)
      servers.push(server)
    } catch (cause) {
      const { message, code } = cause as NodeJS.ErrnoException
      const reason = ssl ? message : (code ?? message)
      throw new Error(`cannot listen on ${hostAndPort(address, port)}: ${reason}`, { cause })
    }
    log.notice({ address, port, secure: ssl }, `${page} is listening`)
  }

  async function certificatesOf(page: Page): Promise<SecureContextOptions> {
    const given = pageTls[page]
    if (given !== null) return readCertificates(given)
    return (selfSigned ??= makeCertificates())
  }
}

async function makeCertificates(): Promise<SecureContextOptions> {
  const { makeSelfSigned } = await import('../server/certificates/self-signed.js')
  const { cert, key } = makeSelfSigned(Date.now())
  return { cert, key }
}

function listen(server: Server, { address, port }: ListenEntry): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, address, resolve)
  })
}

const METHODS = 'GET, HEAD, OPTIONS'
const READY = '/status/ready'
const PATHS: ReadonlySet<string> = new Set(['/status', READY])

interface Asked {
  readonly page: Page
  readonly source: StatusSource
}

function answer(request: IncomingMessage, response: ServerResponse, { page, source }: Asked): void {
  const { method = '', url = '' } = request
  const path = pathOf(url)
  if (method === 'OPTIONS' && (url === '*' || PATHS.has(path))) {
    response.writeHead(204, { Allow: METHODS, Server: PRODUCT })
    response.end()
  } else if (!PATHS.has(path)) {
    sendJson(response, 404, { message: 'Not found' })
  } else if (method === 'POST' && path === READY && page === 'status') {
    takeDraining(request, response, source).catch(() => response.destroy())
  } else if (method !== 'GET' && method !== 'HEAD') {
    response.setHeader('Allow', METHODS)
    sendJson(response, 405, { message: 'Method not allowed' })
  } else if (path === '/status') {
    sendJson(response, 200, statusPage(source.status()))
  } else {
    const { notReady } = source.status()
    sendJson(response, notReady === null ? 200 : 503, { message: notReady ?? 'ready' })
  }
}

/** `{"status":"draining"}` and a little room; nothing else is understood. */
const MAX_BODY_BYTES = 1024

/** As `kong drain` asks. There is no way back but a restart, as in Kong. */
async function takeDraining(
  request: IncomingMessage,
  response: ServerResponse,
  source: StatusSource,
): Promise<void> {
  let text = ''
  for await (const chunk of request) {
    text += String(chunk)
    if (text.length > MAX_BODY_BYTES) break
  }
  if (!/^\s*\{\s*"status"\s*:\s*"draining"\s*\}\s*$/.test(text)) {
    response.setHeader('Connection', 'close')
    sendJson(response, 400, { message: 'expected {"status":"draining"}' })
    return
  }
  source.drain()
  response.writeHead(204, { Server: PRODUCT })
  response.end()
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
