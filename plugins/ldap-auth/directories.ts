// The directories of a worker: uses with the same settings share one, and it outlives reloads that keep it.
import type { Logger, ServerTrust } from 'gw/plugin'
import { Connections } from './connections.js'
import { Directory, type DirectorySettings } from './directory.js'

interface Entry {
  readonly directory: Directory
  readonly connections: Connections
}

export interface DirectoriesMeans {
  readonly log: Logger
  serverTrust(): ServerTrust
}

export class Directories {
  readonly #means: DirectoriesMeans
  readonly #entries = new Map<string, Entry>()
  #trust: ServerTrust | null = null

  constructor(means: DirectoriesMeans) {
    this.#means = means
  }

  get size(): number {
    return this.#entries.size
  }

  /** Everybody with the same settings gets the same one. */
  of(settings: DirectorySettings): Directory {
    const key = JSON.stringify(settings)
    let entry = this.#entries.get(key)
    if (entry === undefined) {
      entry = this.#make(settings)
      this.#entries.set(key, entry)
    }
    return entry.directory
  }

  /** Closes those that are not among the settings in force: requests on their way get their answers. */
  retain(inForce: readonly DirectorySettings[]): void {
    const keys = new Set(inForce.map((settings) => JSON.stringify(settings)))
    for (const [key, { connections }] of this.#entries) {
      if (keys.has(key)) continue
      this.#entries.delete(key)
      connections.close()
    }
    // Read at a load, where a fault is told to whoever has caused it.
    if (inForce.some(verifies)) this.#trust = this.#means.serverTrust()
  }

  #make(settings: DirectorySettings): Entry {
    const { server, keepaliveMs } = settings
    const trust = (): ServerTrust | null =>
      verifies(settings) ? (this.#trust ??= this.#means.serverTrust()) : null
    const connections = new Connections(server, keepaliveMs, trust)
    const directory = new Directory(settings, {
      bind: (dn, password) => connections.bind(dn, password),
      log: this.#means.log,
      now: () => performance.now(),
    })
    return { directory, connections }
  }
}

function verifies({ server, verifiesHost }: DirectorySettings): boolean {
  return verifiesHost && server.tls !== 'none'
}
