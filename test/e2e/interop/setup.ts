// What the tests with other people's programs share: a target with an answer of each kind, and what every client or proxy
// in front of the gateway has to get from it.
import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import { after, before, it } from 'node:test'
import { oneRoute, startGateway, type RunningGateway } from '../../support/gateway.js'
import { HttpClient, type Answer } from '../../support/http-client.js'
import { portOf } from '../../support/ports.js'

export const LARGE = 'large '.repeat(2 ** 20 / 6)
export const CHUNKS = ['one ', 'two ', 'three\n']

export interface InteropTarget {
  readonly port: number
  /** Of the last request. */
  readonly method: string
  readonly headers: IncomingMessage['headers']
  stop(): Promise<void>
}

/** `/echo` answers what it was sent, `/chunked` in pieces of unknown number, `/large` a megabyte, all else `hello`. */
export async function startInteropTarget(): Promise<InteropTarget> {
  let last: IncomingMessage | null = null
  const server = createServer((request, response) => {
    last = request
    answer(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: portOf(server),
    get method() {
      return last?.method ?? ''
    },
    get headers() {
      return last?.headers ?? {}
    },
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  const send = (body: string | Buffer): void => {
    response.setHeader('Content-Length', Buffer.byteLength(body))
    response.end(body)
  }
  switch (request.url) {
    case '/echo': {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => send(Buffer.concat(chunks)))
      return
    }
    case '/chunked':
      response.write(CHUNKS[0])
      // Not in one read with the first: the gateway would know the length.
      setTimeout(() => {
        for (const chunk of CHUNKS.slice(1)) response.write(chunk)
        response.end()
      }, 5)
      return
    case '/large':
      send(LARGE)
      return
    default:
      send('hello')
  }
}

/** Servers of one suite, which end with it, also when one of them has not started; the last one first. */
export class Servers {
  readonly #running: { stop(): Promise<unknown> }[] = []

  constructor() {
    after(async () => {
      for (const server of this.#running.reverse()) await server.stop()
    })
  }

  async start<Server extends { stop(): Promise<unknown> }>(
    starting: Promise<Server>,
  ): Promise<Server> {
    const server = await starting
    this.#running.push(server)
    return server
  }
}

/** On http1, which alone speaks HTTP/1.0 and the PROXY protocol. */
export function startHttp1Gateway(
  target: InteropTarget,
  listenFlags = '',
  env: Readonly<Record<string, string>> = {},
): Promise<RunningGateway> {
  return startGateway({
    config: oneRoute(target.port),
    listenFlags,
    env: { GW_ENGINE: 'http1', KONG_LOG_LEVEL: 'warn', ...env },
  })
}

const BODY = 'name=value&'.repeat(10_000)

/** A test for each kind of exchange, through whatever listens at the port, over one connection. */
export function testExchanges(port: () => number): void {
  let client: HttpClient
  before(async () => {
    client = await HttpClient.connect(port())
  })
  const ask = (...request: Parameters<HttpClient['request']>): Promise<Answer> =>
    client.request(...request)

  it('brings an answer to GET', async () => {
    const { status, text } = await ask('GET', '/')
    assert.deepEqual([status, text], [200, 'hello'])
  })
  it('brings the head of an answer to HEAD, and no body', async () => {
    const answer = await ask('HEAD', '/large')
    assert.deepEqual([answer.status, answer.text], [200, ''])
    assert.equal(answer.header('content-length'), String(LARGE.length))
  })
  it('takes a body that POST brings', async () => {
    const { status, text } = await ask('POST', '/echo', {}, 'a body')
    assert.deepEqual([status, text], [200, 'a body'])
  })
  it('takes a body of 110 KB', async () => {
    const { status, text } = await ask('POST', '/echo', {}, BODY)
    assert.deepEqual([status, text.length, text === BODY], [200, BODY.length, true])
  })
  it('brings an answer whose length is not known before', async () => {
    const { status, text } = await ask('GET', '/chunked')
    assert.deepEqual([status, text], [200, CHUNKS.join('')])
  })
  it('brings an answer of 1 MB', async () => {
    const { status, text } = await ask('GET', '/large')
    assert.deepEqual([status, text.length, text === LARGE], [200, LARGE.length, true])
  })
  it('has kept the connection of the client through all of it', () => {
    assert.equal(client.isClosed, false)
    client.close()
  })
}
