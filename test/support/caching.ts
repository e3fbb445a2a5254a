// A gateway that caches what its target answers, on each engine.
import { engineListeners } from './engine-listeners.js'
import { startGateway, type RunningGateway } from './gateway.js'
import type { RecordingTarget } from './recording-target.js'

/**
 * Routes /plain, /coalesced and /faithful.
 * @param ports as for engineListeners
 * @param strategy what of the plugin's configuration says where answers are kept
 */
export function startCaching(
  target: RecordingTarget,
  ports: readonly number[],
  strategy: object,
): Promise<RunningGateway> {
  const route = (name: string, config: object): object => ({
    name,
    paths: [`/${name}`],
    plugins: [{ name: 'proxy-cache', config: { ...strategy, ...config } }],
  })
  const routes = [
    route('plain', {}),
    route('coalesced', { coalesce_wait: 20 }),
    route('faithful', { cache_ttl: 1, stale_if_error: 600 }),
  ]
  const url = `http://127.0.0.1:${target.port}`
  return startGateway({
    env: { KONG_PROXY_LISTEN: engineListeners(ports) },
    config: { _format_version: '3.0', services: [{ name: 'target', url, retries: 0, routes }] },
  })
}
