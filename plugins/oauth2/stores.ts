// Where the tokens of each use are kept, and which connections that takes.
import { RedisLeases, type PluginEnv, type RedisSharedStore } from 'gw/plugin'
import { Issued } from './issued.js'
import type { Use } from './use.js'

export class Stores {
  readonly #memory: Issued
  readonly #leases: RedisLeases<RedisSharedStore>

  constructor(env: Pick<PluginEnv, 'log' | 'serverTrust' | 'shared'>) {
    this.#memory = new Issued(env.shared)
    this.#leases = new RedisLeases(env)
  }

  /** HOT PATH */
  of(use: Use): Issued {
    return use.issued ?? this.#memory
  }

  serve(live: readonly Use[]): void {
    this.#leases.serve(live.flatMap(({ redis }) => redis ?? []))
  }

  close(): void {
    this.#leases.close()
  }
}
