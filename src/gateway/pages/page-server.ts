// The listeners of pages. Nothing here is hot and every health checker must be able to talk to it: node:http.
import {
  createServer,
  STATUS_CODES,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { performance } from 'node:perf_hooks'
import type { Duplex } from 'node:stream'
import type { SecureContextOptions } from 'node:tls'
import type { Logger } from '../../log/logger.js'
import { hostAndPort } from '../../util/host.js'
import { PRODUCT } from '../../util/version.js'
import type { ListenEntry } from '../listen-syntax.js'
import { readCertificates, type Page, type PageTls } from '../page-tls.js'
import type { PageTable } from './page-table.js'
import {
  empty,
  METHOD_NOT_ALLOWED,
  PageRefusal,
  UNEXPECTED,
  type PageAnswer,
  type PageRequest,
} from './page.js'
import { readBody } from './read-body.js'

/** A page is asked in milliseconds; who needs longer than this holds a connection for nothing. */
const TIMEOUTS = { headersTimeout: 10_000, requestTimeout: 60_000, keepAliveTimeout: 75_000 }

export interface PageListenOptions {
  readonly page: Page
  readonly entries: readonly ListenEntry[]
  /** For entries with `ssl`; null for a certificate that is made here. */
  readonly tls: PageTls | null
  readonly pages: PageTable
  /** What every answer carries. */
  readonly headers: Readonly<Record<string, string>>
  readonly maxBodyBytes: number
  readonly log: Logger
}

/** Listens on every entry. Rejects with `cannot listen on ADDRESS:PORT` when one is taken. */
export async function listenForPages(options: PageListenOptions): Promise<readonly Server[]> {
  const { page, entries, log } = options
  const servers: Server[] = []
  try {
    for (const entry of entries) {
      const { address, port, ssl, proxyProtocol } = entry
      if (proxyProtocol) {
        log.warn(`${page}_listen ${address}:${port}: proxy_protocol has no effect there`)
      }
      servers.push(await listen(entry, options))
      log.notice({ address, port, secure: ssl }, `${page} is listening`)
    }
  } catch (error) {
    for (const server of servers) server.close()
    throw error
  }
  return servers
}

async function listen(entry: ListenEntry, options: PageListenOptions): Promise<Server> {
  const { address, port, ssl } = entry
  try {
    const server = createPageServer(ssl ? await certificatesOf(options) : null, options)
    await bind(server, entry)
    server.on('error', (error) => options.log.error({ err: error }, 'a page listener failed'))
    return server
  } catch (cause) {
    const { message, code } = cause as NodeJS.ErrnoException
    const reason = ssl ? message : (code ?? message)
    throw new Error(`cannot listen on ${hostAndPort(address, port)}: ${reason}`, { cause })
  }
}

function bind(server: Server, { address: host, port }: ListenEntry): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    // As nginx: `[::]` leaves IPv4 to an entry of its own.
    server.listen({ host, port, ipv6Only: true }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

/** @throws Error that names the file that cannot be read */
async function certificatesOf({ tls }: PageListenOptions): Promise<SecureContextOptions> {
  return tls === null ? selfSigned() : readCertificates(tls)
}

/** Made once, for all pages. */
let made: SecureContextOptions | null = null

async function selfSigned(): Promise<SecureContextOptions> {
  const { makeSelfSigned } = await import('../../server/certificates/self-signed.js')
  if (made === null) {
    const { cert, key } = makeSelfSigned(Date.now())
    made = { cert, key }
  }
  return made
}

function createPageServer(tls: SecureContextOptions | null, options: PageListenOptions): Server {
  const server = tls === null ? createServer(TIMEOUTS) : createSecureServer({ ...TIMEOUTS, ...tls })
  server.on('request', (request, response) => void serve(request, response, options))
  // A body that is too large to be read need not be sent.
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    if (Number(request.headers['content-length'] ?? 0) <= options.maxBodyBytes) {
      response.writeContinue()
    }
    void serve(request, response, options)
  })
  server.on('clientError', (error: ParseFailure, socket) => {
    refuseBytes(error, socket, options)
  })
  return server
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  options: PageListenOptions,
): Promise<void> {
  const startedAt = performance.now()
  const answer = await answerTo(request, options)
  if (response.destroyed) return
  const headers = headersOf(answer, startedAt, options)
  response.writeHead(answer.status, headers)
  response.end(request.method === 'HEAD' ? undefined : answer.body)
}

/** Whatever goes wrong is an answer. */
async function answerTo(request: IncomingMessage, options: PageListenOptions): Promise<PageAnswer> {
  try {
    const read = readRequest(request, options.maxBodyBytes)
    return await options.pages.answer(read)
  } catch (error) {
    if (error instanceof PageRefusal) return error.answer
    // The client has left in the middle of its body.
    if (!request.complete && request.destroyed) return empty(400)
    options.log.error({ err: error }, `the ${options.page} page failed`)
    return UNEXPECTED
  }
}

function readRequest(request: IncomingMessage, maxBodyBytes: number): PageRequest {
  const { method = '', url = '', headers } = request
  const { path, query } = readTarget(url)
  return { method, path, query, headers, body: () => readBody(request, maxBodyBytes) }
}

/** Of any form of target (RFC 9112, 3.2); Kong takes a slash at the end as well. */
function readTarget(url: string): Pick<PageRequest, 'path' | 'query'> {
  const target = url.replace(/^https?:\/\/[^/?#]*/i, '')
  const mark = target.indexOf('?')
  const path = mark < 0 ? target : target.slice(0, mark)
  const steps = path.startsWith('/') || path === '' ? path.split('/') : ['', path]
  if (steps.at(-1) === '') steps.pop()
  return {
    path: steps.slice(1).map(decoded),
    query: new URLSearchParams(mark < 0 ? '' : target.slice(mark + 1)),
  }
}

/** What is no escape stays as it is. */
function decoded(step: string): string {
  try {
    return decodeURIComponent(step)
  } catch (error) {
    if (error instanceof URIError) return step
    throw error
  }
}

function headersOf(
  { headers, body }: PageAnswer,
  startedAt: number,
  options: PageListenOptions,
): Record<string, string | number> {
  return {
    ...headers,
    ...(body === '' ? {} : { 'Content-Length': Buffer.byteLength(body) }),
    ...options.headers,
    'X-Kong-Admin-Latency': Math.round(performance.now() - startedAt),
    Server: PRODUCT,
  }
}

interface ParseFailure extends Error {
  readonly code?: string
  readonly rawPacket?: Buffer
}

/** A request line whose method is one, if nobody's (RFC 9110, 5.6.2). */
const MAX_METHOD = 64
const METHOD = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+ \//

/** What Node's parser refuses never becomes a request. A method that it does not know is one of those. */
function refuseBytes(
  { code, rawPacket }: ParseFailure,
  socket: Duplex,
  options: PageListenOptions,
): void {
  if (!socket.writable) {
    socket.destroy()
    return
  }
  const line = code === 'HPE_INVALID_METHOD' ? rawPacket?.toString('latin1', 0, MAX_METHOD) : ''
  const answer = METHOD.test(line ?? '') ? METHOD_NOT_ALLOWED : empty(statusOf(code))
  const headers = { ...headersOf(answer, performance.now(), options), Connection: 'close' }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const head = [`HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ''}`, ...lines]
  socket.end(`${head.join('\r\n')}\r\n\r\n${answer.body}`)
}

function statusOf(code: string | undefined): number {
  if (code === 'HPE_HEADER_OVERFLOW') return 431
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400
}
