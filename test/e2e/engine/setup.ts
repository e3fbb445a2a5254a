// What the engine tests share: the table of engines, and a running engine with a handler per test.
import assert from 'node:assert/strict'
import type { Logger } from '../../../src/log/logger.js'
import type {
  BodyReader,
  Exchange,
  ExchangeHandler,
  ExchangeObserver,
} from '../../../src/model/exchange.js'
import type { Engine, ListenOptions, RunningListener } from '../../../src/server/engine.js'
import { createHttp1Engine } from '../../../src/server/http1/engine.js'
import type { EngineSettings } from '../../../src/server/settings.js'
import { createUwsEngine } from '../../../src/server/uws/engine.js'
import { RawClient } from '../../support/raw-client.js'

export interface EngineKind {
  readonly name: string
  create(log: Logger, settings?: Partial<EngineSettings>): Engine
}

/** Every engine answers the same way; what one cannot do is tested in a file of its own. */
export const UWS: EngineKind = { name: 'uws', create: createUwsEngine }
export const HTTP1: EngineKind = { name: 'http1', create: createHttp1Engine }
export const ENGINES: readonly EngineKind[] = [UWS, HTTP1]

/** Text of what was logged as errors, and a logger that keeps it. */
export function recordingLogger(): { log: Logger; errors: string[] } {
  const errors: string[] = []
  const silent = (): void => undefined
  const error = (fields: object | string, message = ''): void => {
    errors.push(typeof fields === 'string' ? fields : `${message}: ${describe(fields)}`)
  }
  const log: Logger = {
    debug: silent,
    info: silent,
    notice: silent,
    warn: silent,
    error,
    child: () => log,
  }
  return { log, errors }
}

function describe(fields: object): string {
  return 'err' in fields ? String(fields.err) : JSON.stringify(fields)
}

export interface Running {
  readonly engine: Engine
  readonly listener: RunningListener
  readonly errors: readonly string[]
  /** What the engine calls for each request; a test puts its own here. */
  handler: ExchangeHandler
  open(): Promise<RawClient>
}

const closing: (() => void)[] = []

/** Ends what `run` has started; for `after`. */
export function closeAll(): void {
  for (const close of closing.splice(0)) close()
}

/** Starts an engine on a free port; `closeAll` ends it. */
export async function run(
  kind: EngineKind,
  settings: Partial<EngineSettings> = {},
  options: Partial<ListenOptions> = {},
): Promise<Running> {
  const { log, errors } = recordingLogger()
  const engine = kind.create(log, settings)
  const clients: RawClient[] = []
  const address = options.address ?? '127.0.0.1'
  const tls = options.tls ?? null
  const listener = await engine.listen(
    { ...options, address, port: options.port ?? 0, tls },
    (exchange) => {
      running.handler(exchange)
    },
  )
  const running: Running = {
    engine,
    listener,
    errors,
    handler: (exchange) => exchange.respond(200, '', 'ok'),
    async open() {
      const client = await RawClient.open(listener.port, { host: address, tls: tls !== null })
      clients.push(client)
      return client
    },
  }
  closing.push(() => {
    for (const client of clients) client.destroy()
    engine.close()
  })
  return running
}

/** Reads a whole body. */
export function readWhole(exchange: Exchange): Promise<Buffer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    const reader: BodyReader = {
      onBodyChunk(chunk, last) {
        chunks.push(chunk)
        if (last) resolve(Buffer.concat(chunks))
      },
    }
    exchange.readBody(reader)
  })
}

/** The exchange that those bytes make; it is answered with 200. */
export async function exchangeOf(running: Running, bytes: string): Promise<Exchange> {
  let seen: Exchange | undefined
  running.handler = (exchange) => {
    seen = exchange
    exchange.respond(200, '', null)
  }
  const client = await running.open()
  await client.ask(bytes)
  client.destroy()
  assert.ok(seen !== undefined)
  return seen
}

/** Resolves with the first exchange that comes in; it is left to the test. */
export function nextExchange(running: Running): Promise<Exchange> {
  return new Promise((resolve) => (running.handler = resolve))
}

/** An observer that cares for some of what it is told. */
export function observer(parts: Partial<ExchangeObserver>): ExchangeObserver {
  const ignore = (): void => undefined
  return { onAborted: ignore, onDrain: ignore, onBodyFault: ignore, ...parts }
}

/** Watches an exchange: resolves when the client is gone. */
export function aborted(exchange: Exchange): Promise<void> {
  return new Promise((resolve) => {
    exchange.observer = observer({ onAborted: resolve })
  })
}

/** A request as text, with a Host unless `lines` bring one. */
export function request(line: string, ...lines: readonly string[]): string {
  const head = lines.some((one) => /^host:/i.test(one)) ? lines : ['Host: a.test', ...lines]
  return `${[line, ...head].join('\r\n')}\r\n\r\n`
}

export const GET = request('GET / HTTP/1.1')
