// Whom the gateway trusts when it is the client itself: what `lua_ssl_trusted_certificate` names.
import { readFileSync } from 'node:fs'
import { rootCertificates } from 'node:tls'
import { certificatesIn, readAuthorities } from './target-tls.js'
import type { OwnTlsSettings } from './own-tls-settings.js'

/** Where systems keep their authorities, in one file: the first that is there counts (Kong: the same). */
const SYSTEM_FILES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/tls/cacert.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/cert.pem',
]

/**
 * PEM, one certificate each. Read anew each time, since certificates are renewed in place.
 * @throws Error that names the file or the setting at fault
 */
export function ownAuthorities(trusted: OwnTlsSettings['trusted']): readonly string[] {
  return trusted.flatMap((entry) =>
    entry === 'system'
      ? systemAuthorities()
      : readAuthorities(entry, 'lua_ssl_trusted_certificate'),
  )
}

function systemAuthorities(): readonly string[] {
  const own = SYSTEM_FILES.map(contentOf).find((found) => found.length > 0) ?? rootCertificates
  const { NODE_EXTRA_CA_CERTS: extra } = process.env
  return extra === undefined ? own : [...own, ...contentOf(extra)]
}

/** None for a file that cannot be read; Node.js itself has warned of NODE_EXTRA_CA_CERTS. */
function contentOf(file: string): readonly string[] {
  try {
    return certificatesIn(readFileSync(file, 'utf8'))
  } catch {
    return []
  }
}
