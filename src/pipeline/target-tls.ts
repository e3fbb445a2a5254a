// From a service to the terms of TLS with its target. Certificates and keys stay out of the snapshot, which plugins see.
import type { Service, Upstream } from '../model/entities.js'
import { TlsTerms, type ClientCertificate } from '../proxy/tls-terms.js'

/** What services refer to, and what holds for those that say nothing. */
export interface TargetTls {
  readonly verify: boolean
  readonly depth: number
  /** PEM, one certificate each. */
  readonly authorities: readonly string[]
  readonly client: ClientCertificate | null
  /** The ca_certificates of the file, PEM by id. */
  readonly authoritiesById: ReadonlyMap<string, string>
  /** Those of the file's certificates that services show to their targets. */
  readonly clientsById: ReadonlyMap<string, ClientCertificate>
}

/** The terms of services; those that ask for the same share them. */
export class TargetTerms {
  readonly #tls: TargetTls
  readonly #made = new Map<string, TlsTerms>()

  constructor(tls: TargetTls) {
    this.#tls = tls
  }

  /** @param upstream whose certificate is shown where the service has none */
  of(service: Service, upstream: Upstream | null = null): TlsTerms {
    const { tls_verify, tls_verify_depth, ca_certificates } = service
    const client_certificate = service.client_certificate ?? upstream?.client_certificate ?? null
    const asked = [tls_verify, tls_verify_depth, ca_certificates, client_certificate?.id]
    const key = JSON.stringify(asked)
    const known = this.#made.get(key)
    if (known !== undefined) return known
    const tls = this.#tls
    const terms = new TlsTerms({
      verify: tls_verify ?? tls.verify,
      depth: tls_verify_depth ?? tls.depth,
      // A list that is there never falls back on the authorities of the settings, even if nothing of it is known.
      authorities:
        ca_certificates?.flatMap((id) => tls.authoritiesById.get(id) ?? []) ?? tls.authorities,
      client:
        client_certificate === null
          ? tls.client
          : (tls.clientsById.get(client_certificate.id) ?? null),
    })
    this.#made.set(key, terms)
    return terms
  }
}
