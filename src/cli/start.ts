// gw start: reads the settings, runs the gateway, follows the signals.
import { describeError } from '../errors/describe.js'
import { Gateway } from '../gateway/gateway.js'
import { readSettings, type Settings } from '../gateway/settings.js'
import { createLogger, type Logger } from '../log/logger.js'
import { visible } from '../util/terminal-text.js'
import { VERSION } from '../util/version.js'
import { startEcho } from './echo.js'

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
    surviveStrayErrors(log)
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

function warnAbout({ ignored, workers, routerFlavour }: Settings, log: Logger): void {
  for (const variable of ignored) log.warn(`${variable} is not a setting of gw; it has no effect`)
  if (workers !== 'auto' && workers > 1) {
    log.warn(`KONG_NGINX_WORKER_PROCESSES is ${workers}; this version runs one worker`)
  }
  if (routerFlavour === 'traditional') {
    log.warn('KONG_ROUTER_FLAVOR is traditional; this version matches as traditional_compatible')
  }
}

/**
 * What a plugin lets loose (a promise nobody awaits, a timer that throws) must not end the traffic of everybody else:
 * it is logged, and the gateway goes on.
 */
function surviveStrayErrors(log: Logger): void {
  process.on('uncaughtException', (error) => {
    log.error({ err: error }, 'uncaught error')
  })
  process.on('unhandledRejection', (error) => {
    log.error({ err: error }, 'unhandled rejection')
  })
}

async function runEcho(place: string): Promise<void> {
  const colon = place.lastIndexOf(':')
  const port = Number(place.slice(colon + 1) || Number.NaN)
  if (colon <= 0 || !Number.isInteger(port)) throw new Error(`--echo: '${place}' is no host:port`)
  const echo = await startEcho({ host: place.slice(0, colon), port })
  process.stdout.write(`echo listens on http://${echo.host}:${echo.port}\n`)
}

function followSignals(gateway: Gateway, log: Logger): void {
  const stop = (signal: NodeJS.Signals): void => {
    log.notice({ signal }, 'stopping')
    void gateway.stop().then(() => process.exit(0))
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  process.on('SIGQUIT', stop)
  process.on('SIGHUP', () => {
    gateway.reload().catch((error: unknown) => {
      log.error(`the configuration was not reloaded, the old one stays:\n${describeError(error)}`)
    })
  })
}
