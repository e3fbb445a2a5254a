// gw start: reads the settings, runs the gateway, follows the signals.
import { describeError } from '../errors/describe.js'
import { Gateway } from '../gateway/gateway.js'
import { readSettings, type Settings } from '../gateway/settings.js'
import { logStrayErrors } from '../gateway/stray-errors.js'
import { createLogger, type Logger } from '../log/logger.js'
import { visible } from '../util/terminal-text.js'
import { VERSION } from '../util/version.js'
import { startEcho } from './echo.js'
import type { StopMode } from '../gateway/worker/messages.js'

export interface StartOptions {
  readonly echo?: string
  readonly expandEnv?: boolean
  readonly skipUnsupported?: boolean
}

export async function start(
  file: string | undefined,
  { echo, ...flags }: StartOptions,
): Promise<void> {
  let gateway: Gateway
  let log: Logger
  try {
    const settings = { ...readSettings(process.env), ...flags }
    const path = file ?? settings.declarativeConfig
    if (path === undefined) {
      throw new Error('no declarative file: give one, or set KONG_DECLARATIVE_CONFIG')
    }
    log = createLogger(settings.logLevel)
    warnAbout(settings, log)
    logStrayErrors(log)
    gateway = await Gateway.create(path, settings, log)
    for (const { address, port, secure, engine } of await gateway.listen()) {
      log.notice({ address, port, secure, engine, version: VERSION }, 'proxy is listening')
    }
    if (echo !== undefined) await runEcho(echo)
  } catch (error) {
    // What a file holds must not reach the terminal as it is.
    process.stderr.write(`${visible(describeError(error), '\n')}\n`)
    // Listeners may be open already.
    process.exit(1)
  }
  followSignals(gateway, log)
}

function warnAbout({ ignored, routerFlavour }: Settings, log: Logger): void {
  for (const variable of ignored) log.warn(`${variable} is not a setting of gw; it has no effect`)
  if (routerFlavour === 'traditional') {
    log.warn('KONG_ROUTER_FLAVOR is traditional; this version matches as traditional_compatible')
  }
}

async function runEcho(place: string): Promise<void> {
  const colon = place.lastIndexOf(':')
  const port = Number(place.slice(colon + 1) || Number.NaN)
  if (colon <= 0 || !Number.isInteger(port)) throw new Error(`--echo: '${place}' is no host:port`)
  const echo = await startEcho({ host: place.slice(0, colon), port })
  process.stdout.write(`echo listens on http://${echo.host}:${echo.port}\n`)
}

function followSignals(gateway: Gateway, log: Logger): void {
  const stop = (mode: StopMode) => (signal: NodeJS.Signals) => {
    log.notice({ signal }, 'stopping')
    gateway.stop(mode).then(
      () => process.exit(0),
      (error: unknown) => {
        log.error(describeError(error))
        // Nothing gentler ends a thread that does not react.
        process.kill(process.pid, 'SIGKILL')
      },
    )
  }
  process.on('SIGTERM', stop('fast'))
  process.on('SIGINT', stop('fast'))
  process.on('SIGQUIT', stop('graceful'))
  process.on('SIGHUP', () => {
    gateway.reload().catch((error: unknown) => {
      log.error(`the configuration was not reloaded, the old one stays:\n${describeError(error)}`)
    })
  })
}
