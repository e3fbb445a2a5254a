// A running gateway: puts the parts together, swaps the configuration, stops.
import { performance } from 'node:perf_hooks'
import type { Server } from 'node:http'
import { describeError } from '../errors/describe.js'
import { ClientAddresses } from '../pipeline/client-address.js'
import { Journey } from '../pipeline/journey.js'
import { createTransport } from '../proxy/http1-transport.js'
import { PRODUCT } from '../util/version.js'
import { GatewayCertificates } from './certificates.js'
import { Listeners, type ProxyListener } from './listeners.js'
import { compileConfig, loadRegistry, readConfig, readConfigFrom } from './load.js'
import { closePlugins, configurePlugins, initPlugins } from './plugin-life.js'
import { startPages } from './pages/start.js'
import type { ConfigText, GatewayControl, GatewayStatus } from './admin/contract.js'
import type { LoadedConfig } from '../config/index.js'
import type { Logger } from '../log/logger.js'
import type { Exchange } from '../model/exchange.js'
import type { CompiledConfig } from '../pipeline/compiled.js'
import type { PipelineSettings } from '../pipeline/settings.js'
import type { Step } from '../pipeline/plan.js'
import type { Awaitable } from '../plugin/contract.js'
import type { PluginRegistry } from '../plugin/registry.js'
import type { Transport } from '../proxy/transport.js'
import type { Settings } from './settings.js'

/** After SIGTERM, how long requests under way may take before they are cut; Kong's `quit` default. */
const DRAIN_MS = 10_000
const DRAIN_POLL_MS = 20

export class Gateway implements GatewayControl {
  readonly #settings: Settings
  readonly #pipeline: PipelineSettings
  readonly #log: Logger
  readonly #plugins: PluginRegistry
  readonly #transport: Transport
  readonly #listeners: Listeners
  readonly #file: string
  /** Null without a listener that needs them. */
  readonly #certificates: GatewayCertificates | null
  #compiled: CompiledConfig
  #config: LoadedConfig
  #isDraining = false
  #statusServers: readonly Server[] = []
  #totalRequests = 0
  /** Set once the end has begun. */
  #stopped: Promise<void> | null = null
  #lastReload: Promise<unknown> = Promise.resolve()

