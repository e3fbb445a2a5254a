// What a worker is told of a new configuration: the entities that are new or have changed, and where all of them stand.
// What has not changed stays the same object in the worker, and with it all that has been made of it.
import type { KeyPair } from '../../server/certificates/certificate.js'
import type { ServedCertificate } from '../../model/entities.js'
import type { TargetTls } from '../../pipeline/target-tls.js'

/** Of an entity to another, in the update by the id alone. */
export const REFERENCE_FIELDS = ['service', 'route', 'consumer', 'upstream'] as const

/** Certificates and keys, of the file and of the settings. They go over whole each time: there are few. */
export interface TlsUpdate {
  /** For clients; null without a listener that needs them. */
  readonly certificates: CertificateUpdate | null
  readonly targetTls: TargetTls
}

export interface ConfigUpdate extends TlsUpdate {
  readonly hash: string
  readonly services: ListUpdate
  readonly routes: ListUpdate
  readonly consumers: ListUpdate
  readonly plugins: ListUpdate
  readonly upstreams: ListUpdate
  readonly targets: ListUpdate
  readonly credentials: readonly CredentialUpdate[]
  /** Of the fresh plugin entries those that run. */
  readonly runs: readonly PluginRun[]
  /** Ids of routes that are left out: this version cannot serve them, and the owner of the file has agreed. */
  readonly unserved: ReadonlySet<string>
}

export interface ListUpdate {
  /** For each place of the new list its place in the old one, or -1 for the next of the fresh ones. */
  readonly places: Int32Array
  /** Complete, in order; references as `{ id }`. */
  readonly fresh: readonly FreshEntity[]
}

export interface FreshEntity {
  readonly id: string
  readonly [field: string]: unknown
}

export interface CredentialUpdate extends ListUpdate {
  readonly name: string
  readonly key: string | null
}

export interface PluginRun {
  readonly id: string
  /** Given where it is not the entry's own `config`: secrets are filled in. */
  readonly config: object | null
}

export interface CertificateUpdate {
  readonly fallback: readonly KeyPair[]
  readonly certificates: readonly ServedCertificate[]
  readonly routeNames: readonly string[]
}
