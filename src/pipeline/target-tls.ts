// From a service to the terms of TLS with its target. Certificates and keys stay out of the snapshot, which plugins see.
import type { Service } from '../model/entities.js'
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

export function termsOf(service: Service, tls: TargetTls): TlsTerms {
  const { tls_verify, tls_verify_depth, ca_certificates, client_certificate } = service
  return new TlsTerms({
    verify: tls_verify ?? tls.verify,
    depth: tls_verify_depth ?? tls.depth,
    // An id without a certificate trusts nobody: a list that is there never falls back on the authorities of the settings.
    authorities:
      ca_certificates?.flatMap((id) => tls.authoritiesById.get(id) ?? []) ?? tls.authorities,
    client:
      client_certificate === null
        ? tls.client
        : (tls.clientsById.get(client_certificate.id) ?? null),
  })
}