  private constructor(parts: {
    settings: Settings
    log: Logger
    plugins: PluginRegistry
    transport: Transport
    file: string
    certificates: GatewayCertificates | null
    compiled: CompiledConfig
    config: LoadedConfig
  }) {
    const { settings, log } = parts
    this.#settings = settings
    this.#log = log
    this.#plugins = parts.plugins
    this.#transport = parts.transport
    this.#listeners = new Listeners({ ...settings, log })
    this.#file = parts.file
    this.#certificates = parts.certificates
    this.#compiled = parts.compiled
    this.#config = parts.config
    this.#pipeline = {
      product: PRODUCT,
      headers: settings.headers,
      upstreamRequestId: settings.upstreamRequestId,
      debugHeader: settings.debugHeader,
      errorDefaultType: settings.errorDefaultType,
      addresses: new ClientAddresses(settings),
      log,
    }
  }

  /**
   * Reads the file and makes everything ready; `listen` opens the ports.
   * @throws ConfigError when the file or a plugin is wrong
   */
  static async create(file: string, settings: Settings, log: Logger): Promise<Gateway> {
    const plugins = await loadRegistry(settings)
    const config = await readConfig(file, plugins, settings)
    logWarnings(config, log)
    const certificates = await GatewayCertificates.create(settings, config, log)
    await initPlugins(plugins, log)
    const transport = createTransport(settings.keepalive)
    const { compiled, steps } = compileConfig(config, plugins, transport)
    configurePlugins(plugins, steps)
    const parts = { settings, log, plugins, transport, file, certificates }
    return new Gateway({ ...parts, compiled, config })
  }

  /** Opens every listener; what it returns are the proxy's. */
  async listen(): Promise<readonly ProxyListener[]> {
    const { proxyListen } = this.#settings
    const tls = this.#certificates?.store ?? null
    const handle = (exchange: Exchange): void => {
      this.#totalRequests++
      new Journey(exchange, this.#compiled, this.#pipeline).start()
    }
    const listeners: ProxyListener[] = []
    for (const entry of proxyListen) {
      listeners.push(await this.#listeners.open(entry, tls, handle))
    }
    this.#statusServers = await startPages({
      settings: this.#settings,
      plugins: this.#plugins,
      control: this,
      log: this.#log,
    })
    return listeners
  }

  status(): GatewayStatus {
    return {
      notReady: this.#notReady(),
      isStopping: this.#stopped !== null,
      configurationHash: this.#config.snapshot.hash,
      totalRequests: this.#totalRequests,
      pendingRequests: this.#listeners.pending,
    }
  }

  /**
   * Reads the file again. Requests under way finish on what they began with. A file that is wrong changes nothing.
   * @throws ConfigError
   */
  async reload(): Promise<void> {
    await this.#inTurn(() => readConfig(this.#file, this.#plugins, this.#settings))
  }

  /**
   * Serves a document that somebody has sent, as `reload` serves the file.
   * @throws ConfigError
   */
  load(source: ConfigText): Promise<LoadedConfig> {
    return this.#inTurn(() => readConfigFrom(source, this.#plugins, this.#settings))
  }

  get config(): LoadedConfig {
    return this.#config
  }

  drain(): void {
    this.#isDraining = true
  }

  #inTurn(read: () => Awaitable<LoadedConfig>): Promise<LoadedConfig> {
    // One after the other: what was read first must not come to serve last.
    const turn = this.#lastReload.then(() => this.#replace(read))
    this.#lastReload = turn.catch(() => undefined) // the caller hears of it
    return turn
  }

  async #replace(read: () => Awaitable<LoadedConfig>): Promise<LoadedConfig> {
    if (this.#stopped !== null) return this.#config
    const startedAt = performance.now()
    const config = await read()
    logWarnings(config, this.#log)
    const certificates = await this.#certificates?.prepare(config)
    const { compiled, steps } = compileConfig(config, this.#plugins, this.#transport)
    this.#compiled = compiled
    if (certificates !== undefined) this.#certificates?.store.replace(certificates)
    this.#config = config
    this.#configurePlugins(steps)
    const { services, routes, hash } = config.snapshot
    this.#log.notice(
      {
        hash,
        services: services.length,
        routes: routes.length,
        ms: Math.round(performance.now() - startedAt),
      },
      'configuration reloaded',
    )
    return config
  }

  /** Takes no new connections, waits for what is under way, closes. Asked again, it is the same end that is awaited. */
  stop(): Promise<void> {
    return (this.#stopped ??= this.#stop())
  }

  async #stop(): Promise<void> {
    this.#listeners.stopListening()
    const deadline = performance.now() + DRAIN_MS
    while (this.#listeners.pending > 0 && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, DRAIN_POLL_MS))
    }
    if (this.#listeners.pending > 0) {
      this.#log.warn({ requests: this.#listeners.pending }, 'cut what did not finish in time')
    }
    this.#listeners.close()
    this.#transport.close()
    for (const server of this.#statusServers) {
      server.close()
      server.closeAllConnections()
    }
    await closePlugins(this.#plugins, this.#log)
  }

  /** In a reload: the new configuration serves already, so a plugin that throws can only be reported. */
  #configurePlugins(steps: readonly Step[]): void {
    try {
      configurePlugins(this.#plugins, steps)
    } catch (error) {
      this.#log.error(`the new configuration serves, but: ${describeError(error)}`)
    }
  }

  #notReady(): string | null {
    if (this.#stopped !== null || this.#isDraining) return 'draining'
    // Kong: an empty configuration is never ready.
    return /^0+$/.test(this.#config.snapshot.hash)
      ? 'no configuration available (empty configuration present)'
      : null
  }
}

function logWarnings({ warnings }: LoadedConfig, log: Logger): void {
  for (const { file, path, line, column, message, hint, rule } of warnings) {
    log.warn({ file, path, line, column, message, hint, rule }, 'configuration')
  }
}
