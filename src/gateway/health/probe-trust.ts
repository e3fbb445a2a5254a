// Whom probes over https trust.
import type { LoadedConfig } from '../../config/index.js'
import { hasProbes } from '../../upstream/health/health-rules.js'
import type { OwnTlsSettings } from '../own-tls-settings.js'
import { readOwnAuthorities } from '../own-trust.js'

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
  settings: OwnTlsSettings,
): ProbeTrust {
  const isNeeded = snapshot.upstreams.some(({ healthchecks }) => {
    const { type, https_verify_certificate } = healthchecks.active
    return type === 'https' && https_verify_certificate && hasProbes(healthchecks)
  })
  return { authorities: isNeeded ? readOwnAuthorities(settings) : [], depth: settings.depth }
}
