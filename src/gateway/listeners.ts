// The proxy's listeners, and the engines that they run on: one of each kind that is in use.
import type { Logger } from '../log/logger.js'
import type { ExchangeHandler } from '../model/exchange.js'
import type { CertificateStore } from '../server/certificates/store.js'
import type { Engine, RunningListener } from '../server/engine.js'
import { DEFAULT_SETTINGS, type EngineSettings } from '../server/settings.js'
import type { EngineKind } from './engine-settings.js'
import type { ListenEntry } from './listen-syntax.js'

type CreateEngine = (log: Logger, settings: Partial<EngineSettings>) => Engine

/** Loaded when a listener wants one: a gateway without uws never loads the native library. */
const LOADERS: Readonly<Record<EngineKind, () => Promise<CreateEngine>>> = {
  uws: async () => (await import('../server/uws/engine.js')).createUwsEngine,
  http1: async () => (await import('../server/http1/engine.js')).createHttp1Engine,
}

export interface ProxyListener extends RunningListener {
  readonly engine: EngineKind
}

export interface ListenersOptions {
  readonly log: Logger
  /** For listeners that do not name one. */
  readonly engine: EngineKind
  readonly engineSettings: Partial<EngineSettings>
}

export class Listeners {
  readonly #options: ListenersOptions
  readonly #engines = new Map<EngineKind, Engine>()

  constructor(options: ListenersOptions) {
    this.#options = options
  }

  /**
   * Rejects with a message that names address and port when it cannot listen.
   * @param certificates for an entry with `ssl`
   */
  async open(
    entry: ListenEntry,
    certificates: CertificateStore,
    handler: ExchangeHandler,
  ): Promise<ProxyListener> {
    const { address, port, publicPort, ssl, proxyProtocol } = entry
    const kind = entry.engine ?? this.#options.engine
    const engine = await this.#engine(kind)
    const tls = ssl ? certificates : null
    const options = { address, port, publicPort, tls, proxyProtocol }
    return { ...(await engine.listen(options, handler)), engine: kind }
  }

  /** Exchanges that have no complete answer yet. */
  get pending(): number {
    let sum = 0
    for (const engine of this.#engines.values()) sum += engine.pending
    return sum
  }

  /** Answers close their connections from now on. */
  drain(): void {
    for (const engine of this.#engines.values()) engine.drain()
  }

  /** Takes no new connections. */
  stopListening(): void {
    for (const engine of this.#engines.values()) engine.stopListening()
  }

  /** Ends open WebSockets with a close frame 1001. */
  sayGoodbye(): void {
    for (const engine of this.#engines.values()) engine.sayGoodbye()
  }

  /** Cuts what is left. */
  close(): void {
    for (const engine of this.#engines.values()) engine.close()
  }

  async #engine(kind: EngineKind): Promise<Engine> {
    const create = await LOADERS[kind]()
    const { log, engineSettings } = this.#options
    let engine = this.#engines.get(kind)
    if (engine === undefined) {
      engine = create(log, engineSettings)
      this.#engines.set(kind, engine)
    }
    return engine
  }
}

const BEYOND_UWS = {
  headerTimeoutMs: 'client_header_timeout',
  keepaliveTimeoutMs: 'keepalive_timeout',
  keepaliveRequests: 'keepalive_requests',
} as const

/** What was set on purpose and has no effect must not look as if it had. */
export function warnAboutUws(settings: Partial<EngineSettings>, log: Logger): void {
  const names = Object.keys(BEYOND_UWS) as (keyof typeof BEYOND_UWS)[]
  const without = names
    .filter((name) => (settings[name] ?? DEFAULT_SETTINGS[name]) !== DEFAULT_SETTINGS[name])
    .map((name) => BEYOND_UWS[name])
  if (without.length === 0) return
  log.warn(
    `${without.join(', ')}: no effect on listeners of the uws engine, which closes a connection that is silent for 10 s; ` +
      'engine=http1 in proxy_listen keeps to it',
  )
}
