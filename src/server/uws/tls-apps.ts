// TLS on uWebSockets.js. Its certificates cannot be exchanged under open connections: removing a server name frees what
// those still use (trap 23). So each set of certificates gets an app of its own; one more app, the door, accepts
// connections and hands each to the newest, and an old one goes when its last connection has gone.
import type { Logger } from '../../log/logger.js'
import type { Certificate } from '../certificates/certificate.js'
import { DEFAULT_HANDSHAKE, type HandshakeSettings } from '../certificates/handshake.js'
import { withPemFiles, type PemFiles } from '../certificates/pem-files.js'
import type { CertificateStore } from '../certificates/store.js'
import type { Uws, UwsApp, UwsResponse, UwsTlsApp, UwsTlsOptions } from './native.js'
import { knownNames } from './server-names.js'

export interface TlsAppOptions {
  readonly uws: Uws
  readonly certificates: CertificateStore
  readonly log: Logger
  /** As UwsApp.filter. */
  readonly onConnection: (res: UwsResponse, change: number) => void
  /** Hears of what the filter does not: a connection is gone that had become a WebSocket. */
  readonly onWebSocketGone: () => void
  /**
   * Puts the handler of requests into the router that the app has been turned to.
   * @param forget to be called when such a connection is gone
   */
  readonly serve: (app: UwsApp, serverName: string, forget: () => void) => void
}

interface Generation {
  readonly app: UwsTlsApp
  readonly names: readonly string[]
  connections: number
}

/** A connection may still be on its way from the door when its generation gets old; so long one is kept at least. */
const RETIREMENT_CHECK_MS = 1000

export class TlsApps {
  /** Listens, and nothing else. */
  readonly door: UwsTlsApp
  readonly #options: TlsAppOptions
  readonly #timers = new Map<Generation, NodeJS.Timeout>()
  readonly #forget: () => void
  #newest: Generation

  /** Throws when the library does not take a certificate or the ciphers. */
  constructor(options: TlsAppOptions) {
    this.#options = options
    const { certificates, uws } = options
    this.door = withPemFiles((filesOf) =>
      uws.SSLApp(this.#tlsOptions(filesOf(certificates.current.fallback))),
    )
    this.#newest = this.#makeGeneration()
    this.door.addChildAppDescriptor(this.#newest.app.getDescriptor())
    this.#forget = certificates.onReplace(() => this.#renew())
    warnOfLimits(certificates.handshake, options.log)
  }

  close(): void {
    this.#forget()
    this.door.close()
    this.#newest.app.close()
    for (const [{ app }, timer] of this.#timers) {
      clearInterval(timer)
      app.close()
    }
    this.#timers.clear()
  }

  /** What is open stays with the app that it began with. */
  #renew(): void {
    const old = this.#newest
    try {
      this.#newest = this.#makeGeneration()
    } catch (error) {
      // The store has held them against another library: this one may be stricter.
      this.#options.log.error({ err: error }, 'the new certificates are not served')
      return
    }
    this.door.addChildAppDescriptor(this.#newest.app.getDescriptor())
    this.door.removeChildAppDescriptor(old.app.getDescriptor())
    const timer = setInterval(() => {
      if (old.connections === 0) this.#retire(old)
    }, RETIREMENT_CHECK_MS)
    timer.unref()
    this.#timers.set(old, timer)
  }

  /** The library never frees an app; without its names 30 KB of it stay. */
  #retire(old: Generation): void {
    clearInterval(this.#timers.get(old))
    this.#timers.delete(old)
    for (const name of old.names) old.app.removeServerName(name)
    old.app.close()
  }

  #makeGeneration(): Generation {
    const { certificates, onConnection, onWebSocketGone, serve, uws, log } = this.#options
    const set = certificates.current
    const known = knownNames(set)
    warnOfAlternatives([set.fallback, ...known.map(({ certificate }) => certificate)], log)
    return withPemFiles((filesOf) => {
      const app = uws.SSLApp(this.#tlsOptions(filesOf(set.fallback)))
      const generation = { app, names: known.map(({ pattern }) => pattern), connections: 0 }
      app.filter((res, change) => {
        generation.connections += change
        onConnection(res, change)
      })
      const forget = (): void => {
        generation.connections--
        onWebSocketGone()
      }
      serve(app, '', forget)
      for (const { pattern, certificate, serverName } of known) {
        app.addServerName(pattern, this.#tlsOptions(filesOf(certificate)))
        // A new name starts with an empty router, which answers nothing.
        serve(app.domain(pattern), serverName, forget)
      }
      return generation
    })
  }

  #tlsOptions({ certFile, keyFile }: PemFiles): UwsTlsOptions {
    const { ciphers } = this.#options.certificates.handshake
    return {
      cert_file_name: certFile,
      key_file_name: keyFile,
      ...(ciphers !== null && { ssl_ciphers: ciphers }),
    }
  }
}

const SETTING_NAMES = {
  minVersion: 'ssl_protocols',
  maxVersion: 'ssl_protocols',
  prefersOwnCiphers: 'ssl_prefer_server_ciphers',
  hasTickets: 'ssl_session_tickets',
  sessionSeconds: 'ssl_session_timeout',
} as const

function warnOfLimits(handshake: HandshakeSettings, log: Logger): void {
  const fields = Object.keys(SETTING_NAMES) as (keyof typeof SETTING_NAMES)[]
  const changed = fields.filter((field) => handshake[field] !== DEFAULT_HANDSHAKE[field])
  if (changed.length === 0) return
  const names = [...new Set(changed.map((field) => SETTING_NAMES[field]))].join(', ')
  log.warn(
    `this engine speaks TLS 1.2 and 1.3 and resumes sessions as uWebSockets.js does: ${names} (or a suite that sets them) have no effect`,
  )
}

function warnOfAlternatives(certificates: readonly Certificate[], log: Logger): void {
  const count = new Set(certificates.filter(({ hasAlternative }) => hasAlternative)).size
  if (count === 0) return
  log.warn(
    `uWebSockets.js shows one certificate for each name: of ${count} with an alternative, only the first is served`,
  )
}
