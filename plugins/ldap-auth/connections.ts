// The connections of a worker to one LDAP server: how many at once, which wait for the next bind, and for how long.
import type { ServerTrust } from 'gw/plugin'
import { LdapConnection, type LdapServer } from './connection.js'
import { LdapError } from './ldap-error.js'
import { loadCodec } from './messages.js'

/** Binds at the same time, each with a connection of its own: what comes beyond waits for one of them. */
const MAX_CONNECTIONS = 64

export class Connections {
  readonly #server: LdapServer
  readonly #keepaliveMs: number
  readonly #trust: () => ServerTrust | null
  /** The one that was used last is last. */
  readonly #idle: LdapConnection[] = []
  readonly #expiries = new Map<LdapConnection, NodeJS.Timeout>()
  #inUse = 0
  readonly #waiting = new Set<() => void>()
  #isClosed = false

  /**
   * @param keepaliveMs how long one may be idle; 0: until the server closes it
   * @param trust whom to trust when the next connection is opened; null: anybody
   */
  constructor(server: LdapServer, keepaliveMs: number, trust: () => ServerTrust | null) {
    this.#server = server
    this.#keepaliveMs = keepaliveMs
    this.#trust = trust
  }

  /** The result code of a simple bind. Rejects with LdapError. */
  async bind(dn: string, password: string): Promise<number> {
    await this.#turn()
    try {
      return await this.#bind(dn, password)
    } finally {
      this.#inUse--
      const [next] = this.#waiting
      next?.()
    }
  }

  /** Closes those that are idle, and others as they become so: what is under way goes on. */
  close(): void {
    this.#isClosed = true
    for (const connection of this.#idle.splice(0)) {
      this.#stopWaiting(connection)
      connection.close()
    }
  }

  /** Waits for one of the places, as long as for anything else. */
  #turn(): Promise<void> {
    if (this.#inUse < MAX_CONNECTIONS) {
      this.#inUse++
      return Promise.resolve()
    }
    return new Promise((resolve, reject) => {
      const take = (): void => {
        this.#waiting.delete(take)
        clearTimeout(timer)
        this.#inUse++
        resolve()
      }
      const timer = setTimeout(() => {
        this.#waiting.delete(take)
        reject(LdapError.of('silent', 'no connection has become free in time'))
      }, this.#server.timeoutMs)
      this.#waiting.add(take)
    })
  }

  async #bind(dn: string, password: string): Promise<number> {
    for (;;) {
      const idle = this.#takeIdle()
      const connection = idle ?? (await this.#open())
      try {
        const code = await connection.bind(dn, password)
        this.#keep(connection)
        return code
      } catch (error) {
        // A server may close what is idle at any moment, just now as well: that says nothing about the next connection.
        const wasStale =
          idle !== undefined && error instanceof LdapError && error.trouble === 'lost'
        if (!wasStale) throw error
      }
    }
  }

  async #open(): Promise<LdapConnection> {
    const codec = await loadCodec()
    return LdapConnection.open(this.#server, this.#trust(), codec, (lost) => this.#forget(lost))
  }

  #takeIdle(): LdapConnection | undefined {
    const connection = this.#idle.pop()
    if (connection !== undefined) this.#stopWaiting(connection)
    return connection
  }

  #keep(connection: LdapConnection): void {
    if (!connection.isOpen) return
    if (this.#isClosed) {
      connection.close()
      return
    }
    this.#idle.push(connection)
    if (this.#keepaliveMs === 0) return
    const expire = (): void => {
      this.#forget(connection)
      connection.close()
    }
    this.#expiries.set(connection, setTimeout(expire, this.#keepaliveMs).unref())
  }

  #forget(connection: LdapConnection): void {
    const at = this.#idle.indexOf(connection)
    if (at >= 0) this.#idle.splice(at, 1)
    this.#stopWaiting(connection)
  }

  #stopWaiting(connection: LdapConnection): void {
    clearTimeout(this.#expiries.get(connection))
    this.#expiries.delete(connection)
  }
}
