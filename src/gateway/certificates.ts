// The certificates of ssl listeners: that of the settings or one made here, and those of the declarative file; and what
// TLS with targets needs.
import type { LoadedConfig } from '../config/index.js'
import { ConfigError } from '../errors/config-error.js'
import { describeError } from '../errors/describe.js'
import type { Logger } from '../log/logger.js'
import type { KeyPair } from '../server/certificates/certificate.js'
import { CertificateStore } from '../server/certificates/store.js'
import { readProbeTrust, type ProbeTrust } from './health/probe-trust.js'
import type { Settings } from './settings.js'
import { readTargetTls, trustlessServices } from './target-tls.js'
import type { CertificateUpdate, TlsUpdate } from './update/config-update.js'

export interface PreparedTls {
  /** For the workers. */
  readonly tls: TlsUpdate
  /** For the probes, which the main thread sends. */
  readonly trust: ProbeTrust
}

export class GatewayCertificates {
  /** Never serves: what goes to the workers is tried here. */
  readonly #trial: CertificateStore
  readonly #settings: Settings
  readonly #log: Logger
  /** Made once: a reload is no reason for clients to meet a new one. */
  #selfSigned: readonly KeyPair[] | null = null

  constructor(settings: Settings, log: Logger) {
    this.#settings = settings
    this.#log = log
    this.#trial = new CertificateStore(settings.tls.handshake)
  }

  /**
   * What the workers are to serve with next. Files of the settings are read anew, since certificates are renewed in place.
   * @throws ConfigError
   */
  async prepare(config: LoadedConfig): Promise<PreparedTls> {
    try {
      const targetTls = readTargetTls(config, this.#settings.targetTls)
      this.#warnOf(trustlessServices(config, targetTls))
      const trust = readProbeTrust(config, this.#settings.ownTls)
      return { tls: { certificates: await this.#forClients(config), targetTls }, trust }
    } catch (error) {
      const message = describeError(error)
      throw new ConfigError([{ file: '', path: '', line: 0, column: 0, message }])
    }
  }

  #warnOf(trustless: readonly string[]): void {
    const [first] = trustless
    if (first === undefined) return
    const more = trustless.length > 1 ? ` (and ${trustless.length - 1} more like it)` : ''
    this.#log.warn(
      `service '${first}' verifies its target and trusts nobody, so that every request is answered 502${more}: ` +
        'name ca_certificates that the file has, or set KONG_NGINX_PROXY_PROXY_SSL_TRUSTED_CERTIFICATE',
    )
  }

  /** Null when no listener needs certificates: then none is read or made. */
  async #forClients({ certificates, snapshot }: LoadedConfig): Promise<CertificateUpdate | null> {
    if (!this.#settings.proxyListen.some(({ ssl }) => ssl)) return null
    const update = {
      fallback: await this.#defaultPairs(),
      certificates,
      routeNames: snapshot.routes.flatMap(({ snis }) => snis ?? []),
    }
    this.#trial.replace(await this.#trial.prepare(update))
    return update
  }

  async #defaultPairs(): Promise<readonly KeyPair[]> {
    const { defaultPairs } = this.#settings.tls
    if (defaultPairs !== null) {
      const { readDefaultPairs } = await import('../server/certificates/default-pairs.js')
      return readDefaultPairs(defaultPairs)
    }
    if (this.#selfSigned === null) {
      const { makeSelfSigned } = await import('../server/certificates/self-signed.js')
      this.#selfSigned = [makeSelfSigned(Date.now())]
      this.#log.notice(
        'ssl listeners serve a self-signed certificate, which no client trusts: set KONG_SSL_CERT and KONG_SSL_CERT_KEY',
      )
    }
    return this.#selfSigned
  }
}
