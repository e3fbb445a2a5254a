// Requests of plugins to other servers, such as issuers of tokens: a small answer, in bounded time, from whom the gateway
// trusts. Redirects are answers like any other: nobody is sent on to a place that the file does not name.
import { Agent as HttpAgent, request as requestHttp, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'
import type { ConnectionOptions, DetailedPeerCertificate } from 'node:tls'
import { withoutStack } from '../errors/without-stack.js'
import type { Members } from '../util/json-web-token.js'
import type { ServerTrust } from './contract.js'

export interface OutboundRequest {
  readonly method: 'GET' | 'POST'
  /** http or https. */
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  /** For POST. */
  readonly body?: string
  /** For the whole, from the connection to the last byte. */
  readonly timeoutMs: number
  /** A longer answer is a failure. */
  readonly maxBytes: number
  /** Whether the server's certificate has to be good. */
  readonly verify: boolean
  /** How long the connection may wait for the next request; 0 to close it. */
  readonly idleMs: number
}

export interface OutboundAnswer {
  readonly status: number
  readonly body: Buffer
}

/** Rejects with OutboundError. */
export type Fetch = (request: OutboundRequest) => Promise<OutboundAnswer>

/** The message names the server and what went wrong, and nothing of headers, queries and bodies. */
export class OutboundError extends Error {
  override readonly name = 'OutboundError'
}

/** Connections at a time to one server; further requests wait for one of them. */
const MAX_SOCKETS = 64
/** Of them without a request. */
const MAX_FREE_SOCKETS = 8
/** Requests under way or waiting, to all servers: past that, one that does not answer would take ever more memory. */
const MAX_REQUESTS = 10_000

interface Agents {
  readonly http: HttpAgent
  readonly https: HttpsAgent
}

export class OutboundHttp {
  readonly #trustOf: () => ServerTrust
  readonly #agents = new Map<string, Agents>()
  /** Made with the first request that verifies a certificate; one for all, as their text would be the name of a pool. */
  #trust: ServerTrust | null = null
  #requests = 0

  /** @param trust whom the gateway trusts; may throw with the file at fault */
  constructor(trust: () => ServerTrust) {
    this.#trustOf = trust
  }

  readonly fetch: Fetch = async (request) => {
    if (this.#requests >= MAX_REQUESTS) {
      throw outboundError(request.url, `${MAX_REQUESTS} requests are under way already`)
    }
    this.#requests++
    try {
      return await new Promise<OutboundAnswer>((resolve, reject) => {
        const fail = (reason: string): void => reject(outboundError(request.url, reason))
        try {
          this.#send(request, resolve, fail)
        } catch (error) {
          fail(error instanceof Error ? error.message : String(error))
        }
      })
    } finally {
      this.#requests--
    }
  }

  close(): void {
    for (const { http, https } of this.#agents.values()) {
      http.destroy()
      https.destroy()
    }
    this.#agents.clear()
  }

  #send(
    request: OutboundRequest,
    resolve: (answer: OutboundAnswer) => void,
    fail: (reason: string) => void,
  ): void {
    const { url, method, body = '', timeoutMs } = request
    const isTls = url.protocol === 'https:'
    const agents = this.#agentsFor(request)
    const options = {
      method,
      // A name and a password in the URL go nowhere.
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port === '' ? (isTls ? 443 : 80) : Number(url.port),
      path: `${url.pathname}${url.search}`,
      headers: {
        ...request.headers,
        ...(method === 'POST' && { 'Content-Length': Buffer.byteLength(body) }),
      },
    }
    const sent = isTls
      ? requestHttps({ ...options, ...this.#tls(request), agent: agents.https })
      : requestHttp({ ...options, agent: agents.http })
    const timer = setTimeout(() => {
      fail(`no whole answer within ${timeoutMs} ms`)
      sent.destroy()
    }, timeoutMs)
    sent.on('close', () => clearTimeout(timer))
    sent.on('error', (error) => fail(error.message))
    sent.on('response', (response) => {
      read(response, request.maxBytes, resolve, (reason) => {
        fail(reason)
        sent.destroy()
      })
    })
    sent.end(body)
  }

  #tls({ verify }: OutboundRequest): ConnectionOptions {
    if (!verify) return { rejectUnauthorized: false }
    const trust = (this.#trust ??= this.#trustOf())
    return {
      rejectUnauthorized: true,
      secureContext: trust.secureContext(),
      // The type leaves out what node:tls does hand over.
      checkServerIdentity: (host, certificate) =>
        trust.faultOf(host, certificate as DetailedPeerCertificate),
    }
  }

  #agentsFor({ idleMs }: OutboundRequest): Agents {
    const key = String(idleMs)
    let agents = this.#agents.get(key)
    if (agents === undefined) {
      const limits = { maxSockets: MAX_SOCKETS, maxFreeSockets: MAX_FREE_SOCKETS }
      // The time-out is that of a connection without a request; requests have one of their own.
      const options = idleMs === 0 ? limits : { ...limits, keepAlive: true, timeout: idleMs }
      agents = { http: new HttpAgent(options), https: new HttpsAgent(options) }
      this.#agents.set(key, agents)
    }
    return agents
  }
}

function read(
  response: IncomingMessage,
  maxBytes: number,
  resolve: (answer: OutboundAnswer) => void,
  fail: (reason: string) => void,
): void {
  const chunks: Buffer[] = []
  let bytes = 0
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > maxBytes) fail(`the answer has more than ${maxBytes} bytes`)
    else chunks.push(chunk)
  })
  response.on('error', (error) => fail(error.message))
  response.on('end', () => {
    if (response.complete)
      resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks) })
    else fail('the answer was cut off')
  })
}

/** The JSON object that the server answers with; anything else, such as another status than 200, is an OutboundError. */
export async function fetchJson(fetch: Fetch, request: OutboundRequest): Promise<Members> {
  const { status, body } = await fetch(request)
  if (status !== 200) throw outboundError(request.url, `answered with status ${status}`)
  const value = parse(body)
  if (isObject(value)) return value
  throw outboundError(request.url, 'the answer is no JSON object')
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Says which server it was, without the query. */
function outboundError({ origin, pathname }: URL, reason: string): OutboundError {
  return withoutStack(() => new OutboundError(`${origin}${pathname}: ${reason}`))
}
