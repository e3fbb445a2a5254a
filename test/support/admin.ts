// The admin pages on a configuration, without sockets.
import { bundledPlugins } from '../../plugins/index.js'
import { plannedPlugins } from '../../plugins/planned.js'
import { loadConfig, type LoadedConfig } from '../../src/config/index.js'
import { createAdminPages } from '../../src/gateway/admin/admin-pages.js'
import type { ConfigText } from '../../src/config/index.js'
import type { GatewayControl } from '../../src/gateway/admin/contract.js'
import { PageRefusal, type PageAnswer, type PageRequest } from '../../src/gateway/pages/page.js'
import { readSettings } from '../../src/gateway/settings.js'
import type { Logger } from '../../src/log/logger.js'
import { NodeHealth, type ProbeIdentity } from '../../src/gateway/health/node-health.js'
import type { DnsClient } from '../../src/upstream/dns/contract.js'
import { DnsError } from '../../src/upstream/dns/dns-error.js'
import { guardCounts } from '../../src/upstream/guard-counts.js'
import { HealthTable } from '../../src/upstream/health/health-table.js'
import { PluginRegistry } from '../../src/plugin/registry.js'

const plugins = new PluginRegistry(bundledPlugins, plannedPlugins)

export interface SentRequest {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export interface AdminAnswer extends PageAnswer {
  /** The body read as JSON; null for any other. */
  readonly json: unknown
}

/** There are no names. */
const NO_NAMES: DnsClient = {
  open: (host) => ({
    answer: null,
    resolve: () => Promise.reject(DnsError.of(host, { reason: 'dns server error: 3 name error' })),
  }),
  close: () => undefined,
}

const NO_CLIENTS: ProbeIdentity = {
  client: null,
  clientsById: new Map(),
  trust: { authorities: [], depth: 1 },
}

export class FakeAdmin implements GatewayControl {
  config: LoadedConfig
  isStopping = false
  isDraining = false
  /** Lines of errors. */
  readonly logged: string[] = []
  /** Set, a load waits for it. */
  gate: Promise<void> = Promise.resolve()
  readonly health: NodeHealth
  readonly #pages

  constructor(text: string) {
    this.config = loadConfig({ text, file: 'kong.yml' }, { plugins, now: Date.now })
    const settings = readSettings({ KONG_LOG_LEVEL: 'info' })
    const log = logTo(this.logged)
    this.health = new NodeHealth({ table: HealthTable.create(64), dns: NO_NAMES, log })
    this.health.use(this.config, NO_CLIENTS)
    this.#pages = createAdminPages({ settings, plugins, control: this, log })
  }

  status(): ReturnType<GatewayControl['status']> {
    return {
      notReady: null,
      workerHeaps: [1_048_576],
      isStopping: this.isStopping,
      configurationHash: this.config.snapshot.hash,
      totalRequests: 7,
      pendingRequests: 1,
      guards: guardCounts((name) => name.length),
    }
  }

  async load(source: ConfigText): Promise<LoadedConfig> {
    await this.gate
    this.config = loadConfig(source, { plugins, now: Date.now })
    this.health.use(this.config, NO_CLIENTS)
    return this.config
  }

  /** Questions to plugins, which `answers` answers. */
  readonly questions: unknown[] = []
  answers: readonly unknown[] = []

  inquire(plugin: string, question: unknown): Promise<readonly unknown[]> {
    this.questions.push([plugin, question])
    return Promise.resolve(this.answers)
  }

  drain(): void {
    this.isDraining = true
  }

  async ask(method: string, target: string, sent: SentRequest = {}): Promise<AdminAnswer> {
    const { pathname, searchParams } = new URL(target, 'http://admin.test')
    const { body, headers = {} } = sent
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const request: PageRequest = {
      method,
      path: pathname.split('/').filter(Boolean).map(decodeURIComponent),
      query: searchParams,
      headers: { host: 'admin.test', ...length, ...headers },
      body: () => Promise.resolve(Buffer.from(body ?? '')),
    }
    const answer = await this.#answer(request)
    const isJson = answer.headers['Content-Type']?.startsWith('application/json') === true
    return { ...answer, json: isJson ? (JSON.parse(answer.body) as unknown) : null }
  }

  async #answer(request: PageRequest): Promise<PageAnswer> {
    try {
      return await this.#pages.answer(request)
    } catch (error) {
      if (error instanceof PageRefusal) return error.answer
      throw error
    }
  }
}

/** Keeps what is written, whatever its level. */
export function logTo(lines: string[]): Logger {
  const keep = (first: object | string, second?: string): void => {
    lines.push(typeof first === 'string' ? first : `${JSON.stringify(first)} ${second ?? ''}`)
  }
  const log: Logger = {
    debug: keep,
    info: keep,
    notice: keep,
    warn: keep,
    error: keep,
    child: () => log,
  }
  return log
}
