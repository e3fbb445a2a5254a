// Whom probes over https trust: the authorities that the settings name, those of the system by default.
import type { LoadedConfig } from '../../config/index.js'
import { hasProbes } from '../../upstream/health/health-rules.js'
import { ownAuthorities } from '../own-authorities.js'
import type { OwnTlsSettings } from '../own-tls-settings.js'

export interface ProbeTrust {
  /** PEM, one certificate each. */
  readonly authorities: readonly string[]
  readonly depth: number
}

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
  return { authorities: ownAuthorities(trusted), depth }
}
