// The way out for faults whose message says only what is wrong: one rule for each kind of mistake.
import type { Document } from '../document.js'
import type { Fault } from '../faults.js'
import type { PluginLookup } from '../plugin-lookup.js'
import { clueOf, type HintRule } from './clue.js'
import { hintOnForeignField } from './foreign-fields.js'
import { hintOnMisplacedField } from './misplaced.js'
import { hintOnPem } from './pem.js'
import { hintOnPlaceholder } from './placeholders.js'
import { hintOnPlugin } from './plugin-names.js'
import { hintOnReference } from './references.js'
import { hintOnShape } from './shapes.js'
import { hintOnScalar } from './scalars.js'
import { hintOnValue } from './values.js'

export { duplicateKeys } from './duplicate-keys.js'
export { unexpandedVariables } from './placeholders.js'

/** What knows a mistake for certain, and so better than the name that happens to be near. */
const CERTAIN: readonly HintRule[] = [hintOnForeignField, hintOnPlugin, hintOnMisplacedField]

/** In this order: what was never filled in explains more than the type that it then has. */
const RULES: readonly HintRule[] = [
  hintOnPlaceholder,
  hintOnScalar,
  hintOnShape,
  hintOnReference,
  hintOnPem,
  hintOnValue,
]

export function addHints(
  faults: readonly Fault[],
  document: Document,
  plugins: PluginLookup,
): readonly Fault[] {
  return faults.map((fault) => {
    const clue = clueOf(fault, document, plugins)
    const hint = first(CERTAIN, clue) ?? fault.hint ?? first(RULES, clue)
    return hint === undefined ? fault : { ...fault, hint }
  })
}

function first(rules: readonly HintRule[], clue: Parameters<HintRule>[0]): string | undefined {
  for (const rule of rules) {
    const hint = rule(clue)
    if (hint !== undefined) return hint
  }
  return undefined
}
