// A gateway as a process: its place in the prefix, its word to systemd, reloads whoever asks for them, and its end.
import { describeError } from '../errors/describe.js'
import type { Logger } from '../log/logger.js'
import { VERSION } from '../util/version.js'
import { findConfig, type ConfigSource, type FoundConfig } from './config-source.js'
import { Gateway } from './gateway.js'
import { placeOf } from './prefix-place.js'
import { findPosted, keepPosted } from './posted-config.js'
import { preparePrefix, writeSettings } from './prefix.js'
import { recordReload } from './reload-record.js'
import { claimPrefix } from './running.js'
import { serviceManager, type ServiceManager } from './service-manager.js'
import type { Environment } from './setting-sources.js'
import type { Settings } from './settings.js'
import { watchFile, type Watch } from './watch.js'
import type { Supervisor } from './worker/supervisor.js'

export interface ServiceOptions {
  readonly settings: Settings
  /** Of workers that have begun already: they take as long to be there as what they are to serve. */
  readonly supervisor: Supervisor
  /** Named on the command line. */
  readonly file: string | undefined
  readonly environment: Environment
  readonly log: Logger
  /** What messages call the gateway. */
  readonly product: string
}

/** How long a change of the file takes to be seen, at least: it has to look the same twice. */
const WATCH_INTERVAL_MS = 1_000

export class Service {
  readonly #gateway: Gateway
  readonly #log: Logger
  /** Null without one that can be written to. */
  readonly #prefix: string | null
  readonly #manager: ServiceManager
  readonly #watch: Watch | null
  readonly #hasSource: boolean

  private constructor(parts: {
    gateway: Gateway
    log: Logger
    prefix: string | null
    manager: ServiceManager
    watch: Watch | null
    hasSource: boolean
  }) {
    this.#gateway = parts.gateway
    this.#log = parts.log
    this.#prefix = parts.prefix
    this.#manager = parts.manager
    this.#watch = parts.watch
    this.#hasSource = parts.hasSource
  }

  /**
   * Resolves once every listener is open.
   * @throws ConfigError, or Error for what is in the way of a start
   */
  static async start(options: ServiceOptions): Promise<Service> {
    const { settings, supervisor, environment, log } = options
    const prefix = takePrefix(options)
    const found = findConfig(options.file, { ...settings, prefix: prefix ?? settings.prefix })
    const hasSource = found.source.kind !== 'empty'
    const posted = hasSource || prefix === null ? null : findPosted(prefix)
    const source = posted ?? found.source
    saySource({ ...found, source }, log)
    const manager = serviceManager(environment, (message) => log.warn(message))
    let begin = (_service: Service): void => undefined
    const started = new Promise<Service>((resolve) => (begin = resolve))
    // Before the file is read, so that no change is missed; one that comes early waits for the start.
    const watch = settings.watch ? watchSource(source, started, log) : null
    const keep = hasSource || prefix === null ? null : (text: string) => keepPosted(prefix, text)
    const gateway = await Gateway.create(source, settings, { supervisor, log, keep })
    for (const { address, port, secure, engine } of await gateway.listen()) {
      log.notice({ address, port, secure, engine, version: VERSION }, 'proxy is listening')
    }
    const service = new Service({
      gateway,
      log,
      prefix,
      manager,
      watch,
      hasSource,
    })
    begin(service)
    void manager.tell('ready')
    return service
  }

  /** Never rejects: what went wrong is logged, and left in the prefix for the command that asked. */
  async reload(): Promise<void> {
    const at = Date.now()
    void this.#manager.tell('reloading')
    let message = ''
    try {
      // As Kong without a file: what was loaded since the start is not thrown away.
      if (this.#hasSource) await this.#gateway.reload()
      else this.#log.notice('there is no file to read again: the configuration in memory stays')
    } catch (error) {
      message = describeError(error)
      this.#log.error(`the configuration was not reloaded, the old one stays:\n${message}`)
    }
    try {
      if (this.#prefix !== null) recordReload(this.#prefix, { ok: message === '', message, at })
    } catch (error) {
      this.#log.warn(`the outcome of the reload could not be recorded: ${describeError(error)}`)
    }
    void this.#manager.tell('ready')
  }

  /** Resolves when the process may end. */
  async stop(mode: 'fast' | 'graceful'): Promise<void> {
    this.#watch?.close()
    const told = this.#manager.tell('stopping')
    await this.#gateway.stop(mode)
    await told
  }
}

/** @throws Error when a gateway runs there already */
function takePrefix({ settings, environment, log, product }: ServiceOptions): string | null {
  const { path, notice } = preparePrefix(placeOf(settings.prefix), environment)
  if (notice !== null) {
    if (path === null) log.warn(notice)
    else log.notice(notice)
  }
  if (path === null) return null
  // However the process ends, short of being killed.
  process.once('exit', claimPrefix(path, product))
  writeSettings(path, { ...settings.values, prefix: path })
  return path
}

function saySource({ source, looked }: FoundConfig, log: Logger): void {
  if (source.kind === 'empty') {
    log.warn(
      'no declarative file: every request is answered 404 until one is loaded by POST /config. Name one on the command ' +
        `line or in KONG_DECLARATIVE_CONFIG, or put it where one was looked for: ${looked.join(', ')}`,
    )
  } else if (looked.length > 0 && source.kind === 'text') {
    log.notice({ file: source.name }, 'there is no declarative file: what was posted last serves')
  } else if (looked.length > 0 && source.kind === 'file') {
    log.notice({ file: source.path }, 'KONG_DECLARATIVE_CONFIG is not set; a file was found')
  }
}

function watchSource(source: ConfigSource, started: Promise<Service>, log: Logger): Watch | null {
  if (source.kind !== 'file') {
    log.warn('there is no file to watch')
    return null
  }
  const { path } = source
  const onChange = (): void => {
    log.notice({ file: path }, 'the file has changed')
    void started.then((service) => service.reload())
  }
  return watchFile(path, onChange, { intervalMs: WATCH_INTERVAL_MS })
}
