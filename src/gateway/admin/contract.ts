// What the status and admin pages ask of a gateway; Gateway is one.
import type { ConfigText, LoadedConfig } from '../../config/index.js'
import type { GuardCounts } from '../../upstream/guard-counts.js'
import type { NodeHealth } from '../health/node-health.js'

/** Asked anew for every request. */
export interface GatewayStatus {
  /** Why the gateway is not ready, in Kong's words; null when it is. */
  readonly notReady: string | null
  /** Whether its end has begun: no configuration is taken any more. */
  readonly isStopping: boolean
  readonly configurationHash: string
  /** What the objects of each thread that serves take, in bytes. */
  readonly workerHeaps: readonly number[]
  readonly totalRequests: number
  readonly pendingRequests: number
  readonly guards: GuardCounts
}

export interface GatewayControl {
  /** The one that serves. */
  readonly config: LoadedConfig
  readonly health: Pick<NodeHealth, 'find' | 'settle'>
  status(): GatewayStatus
  /**
   * Puts a document in the place of the running configuration, after whatever is being loaded. Resolves once it serves;
   * rejects with ConfigError, with nothing changed, when it is wrong.
   */
  load(source: ConfigText): Promise<LoadedConfig>
  /** What a plugin's `inquire` says to it in each worker. */
  inquire(plugin: string, question: unknown): Promise<readonly unknown[]>
  /** /status/ready says `draining` from now on; everything else goes on. */
  drain(): void
}
