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
import { compileConfig, loadRegistry, readConfig } from './load.js'
import { closePlugins, configurePlugins, initPlugins } from './plugin-life.js'
import { startStatusServers, type GatewayStatus } from './status-server.js'
import type { LoadedConfig } from '../config/index.js'
import type { Logger } from '../log/logger.js'
import type { Exchange } from '../model/exchange.js'
import type { CompiledConfig } from '../pipeline/compiled.js'
import type { PipelineSettings } from '../pipeline/settings.js'
import type { Step } from '../pipeline/plan.js'
import type { PluginRegistry } from '../plugin/registry.js'
import type { Transport } from '../proxy/transport.js'
import type { ConfigSource } from './config-source.js'
import type { Settings } from './settings.js'

/** How long requests under way may take after SIGTERM before they are cut; Kong's `quit` default. */
const FAST_STOP_MS = 10_000
const DRAIN_POLL_MS = 20

export class Gateway {
  readonly #settings: Settings
  readonly #pipeline: PipelineSettings
  readonly #log: Logger
  readonly #plugins: PluginRegistry
  readonly #transport: Transport
  readonly #listeners: Listeners
  readonly #source: ConfigSource
  /** Null without a listener that needs them. */
  readonly #certificates: GatewayCertificates | null
  #compiled: CompiledConfig
  #hash: string
  #statusServers: readonly Server[] = []
  #totalRequests = 0
  #isDraining = false
  /** Of the end, once it has begun: what is not finished by then is cut. */
  #deadline = 0
  #isGraceful = false
  /** Set once the end has begun. */
  #stopped: Promise<void> | null = null
  #lastReload: Promise<void> = Promise.resolve()

  private constructor(parts: {
    settings: Settings
    log: Logger
    plugins: PluginRegistry
    transport: Transport
    source: ConfigSource
    certificates: GatewayCertificates | null
    compiled: CompiledConfig
    hash: string
  }) {
    const { settings, log } = parts
    this.#settings = settings
    this.#log = log
    this.#plugins = parts.plugins
    this.#transport = parts.transport
    this.#listeners = new Listeners({ ...settings, log })
    this.#source = parts.source
    this.#certificates = parts.certificates
    this.#compiled = parts.compiled
    this.#hash = parts.hash
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
   * Reads the source and makes everything ready; `listen` opens the ports.
   * @throws ConfigError when the file or a plugin is wrong
   */
  static async create(source: ConfigSource, settings: Settings, log: Logger): Promise<Gateway> {
    const plugins = await loadRegistry(settings)
    const config = await readConfig(source, plugins, settings)
    logWarnings(config, log)
    const certificates = await GatewayCertificates.create(settings, config, log)
    await initPlugins(plugins, log)
    const transport = createTransport(settings.keepalive)
    const { compiled, steps } = compileConfig(config, plugins, transport)
    configurePlugins(plugins, steps)
    const { hash } = config.snapshot
    const parts = { settings, log, plugins, transport, source, certificates }
    return new Gateway({ ...parts, compiled, hash })
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
    this.#statusServers = await startStatusServers(this.#settings, this, this.#log)
    return listeners
  }

  status(): GatewayStatus {
    return {
      notReady: this.#notReady(),
      configurationHash: this.#hash,
      totalRequests: this.#totalRequests,
      pendingRequests: this.#listeners.pending,
    }
  }

  /**
   * Reads the file again. Requests under way finish on what they began with. A file that is wrong changes nothing.
   * @throws ConfigError
   */
  reload(): Promise<void> {
    // One after the other: what was read first must not come to serve last.
    const turn = this.#lastReload.then(() => this.#reload())
    this.#lastReload = turn.catch(() => undefined) // the caller hears of it
    return turn
  }

  async #reload(): Promise<void> {
    if (this.#stopped !== null) return
    const startedAt = performance.now()
    const config = await readConfig(this.#source, this.#plugins, this.#settings)
    logWarnings(config, this.#log)
    const certificates = await this.#certificates?.prepare(config)
    const { compiled, steps } = compileConfig(config, this.#plugins, this.#transport)
    this.#compiled = compiled
    if (certificates !== undefined) this.#certificates?.store.replace(certificates)
    this.#hash = config.snapshot.hash
    this.#configurePlugins(steps)
    const { services, routes } = config.snapshot
    this.#log.notice(
      {
        hash: this.#hash,
        services: services.length,
        routes: routes.length,
        ms: Math.round(performance.now() - startedAt),
      },
      'configuration reloaded',
    )
  }

  /** From now on not ready, so that no more requests are sent here; those that come are served. */
  drain(): void {
    this.#isDraining = true
  }

  /** Takes no new connections, waits for what is under way, closes. Asked again, it is the same end that is awaited. */
  stop(mode: 'fast' | 'graceful'): Promise<void> {
    if (this.#stopped === null) {
      const waitMs = mode === 'fast' ? FAST_STOP_MS : this.#settings.shutdownTimeoutMs
      this.#deadline = performance.now() + waitMs
      this.#stopped = this.#stop()
    } else if (mode === 'fast' && this.#isGraceful) {
      // Whoever was patient no longer is.
      this.#deadline = 0
    }
    this.#isGraceful = mode === 'graceful'
    return this.#stopped
  }

  async #stop(): Promise<void> {
    this.#listeners.stopListening()
    while (this.#listeners.pending > 0 && performance.now() < this.#deadline) {
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
    return /^0+$/.test(this.#hash)
      ? 'no configuration available (empty configuration present)'
      : null
  }
}

function logWarnings({ warnings }: LoadedConfig, log: Logger): void {
  for (const warning of warnings) log.warn({ ...warning }, 'configuration')
}
