// Warnings: what Kong takes without a word, though it hardly does what was meant.
import type { Draft } from './draft.js'
import type { Fault } from './faults.js'
import { looksLikeRegex } from './regex-path.js'

export function advise(drafts: readonly Draft[]): Fault[] {
  return [...adviseOnRoutes(drafts), ...adviseOnUpstreams(drafts)]
}

function adviseOnRoutes(drafts: readonly Draft[]): Fault[] {
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

/** Nothing balances yet. */
function adviseOnUpstreams(drafts: readonly Draft[]): Fault[] {
  const upstreams = new Set<unknown>()
  for (const { collection, fields } of drafts) {
    if (collection.name === 'upstreams') upstreams.add(fields.name)
  }
  return drafts.flatMap(({ collection, fields, path, id }) => {
    const { host } = fields
    if (collection.name !== 'services' || !upstreams.has(host)) return []
    const name = typeof fields.name === 'string' ? fields.name : id
    const message = `service '${name}' goes to upstream '${String(host)}': balancing is not there yet, the name is resolved by DNS`
    return [{ path: [...path, 'host'], message, rule: 'unbalanced-upstream' }]
  })
}
