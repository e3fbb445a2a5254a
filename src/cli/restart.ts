// gw restart: ends the gateway of a prefix, if one runs, and starts one.
import { signalGateway, waitUntilGone } from '../gateway/running.js'
import { locate } from './place.js'
import { start, type StartOptions } from './start.js'
import type { Signals } from './signals.js'
import type { Style } from './style.js'

/** As Kong; what then still runs makes the start fail, in words of its own. */
const STOP_MS = 5_000

export async function restart(
  file: string | undefined,
  options: StartOptions,
  context: { readonly signals: Signals; readonly style: Style },
): Promise<void> {
  const { running } = locate(options)
  if (running !== null) {
    signalGateway(running, 'SIGTERM')
    await waitUntilGone(running, STOP_MS)
  }
  await start(file, options, context)
}
