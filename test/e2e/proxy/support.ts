// One target and one transport per test, closed behind it.
import type { TestContext } from 'node:test'
import { createTransport } from '../../../src/proxy/http1-transport.js'
import type { KeepaliveSettings, Origin, Transport } from '../../../src/proxy/transport.js'
import { KEEPALIVE, rawTarget, type Answerer, type RawTarget } from '../../support/upstream.js'

export interface Scene {
  readonly origin: Origin
  readonly transport: Transport
  readonly peer: RawTarget
}

export async function scene(
  t: TestContext,
  answer: Answerer,
  keepalive: Partial<KeepaliveSettings> = {},
): Promise<Scene> {
  const peer = await rawTarget(answer)
  const transport = transportFor(t, keepalive)
  t.after(() => peer.close())
  return { origin: transport.origin(peer.target), transport, peer }
}

export function transportFor(
  t: TestContext,
  keepalive: Partial<KeepaliveSettings> = {},
): Transport {
  const transport = createTransport({ ...KEEPALIVE, ...keepalive })
  t.after(() => transport.close())
  return transport
}

export const wait = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms)
  })

/** Waits for something that cannot be awaited; gives up loudly. */
export async function until(condition: () => boolean, ms = 5000): Promise<void> {
  const giveUpAt = performance.now() + ms
  while (!condition()) {
    if (performance.now() > giveUpAt) throw new Error(`still not: ${condition.toString()}`)
    await wait(1)
  }
}
