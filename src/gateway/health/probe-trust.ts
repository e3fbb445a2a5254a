// Whom probes over https trust: the authorities that the settings name, those of the system by default.
import { readFileSync } from 'node:fs'
import { rootCertificates } from 'node:tls'
import type { LoadedConfig } from '../../config/index.js'
import { hasProbes } from '../../upstream/health/health-rules.js'
import type { OwnTlsSettings } from '../own-tls-settings.js'
import { certificatesIn, readAuthorities } from '../target-tls.js'

export interface ProbeTrust {
  /** PEM, one certificate each. */
  readonly authorities: readonly string[]
  readonly depth: number
}

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
 * Reads nothing where no probe verifies whom it asks; else anew each time, since certificates are renewed in place.
 * @throws Error that names the file or the setting at fault
 */
export function readProbeTrust(
  { snapshot }: Pick<LoadedConfig, 'snapshot'>,
  { trusted, depth }: OwnTlsSettings,
): ProbeTrust {
  const isNeeded = snapshot.upstreams.some(({ healthchecks }) => {
    const { type, https_verify_certificate } = healthchecks.active
    return type === 'https' && https_verify_certificate && hasProbes(healthchecks)
  })
  if (!isNeeded) return { authorities: [], depth }
  const authorities = trusted.flatMap((entry) =>
    entry === 'system'
      ? systemAuthorities()
      : readAuthorities(entry, 'lua_ssl_trusted_certificate'),
  )
  return { authorities, depth }
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
