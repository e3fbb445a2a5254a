// gw drain: has the gateway say that it is not ready, so that no more requests are sent to it.
import { describeError } from '../errors/describe.js'
import { ask, readPrefixSettings, statusListener, urlOf } from '../gateway/status-client.js'
import { print } from './output.js'
import { findGateway, type PlaceOptions } from './place.js'
import type { Style } from './style.js'

/** @throws Error in Kong's words */
export async function drain(options: PlaceOptions, style: Style): Promise<void> {
  const { prefix } = findGateway(options, style)
  const listener = statusListener(readPrefixSettings(prefix))
  if (listener === null) throw new Error('No status listeners found in configuration.')
  const url = urlOf(listener, '/status/ready')
  const { status } = await ask(url, '{"status":"draining"}').catch((error: unknown) => {
    throw new Error(`Failed to send request to ${url}: ${describeError(error)}`)
  })
  if (status !== 204) throw new Error(`Unexpected response status from ${url}: ${status}`)
  await print(process.stdout, `${style.product}'s status successfully changed to 'draining'`)
}
