// What a worker serves with: its plugins, its listeners, the configuration that is in force and the one to come.
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import type { RouterFlavour } from '../../../schemas/route.js'
import { compile, originsOf, type CompiledConfig } from '../../pipeline/compiled.js'
import { Resilience } from '../../pipeline/guards.js'
import { Journey } from '../../pipeline/journey.js'
import { OutboundHttp } from '../../plugin/outbound-http.js'
import { createTransport } from '../../proxy/http1-transport.js'
import { buildRouter } from '../../router/index.js'
import { createDnsClient } from '../../upstream/dns/client.js'
import { CertificateStore, type CertificateSet } from '../../server/certificates/store.js'
import { describeError } from '../../errors/describe.js'
import { Balancers, type BalancerSet } from '../../upstream/balancers.js'
import { runInSlices, runWhole } from '../../util/slices.js'
import { Listeners, type ProxyListener } from '../listeners.js'
import { pipelineSettings } from '../pipeline-settings.js'
import { ownTrust } from '../own-trust.js'
import { closePlugins, configurePlugins, initPlugins } from '../plugin-life.js'
import { applyUpdate, type WorkerConfig } from '../update/apply-update.js'
import type { Logger } from '../../log/logger.js'
import type { Exchange } from '../../model/exchange.js'
import type { PipelineSettings } from '../../pipeline/settings.js'
import type { PluginEnv, ServerTrust } from '../../plugin/contract.js'
import type { PluginRegistry } from '../../plugin/registry.js'
import type { Transport } from '../../proxy/transport.js'
import type { Router } from '../../router/contract.js'
import type { DnsClient } from '../../upstream/dns/contract.js'
import { HealthChecks } from '../../upstream/health/health-checks.js'
import type { GuardCounts } from '../../upstream/guard-counts.js'
import type { HealthTable } from '../../upstream/health/health-table.js'
import type { Sliced } from '../../util/slices.js'
import type { ListenEntry } from '../listen-syntax.js'
import type { Settings } from '../settings.js'
import type { ConfigUpdate } from '../update/config-update.js'
import { monotonicMs, type Place } from './board.js'
import type { StopMode } from './messages.js'

const DRAIN_POLL_MS = 20
/** A graceful end leaves so much time without a request to those who have connected just before it. */
const QUIET_MS = 100

/** How long a graceful end, when its time is over, waits for WebSockets to answer their close frames. */
const GOODBYE_MS = 500

/** A configuration with all that is made of it. */
interface Ready {
  readonly config: WorkerConfig
  readonly compiled: CompiledConfig
  readonly router: Router
  readonly balancers: BalancerSet
  /** Null without a listener that needs them. */
  readonly certificates: CertificateSet | null
}

interface Parts {
  readonly place: Place
  readonly health: HealthTable
  readonly log: Logger
}

export class WorkerRuntime {
  readonly #log: Logger
  readonly #plugins: PluginRegistry
  readonly #transport: Transport
  /** For plugins. */
  readonly #outbound: OutboundHttp
  /** Outlives configurations, and so does what it knows. */
  readonly #dns: DnsClient
  readonly #health: HealthChecks
  readonly #balancers: Balancers
  readonly #resilience: Resilience
  readonly #buffers: Settings['buffers']
  readonly #listeners: Listeners
  readonly #certificates: CertificateStore
  readonly #pipeline: PipelineSettings
  readonly #place: Place
  readonly #routerFlavour: RouterFlavour
  #ready: Ready | null = null
  #next: Ready | null = null
  #isPreparing = false

  /** Rejects with ConfigError when a plugin's `init` fails. */
  static async create(
    settings: Settings,
    plugins: PluginRegistry,
    {
      counters,
      buckets,
      shared,
      secret,
      ...parts
    }: Parts & Pick<PluginEnv, 'counters' | 'buckets' | 'shared' | 'secret'>,
  ): Promise<WorkerRuntime> {
    const { rateLimitFallback, ownTls } = settings
    const tables = { counters, buckets, shared }
    const given = { log: parts.log, ...tables, secret, settings: { rateLimitFallback } }
    const serverTrust = (): ServerTrust => ownTrust(ownTls)
    const outbound = new OutboundHttp(serverTrust)
    await initPlugins(plugins, { ...given, serverTrust, fetch: outbound.fetch, now: Date.now })
    return new WorkerRuntime(settings, plugins, { ...parts, outbound })
  }

