// Everything that `gw validate` warns of: what every load says, and the closer look that only a check pays for.
import type { LoadedConfig, PluginLookup } from '../../config/index.js'
import { lint, RULES } from '../../config/lint/index.js'
import type { Problem } from '../../errors/config-error.js'
import { SHADOWED_ROUTE, shadowedRoutes } from './shadowed-routes.js'
import type { Settings } from '../settings.js'

/** Names of all rules, those that every load applies included. */
export const RULE_NAMES: ReadonlySet<string> = new Set([
  SHADOWED_ROUTE,
  ...RULES.map(({ name }) => name),
  'deprecated',
  'duplicate-key',
  'regex-without-tilde',
  'unexpanded-variable',
  'unsupported',
])

/** In file order. */
export function warningsOf(
  { snapshot, origin, warnings, unsupported }: LoadedConfig,
  plugins: PluginLookup,
  { routerFlavour }: Pick<Settings, 'routerFlavour'>,
): Problem[] {
  // Other flavours rank routes by other rules.
  const shadows = routerFlavour === 'traditional_compatible' ? shadowedRoutes(snapshot, origin) : []
  const faults = [...lint(origin, { plugins }), ...shadows]
  return [...warnings, ...origin.problemsOf(faults), ...unsupported].sort(
    (a, b) => a.line - b.line || a.column - b.column,
  )
}
