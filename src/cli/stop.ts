// gw stop, gw quit: end the gateway of a prefix.
import { setTimeout as sleep } from 'node:timers/promises'
import { isAlive, signalGateway, waitUntilGone } from '../gateway/running.js'
import { print } from './output.js'
import { findGateway, type PlaceOptions } from './place.js'
import type { Style } from './style.js'

/** Past what a fast end allows requests under way. */
const STOP_MS = 15_000

/** @throws Error when none runs, or it does not end */
export async function stop(options: PlaceOptions, style: Style): Promise<void> {
  const gateway = findGateway(options, style)
  signalGateway(gateway, 'SIGTERM')
  if (!(await waitUntilGone(gateway, STOP_MS))) {
    throw new Error(`process ${gateway.pid} has not ended in ${STOP_MS / 1000} seconds`)
  }
  await print(process.stdout, `${style.product} stopped`)
}

export interface QuitOptions extends PlaceOptions {
  /** Seconds that requests under way may take; at least one. */
  readonly timeout: number
  /** Seconds until it begins. */
  readonly wait: number
}

const WAIT_POLL_MS = 200

/** @throws Error when none runs, or it does not end */
export async function quit(options: QuitOptions, style: Style): Promise<void> {
  const gateway = findGateway(options, style)
  const start = performance.now() + options.wait * 1000
  while (performance.now() < start) {
    await sleep(WAIT_POLL_MS)
    if (!isAlive(gateway)) throw new Error(`${style.product} stopped while waiting (unexpected)`)
  }
  signalGateway(gateway, 'SIGQUIT')
  if (await waitUntilGone(gateway, Math.max(1, options.timeout) * 1000)) {
    await print(process.stdout, `${style.product} stopped (gracefully)`)
    return
  }
  signalGateway(gateway, 'SIGTERM')
  if (!(await waitUntilGone(gateway, STOP_MS))) {
    throw new Error(`process ${gateway.pid} has not ended in ${STOP_MS / 1000} seconds`)
  }
  await print(process.stdout, `Timeout, ${style.product} stopped forcefully`)
}
