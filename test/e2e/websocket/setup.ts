// A gateway before a target that switches, as the tests of tunnels need it.
import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { oneRoute, startGateway, type RunningGateway } from '../../support/gateway.js'
import { projectRoot } from '../../support/root.js'
import {
  echo,
  startSwitchingTarget,
  switching,
  WebSocketClient,
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

export const ENGINES = ['uws', 'http1'] as const

interface Options {
  readonly engine?: (typeof ENGINES)[number]
  /** Goes into the service. */
  readonly service?: object
  readonly env?: Readonly<Record<string, string>>
}

export async function openScene({
  engine = 'http1',
  service = {},
  env = {},
}: Options = {}): Promise<Scene> {
  let current: Handshake = echo
  const target = await startSwitchingTarget((...request) => current(...request))
  const config = (more: object = {}): object => oneRoute(target.port, { ...service, ...more })
  const gateway = await startGateway({
    config: config(),
    env: {
      GW_ENGINE: engine,
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

/** A client and the socket of the target behind it, both ends of an open tunnel. */
export async function openTunnel(
  scene: Scene,
  tls = false,
): Promise<{ client: WebSocketClient; peer: Socket }> {
  let peer: Socket | undefined
  scene.onHandshake((socket, head) => {
    peer = socket
    socket.write(switching(head))
  })
  const client = await WebSocketClient.open(scene.port, '/', { tls })
  assert.equal(client.answer.status, 101)
  assert.ok(peer)
  return { client, peer }
}
