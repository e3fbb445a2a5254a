// gw start: reads the settings, and runs the gateway here or in the background until a signal ends it.
import { loadSettings } from '../gateway/load-settings.js'
import { placeOf } from '../gateway/prefix-place.js'
import { preparePrefix } from '../gateway/prefix.js'
import { refuseSecond } from '../gateway/running.js'
import { startDaemon, tellStarter } from '../gateway/daemon.js'
import { logStrayErrors } from '../gateway/stray-errors.js'
import type { Service } from '../gateway/service.js'
import type { FlagSetting } from '../gateway/setting-sources.js'
import type { Settings } from '../gateway/settings.js'
import { createLogger, type Logger } from '../log/logger.js'
import { describeError } from '../errors/describe.js'
import { startEcho } from './echo.js'
import { print } from './output.js'
import { prefixFlag, type PlaceOptions } from './place.js'
import type { Signals } from './signals.js'
import type { Style } from './style.js'

export interface StartOptions extends PlaceOptions {
  readonly echo?: string
  readonly expandEnv?: boolean
  readonly skipUnsupported?: boolean
  readonly watch?: boolean
  readonly workers?: string
  /** In the background; left out, the style and the settings say. */
  readonly daemon?: boolean
}

/** Ends the process with 1 when it cannot start. */
export async function start(
  file: string | undefined,
  options: StartOptions,
  { signals, style }: { readonly signals: Signals; readonly style: Style },
): Promise<void> {
  let service: Service | null = null
  try {
    const flags = flagsOf(options)
    const settings = loadSettings(process.env, { conf: options.conf, flags })
    if (options.daemon ?? (style.hasDaemon && settings.daemon)) {
      await startInBackground(file, options, settings, style)
      // The handlers of signals would keep it.
      process.exit(0)
    }
    const log = createLogger(settings.logLevel)
    warnAbout(settings, log)
    logStrayErrors(log)
    // Only now: who starts one in the background does not wait for what the gateway is made of.
    const { startWorkers } = await import('../gateway/worker/start-workers.js')
    const supervisor = startWorkers(settings, log)
    const { Service } = await import('../gateway/service.js')
    service = await Service.start({
      settings,
      supervisor,
      file,
      environment: process.env,
      log,
      product: style.product,
    })
    if (options.echo !== undefined) await runEcho(options.echo)
    followSignals(service, signals, log)
    await tellStarter({ state: 'ready' })
  } catch (error) {
    await style.fail(error)
    await tellStarter({ state: 'failed', message: describeError(error) })
    // Listeners may be open already.
    await service?.stop('fast')
    process.exit(1)
  }
}

function flagsOf(options: StartOptions): readonly FlagSetting[] {
  const { prefix, workers, expandEnv, skipUnsupported, watch } = options
  const on = (isOn: boolean | undefined, flag: string, name: string): readonly FlagSetting[] =>
    isOn === true ? [{ flag, name, value: 'on' }] : []
  const count = { flag: '--workers', name: 'nginx_worker_processes', value: workers ?? '' }
  return [
    ...prefixFlag(prefix),
    ...(workers === undefined ? [] : [count]),
    ...on(expandEnv, '--expand-env', 'expand_env'),
    ...on(skipUnsupported, '--skip-unsupported', 'skip_unsupported'),
    ...on(watch, '--watch', 'watch'),
  ]
}

async function startInBackground(
  file: string | undefined,
  options: StartOptions,
  settings: Settings,
  { product, command }: Style,
): Promise<void> {
  // The gateway does this again, and by the same rules: here it is for the log.
  const { path, notice } = preparePrefix(placeOf(settings.prefix), process.env)
  if (path === null) throw new Error(notice ?? 'there is no prefix for the log')
  refuseSecond(path, product)
  if (notice !== null) await print(process.stderr, notice)
  const program = process.argv[1] ?? ''
  await startDaemon({ program, args: argumentsOf(file, options, command) }, path)
  await print(process.stdout, `${product} started`)
}

/** The same once more, in the foreground. */
function argumentsOf(
  file: string | undefined,
  options: StartOptions,
  command: Style['command'],
): readonly string[] {
  const { conf, prefix, workers, echo, expandEnv, skipUnsupported, watch } = options
  const given = (flag: string, value: string | undefined): readonly string[] =>
    value === undefined ? [] : [flag, value]
  return [
    'start',
    '--foreground',
    ...given('--conf', conf),
    ...given('--prefix', prefix),
    ...given('--workers', workers),
    ...given('--echo', echo),
    ...(expandEnv === true ? ['--expand-env'] : []),
    ...(skipUnsupported === true ? ['--skip-unsupported'] : []),
    ...(watch === true ? ['--watch'] : []),
    ...(file === undefined || command === 'kong' ? [] : ['--', file]),
  ]
}

function warnAbout({ remarks }: Settings, log: Logger): void {
  for (const { level, message } of remarks) log[level](message)
}

async function runEcho(place: string): Promise<void> {
  const colon = place.lastIndexOf(':')
  const port = Number(place.slice(colon + 1) || Number.NaN)
  if (colon <= 0 || !Number.isInteger(port)) throw new Error(`--echo: '${place}' is no host:port`)
  const echo = await startEcho({ host: place.slice(0, colon), port })
  process.stdout.write(`echo listens on http://${echo.host}:${echo.port}\n`)
}

function followSignals(service: Service, signals: Signals, log: Logger): void {
  signals.follow({
    stop(signal) {
      log.notice({ signal }, 'stopping')
      service.stop(signal === 'SIGQUIT' ? 'graceful' : 'fast').then(
        () => process.exit(0),
        (error: unknown) => {
          log.error(`the end went wrong: ${describeError(error)}`)
          // Nothing gentler ends a thread that does not react.
          process.kill(process.pid, 'SIGKILL')
        },
      )
    },
    reload: () => void service.reload(),
  })
}
