// gw reload: has the running gateway read its file again, and says what came of it.
import { waitForReload } from '../gateway/reload-record.js'
import { signalGateway } from '../gateway/running.js'
import { print } from './output.js'
import { findGateway, type PlaceOptions } from './place.js'
import type { Style } from './style.js'

export interface ReloadOptions extends PlaceOptions {
  /** Seconds. */
  readonly timeout: number
}

/** @throws Error with every fault of the file, as the gateway found them */
export async function reload(options: ReloadOptions, style: Style): Promise<void> {
  const gateway = findGateway(options, style)
  const since = Date.now()
  signalGateway(gateway, 'SIGHUP')
  const outcome = await waitForReload(gateway, since, options.timeout * 1000)
  if (outcome === null) {
    throw new Error(
      `no word from process ${gateway.pid} after ${options.timeout} seconds: its log says what became of the reload`,
    )
  }
  if (!outcome.ok) {
    throw new Error(`the configuration was not reloaded, the old one stays:\n${outcome.message}`)
  }
  await print(process.stdout, `${style.product} reloaded`)
}
