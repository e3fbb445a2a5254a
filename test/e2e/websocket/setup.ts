// A gateway on http1 before a target that switches, as the tests of tunnels need it.
import { join } from 'node:path'
import { oneRoute, startGateway, type RunningGateway } from '../../support/gateway.js'
import { projectRoot } from '../../support/root.js'
import {
  echo,
  startSwitchingTarget,
  type Handshake,
  type SwitchingTarget,
} from '../../support/websocket.js'

export interface Scene {
  readonly target: SwitchingTarget
  readonly gateway: RunningGateway
  readonly port: number
  /** What the target makes of the requests to come. */
  readonly onHandshake: (handshake: Handshake) => void
  /** The file that the gateway has been started on, with more in its service. */
  config(more?: object): object
  close(): Promise<void>
}

interface Options {
  /** Goes into the service. */
  readonly service?: object
  readonly env?: Readonly<Record<string, string>>
}

export async function openScene({ service = {}, env = {} }: Options = {}): Promise<Scene> {
  let current: Handshake = echo
  const target = await startSwitchingTarget((...request) => current(...request))
  const config = (more: object = {}): object => oneRoute(target.port, { ...service, ...more })
  const gateway = await startGateway({
    config: config(),
    env: {
      GW_ENGINE: 'http1',
      KONG_PLUGINS: 'bundled,witness',
      GW_PLUGIN_PATH: join(projectRoot, 'test/e2e/websocket/plugins'),
      ...env,
    },
  })
  return {
    target,
    gateway,
    port: gateway.proxyPort,
    onHandshake: (handshake) => (current = handshake),
    config,
    async close() {
      await gateway.stop()
      await target.close()
    },
  }
}
