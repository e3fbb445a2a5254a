// Warnings: what Kong takes without a word, though it hardly does what was meant.
import type { Draft } from './draft.js'
import type { Fault } from './faults.js'
import { looksLikeRegex } from './regex-path.js'

export function advise(drafts: readonly Draft[]): Fault[] {
  const advice: Fault[] = []
  for (const { collection, fields, path } of drafts) {
    if (collection.name !== 'routes' || !Array.isArray(fields.paths)) continue
    for (const [index, text] of fields.paths.entries()) {
      if (typeof text !== 'string' || !looksLikeRegex(text)) continue
      advice.push({
        path: [...path, 'paths', index],
        message: 'looks like a regular expression but is matched as it stands',
        hint: `for a regular expression write ~${text}`,
        rule: 'regex-without-tilde',
      })
    }
  }
  return advice
}
