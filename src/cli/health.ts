// gw health: whether the gateway of a prefix runs. Loads next to nothing: containers ask every few seconds.
import { print } from './output.js'
import { findPlace, type PlaceOptions } from './place.js'
import type { Style } from './style.js'

/** @throws Error when none runs there */
export async function health(options: PlaceOptions, { product }: Style): Promise<void> {
  const { prefix, running } = findPlace(options)
  // Kong runs on nginx, and health checks may read this line.
  const service = product === 'Kong' ? 'nginx' : 'gw'
  const state = running === null ? 'not running' : 'running'
  await print(process.stdout, `${service.padEnd(12, '.')}${state}\n`)
  if (running === null) throw new Error(`${product} is not running at ${prefix}`)
  await print(process.stdout, `${product} is healthy at ${prefix}`)
}