  private constructor(
    settings: Settings,
    plugins: PluginRegistry,
    { place, health, log, outbound }: Parts & { readonly outbound: OutboundHttp },
  ) {
    this.#log = log
    this.#outbound = outbound
    this.#plugins = plugins
    this.#place = place
    this.#routerFlavour = settings.routerFlavour
    this.#buffers = settings.buffers
    this.#transport = createTransport(settings.keepalive)
    this.#dns = createDnsClient(settings.dns, log)
    this.#health = new HealthChecks(health, log, monotonicMs)
    const parts = { dns: this.#dns, health: this.#health }
    this.#balancers = new Balancers(parts, () => this.#retainOrigins())
    this.#resilience = new Resilience({
      hasBreakers: settings.circuitBreaker,
      log,
      now: () => performance.now(),
    })
    this.#listeners = new Listeners({ ...settings, log })
    this.#certificates = new CertificateStore(settings.tls.handshake)
    this.#pipeline = pipelineSettings(settings, log)
  }

  /** Exchanges that have no complete answer yet. */
  get pending(): number {
    return this.#listeners.pending
  }

  get guardCounts(): GuardCounts {
    return this.#resilience.counts(this.#ready?.compiled.breakers ?? [])
  }

  /** Makes what the update says, aside: requests go on meanwhile, and meet it after `commit`. */
  async prepare(update: ConfigUpdate): Promise<void> {
    this.#isPreparing = true
    try {
      this.#next = await this.#prepared(update)
    } finally {
      this.#isPreparing = false
    }
  }

  async #prepared(update: ConfigUpdate): Promise<Ready> {
    const work = this.#make(update)
    // Nobody waits before the first one.
    const made = this.#ready === null ? runWhole(work) : await runInSlices(work)
    const certificates =
      update.certificates === null ? null : await this.#certificates.prepare(update.certificates)
    return { ...made, certificates }
  }

  /** All at once: a request sees the one configuration or the other. */
  commit(): void {
    const next = this.#next
    if (next === null) throw new TypeError('nothing has been prepared')
    const isFirst = this.#ready === null
    this.#ready = next
    this.#next = null
    if (next.certificates !== null) this.#certificates.replace(next.certificates)
    this.#balancers.use(next.balancers)
    this.#retainOrigins()
    this.#configurePlugins(next.config, isFirst)
  }

  abandon(): void {
    this.#next = null
  }

  /** Rejects with a message that names address and port when it cannot listen. */
  async listen(entries: readonly ListenEntry[]): Promise<readonly ProxyListener[]> {
    const handle = (exchange: Exchange): void => {
      const ready = this.#ready
      if (ready === null) throw new TypeError('a listener without a configuration')
      this.#place.countRequest()
      new Journey(exchange, ready.compiled, this.#pipeline).start()
    }
    const listeners: ProxyListener[] = []
    for (const entry of entries) {
      listeners.push(await this.#listeners.open(entry, this.#certificates, handle))
    }
    return listeners
  }

  inquire(plugin: string, question: unknown): unknown {
    return this.#plugins.get(plugin)?.inquire?.(question)
  }

  /** Answers close their connections from now on; new ones are still taken. */
  drain(): void {
    this.#listeners.drain()
  }

  stopListening(): void {
    this.#listeners.stopListening()
  }

  /** @param timeoutMs how long a graceful end waits for what is under way */
  async stop(mode: StopMode, timeoutMs: number): Promise<void> {
    if (mode === 'graceful') await this.#takeWaiting()
    this.stopListening()
    if (mode === 'graceful') await this.#finish(timeoutMs)
    this.#listeners.sayGoodbye()
    if (mode === 'graceful') await this.#untilIdle(GOODBYE_MS)
    this.close()
    await closePlugins(this.#plugins, this.#log)
  }

  /** Cuts everything at once, and synchronously: also for a thread that is about to end. */
  close(): void {
    this.#listeners.close()
    this.#balancers.close()
    this.#transport.close()
    this.#outbound.close()
    this.#health.close()
    this.#dns.close()
  }

  *#make(update: ConfigUpdate): Sliced<Omit<Ready, 'certificates'>> {
    const before = this.#ready
    const config = yield* applyUpdate(before?.config ?? null, update, this.#plugins)
    const router =
      before?.config.served === config.served
        ? before.router
        : yield* buildRouter(config.served, { flavour: this.#routerFlavour })
    const { snapshot, steps } = config
    const balancers = yield* this.#balancers.make(snapshot)
    const means = {
      transport: this.#transport,
      balancers,
      resilience: this.#resilience,
      tls: update.targetTls,
      buffers: this.#buffers,
    }
    const compiled = yield* compile(snapshot, steps, router, means, before?.compiled)
    return { config, compiled, router, balancers }
  }

  /** Origins of addresses that a name stood for once go, too; but none that a configuration to come may have asked for. */
  #retainOrigins(): void {
    if (this.#ready === null || this.#isPreparing || this.#next !== null) return
    this.#transport.retain(originsOf(this.#ready.compiled))
  }

  /** In a reload the new configuration serves already, so a plugin that throws can only be reported. */
  #configurePlugins({ steps }: WorkerConfig, isFirst: boolean): void {
    try {
      configurePlugins(this.#plugins, steps)
    } catch (error) {
      if (isFirst) throw error
      this.#log.error(`the new configuration serves, but: ${describeError(error)}`)
    }
  }

  /** The kernel resets connections that wait to be taken when a listener closes: so it is closed right behind taking them. */
  async #takeWaiting(): Promise<void> {
    this.drain()
    // The first turn ends what the present one has begun, the second one takes all that waits.
    await nextTurn()
    await nextTurn()
  }

  async #untilIdle(timeoutMs: number): Promise<void> {
    const deadline = performance.now() + timeoutMs
    while (performance.now() < deadline && this.pending > 0) await sleep(DRAIN_POLL_MS)
  }

  async #finish(timeoutMs: number): Promise<void> {
    const deadline = performance.now() + timeoutMs
    let busyAt = performance.now()
    while (performance.now() < deadline && performance.now() - busyAt < QUIET_MS) {
      await sleep(DRAIN_POLL_MS)
      if (this.pending > 0) busyAt = performance.now()
    }
    if (this.pending > 0) {
      this.#log.warn({ requests: this.pending }, 'cut what did not finish in time')
    }
  }
}
