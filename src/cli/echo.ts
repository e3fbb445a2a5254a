// `gw echo`: a target to try a declarative file against. It answers with what it got, so that one can see what the
// gateway made of a request.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Command, InvalidArgumentError } from 'commander'

export interface EchoOptions {
  readonly host: string
  /** 0 lets the system choose. */
  readonly port: number
}

export interface RunningEcho {
  readonly host: string
  /** The port in use, also when 0 was asked for. */
  readonly port: number
  /** Takes no more connections and cuts those that are open. */
  close(): Promise<void>
}

const HELP = `
Answers with what it got, as JSON. A path that ends in one of these does more:
  /status/418   answers with that status
  /delay/200    answers after so many milliseconds, at most 60000
  /bytes/1000   a body of so many bytes, at most 1073741824
  /stream/5     so many lines in chunks, one every 10 ms, at most 100000
  /sse/3        so many server-sent events, one every 100 ms, at most 100000`

export function echoCommand(): Command {
  return new Command('echo')
    .description('start a target that answers with what it got')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'port to listen on; 0 for any', parsePort, 9080)
    .addHelpText('after', HELP)
    .action(async (options: EchoOptions) => {
      const echo = await startEcho(options)
      process.stdout.write(`echo listens on http://${echo.host}:${echo.port}\n`)
      const stop = (): void => void echo.close()
      process.once('SIGTERM', stop)
      process.once('SIGINT', stop)
    })
}

function parsePort(text: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535) {
    throw new InvalidArgumentError('a port is a number from 0 to 65535')
  }
  return port
}

/** Rejects when the address is taken or not this machine's. */
export async function startEcho({ host, port }: EchoOptions): Promise<RunningEcho> {
  const server = createServer((request, response) => {
    response.on('error', () => response.destroy())
    // A client that leaves while its body is being read: nobody is left to answer.
    answer(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  // Listening on TCP, so neither a pipe's text nor the null of a closed server.
  const address = server.address() as AddressInfo
  return { host, port: address.port, close: () => close(server) }
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

type Action = (response: ServerResponse, amount: number, text: () => string) => Promise<void> | void

/** By the next to last segment of the path: the most that may be asked for, and what is done. */
const ACTIONS: Readonly<
  Record<string, { readonly min: number; readonly max: number; run: Action }>
> = {
  status: {
    min: 200,
    max: 599,
    run: (response, status, text) => sendJson(response, status, text()),
  },
  delay: { min: 0, max: 60_000, run: sendLater },
  bytes: { min: 0, max: 2 ** 30, run: sendBytes },
  stream: {
    min: 0,
    max: 100_000,
    run: (response, count) => sendPieces(response, 'text/plain', count, 10, (i) => `line ${i}\n`),
  },
  sse: {
    min: 0,
    max: 100_000,
    run: (response, count) =>
      sendPieces(
        response,
        'text/event-stream',
        count,
        100,
        (i) => `id: ${i}\ndata: event ${i}\n\n`,
      ),
  },
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(request)
  const text = (): string => `${JSON.stringify(describe(request, body), null, 2)}\n`
  const [path = ''] = (request.url ?? '').split('?', 1)
  const [, name = '', digits = ''] = /\/([a-z]+)\/(\d{1,10})$/.exec(path) ?? []
  const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined
  const amount = Number(digits)
  if (action === undefined) {
    sendJson(response, 200, text())
    return
  }
  if (amount < action.min || amount > action.max) {
    const message = `/${name}/ takes a number from ${action.min} to ${action.max}`
    sendJson(response, 400, `${JSON.stringify({ message })}\n`)
    return
  }
  await action.run(response, amount, text)
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  // Without setEncoding a request yields Buffers; its type does not say so.
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

function describe(request: IncomingMessage, body: Buffer): object {
  const url = request.url ?? ''
  const mark = url.indexOf('?')
  const text = body.toString('utf8')
  // What does not survive the way to text and back was not text.
  const isText = Buffer.from(text, 'utf8').equals(body)
  return {
    method: request.method,
    path: mark < 0 ? url : url.slice(0, mark),
    query: gather(new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1))),
    headers: gather(headerLines(request)),
    body: isText ? text : body.toString('base64'),
    bodyEncoding: isText ? 'text' : 'base64',
    remoteAddress: request.socket.remoteAddress,
  }
}

function* headerLines({ rawHeaders }: IncomingMessage): Iterable<[string, string]> {
  for (let i = 0; i < rawHeaders.length; i += 2) {
    yield [(rawHeaders[i] ?? '').toLowerCase(), rawHeaders[i + 1] ?? '']
  }
}

/** One value stays a string; several of a name become a list. */
function gather(pairs: Iterable<[string, string]>): Record<string, string | string[]> {
  const found = new Map<string, string | string[]>()
  for (const [name, value] of pairs) {
    const before = found.get(name)
    found.set(name, before === undefined ? value : [before, value].flat())
  }
  // Own properties throughout, so that a name such as __proto__ is just a name.
  return Object.fromEntries(found)
}

function sendJson(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
  })
  response.end(text)
}

async function sendLater(response: ServerResponse, ms: number, text: () => string): Promise<void> {
  await sleep(ms)
  sendJson(response, 200, text())
}

async function sendBytes(response: ServerResponse, count: number): Promise<void> {
  response.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Length': count })
  const piece = Buffer.alloc(Math.min(count, 65_536), 'x')
  for (let left = count; left > 0 && !response.destroyed; left -= piece.length) {
    await write(response, left < piece.length ? piece.subarray(0, left) : piece)
  }
  response.end()
}

async function sendPieces(
  response: ServerResponse,
  type: string,
  count: number,
  pauseMs: number,
  piece: (index: number) => string,
): Promise<void> {
  response.writeHead(200, { 'Content-Type': type, 'Cache-Control': 'no-cache' })
  response.flushHeaders()
  for (let i = 0; i < count && !response.destroyed; i++) {
    if (i > 0) await sleep(pauseMs)
    await write(response, piece(i))
  }
  response.end()
}

/** Resolves when more may be written: at once, when the client has caught up, or when it has gone. */
function write(response: ServerResponse, piece: string | Buffer): Promise<void> {
  if (response.destroyed || response.write(piece)) return Promise.resolve()
  return new Promise((resolve) => {
    const go = (): void => {
      response.off('drain', go)
      response.off('close', go)
      resolve()
    }
    response.on('drain', go)
    response.on('close', go)
  })
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
