// A running gateway: holds the configuration, and has workers serve it.
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Server } from 'node:http'
import { describeError } from '../errors/describe.js'
import { GatewayCertificates } from './certificates.js'
import { NodeHealth } from './health/node-health.js'
import type { ProxyListener } from './listeners.js'
import { loadRegistry, readConfig, readSource } from './load.js'
import { claimPort } from './ports.js'
import { startPages } from './pages/start.js'
import type { GatewayControl, GatewayStatus } from './admin/contract.js'
import type { ConfigText, LoadedConfig } from '../config/index.js'
import type { Logger } from '../log/logger.js'
import type { PluginRegistry } from '../plugin/registry.js'
import { createDnsClient } from '../upstream/dns/client.js'
import type { ConfigSource } from './config-source.js'
import type { Settings } from './settings.js'
import type { StopMode } from './worker/messages.js'
import type { Supervisor } from './worker/supervisor.js'

export interface GatewayParts {
  readonly supervisor: Supervisor
  readonly log: Logger
  /** Is given the text of each document that `load` has brought into force. */
  readonly keep?: ((text: string) => void) | null
}

export class Gateway implements GatewayControl {
  readonly #settings: Settings
  readonly #log: Logger
  readonly #keep: ((text: string) => void) | null
  readonly #plugins: PluginRegistry
  readonly #supervisor: Supervisor
  readonly #certificates: GatewayCertificates
  readonly health: NodeHealth
  readonly #source: ConfigSource
  #config: LoadedConfig
  #pages: readonly Server[] = []
  #isDraining = false
  #isStopping = false
  #lastLoad: Promise<unknown> = Promise.resolve()

  private constructor(parts: {
    settings: Settings
    log: Logger
    keep: ((text: string) => void) | null
    plugins: PluginRegistry
    supervisor: Supervisor
    certificates: GatewayCertificates
    health: NodeHealth
    source: ConfigSource
    config: LoadedConfig
  }) {
    this.#settings = parts.settings
    this.#log = parts.log
    this.#keep = parts.keep
    this.#plugins = parts.plugins
    this.#supervisor = parts.supervisor
    this.#certificates = parts.certificates
    this.health = parts.health
    this.#source = parts.source
    this.#config = parts.config
  }

  /**
   * Reads the source and makes everything ready; `listen` opens the ports.
   * @param supervisor of workers that have begun; they end when there is no gateway
   * @throws ConfigError when the file or a plugin is wrong
   */
  static async create(
    source: ConfigSource,
    settings: Settings,
    { supervisor, log, keep = null }: GatewayParts,
  ): Promise<Gateway> {
    try {
      const plugins = await loadRegistry(settings)
      const config = readConfig(await readSource(source), plugins, settings)
      logWarnings(config, log)
      const certificates = new GatewayCertificates(settings, log)
      const { tls, trust } = await certificates.prepare(config)
      await supervisor.apply(config, tls)
      const health = new NodeHealth({
        table: supervisor.health,
        dns: createDnsClient(settings.dns, log),
        log,
      })
      health.use(config, { ...tls.targetTls, trust })
      const parts = { settings, log, keep, plugins, supervisor, certificates, health }
      return new Gateway({ ...parts, source, config })
    } catch (error) {
      // What went wrong first is what counts.
      await supervisor.stop('fast', 0).catch(() => undefined)
      throw error
    }
  }

  /** Opens every listener; what it returns are the proxy's. */
  async listen(): Promise<readonly ProxyListener[]> {
    const { proxyListen } = this.#settings
    try {
      // Who does not share a port notices by itself that it is taken.
      const { canShare } = this.#supervisor
      const entries = canShare ? await Promise.all(proxyListen.map(claimPort)) : proxyListen
      const listeners = await this.#supervisor.listen(entries)
      this.#pages = await startPages({
        settings: this.#settings,
        plugins: this.#plugins,
        control: this,
        log: this.#log,
      })
      return listeners
    } catch (error) {
      this.health.close()
      await this.#supervisor.stop('fast', 0)
      throw error
    }
  }

  status(): GatewayStatus {
    return {
      notReady: this.#notReady(),
      isStopping: this.#isStopping,
      workerHeaps: this.#supervisor.heaps,
      configurationHash: this.#config.snapshot.hash,
      totalRequests: this.#supervisor.totalRequests,
      pendingRequests: this.#supervisor.pendingRequests,
      guards: this.#supervisor.guards,
    }
  }

  /**
   * Reads the file again. Requests under way finish on what they began with. A file that is wrong changes nothing.
   * @throws ConfigError
   */
  async reload(): Promise<void> {
    await this.#inTurn(async () => this.#load(await readSource(this.#source)))
  }

  /**
   * Puts another document in the place of the one that serves, as `reload` does.
   * @throws ConfigError
   */
  load(source: ConfigText): Promise<LoadedConfig> {
    return this.#inTurn(async () => {
      const config = await this.#load(source)
      try {
        this.#keep?.(source.text)
      } catch (error) {
        this.#log.warn(
          `the configuration serves, but will not outlive this process: ${describeError(error)}`,
        )
      }
      return config
    })
  }

  inquire(plugin: string, question: unknown): Promise<readonly unknown[]> {
    return this.#supervisor.inquire(plugin, question)
  }

  get config(): LoadedConfig {
    return this.#config
  }

  /** From now on not ready, so that no more requests are sent here; those that come are served. */
  drain(): void {
    this.#isDraining = true
  }

  /**
   * `graceful`: is not ready any more and, when load balancers have had time to see that, takes no new connections and
   * waits for what is under way. `fast`: cuts it. Asked for again, the faster one counts.
   */
  async stop(mode: StopMode): Promise<void> {
    const { drainDelayMs, shutdownTimeoutMs } = this.#settings
    const isFirst = !this.#isStopping
    this.#isStopping = true
    this.drain()
    if (mode === 'graceful' && isFirst && drainDelayMs > 0) {
      this.#supervisor.drain()
      await sleep(drainDelayMs)
    }
    await this.#supervisor.stop(mode, shutdownTimeoutMs)
    this.health.close()
    for (const server of this.#pages) {
      server.close()
      server.closeAllConnections()
    }
  }

  /** One after the other: what was read first must not come to serve last. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#lastLoad.then(work)
    this.#lastLoad = turn.catch(() => undefined) // the caller hears of it
    return turn
  }

  async #load(source: ConfigText): Promise<LoadedConfig> {
    if (this.#isStopping) return this.#config
    const startedAt = performance.now()
    const config = readConfig(source, this.#plugins, this.#settings)
    logWarnings(config, this.#log)
    const { tls, trust } = await this.#certificates.prepare(config)
    await this.#supervisor.apply(config, tls)
    this.#config = config
    this.health.use(config, { ...tls.targetTls, trust })
    const { hash, services, routes } = config.snapshot
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

  #notReady(): string | null {
    if (this.#isDraining) return 'draining'
    const { serving, workers } = this.#supervisor
    if (serving === 0) {
      return `router builds not yet complete, router ready in 0 of ${workers} workers`
    }
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
