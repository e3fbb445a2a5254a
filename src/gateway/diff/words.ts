// What the formats for people have in common: headings, and an entity or a finding in words.
import type { Difference, EntityChange, Finding, Level, Place, Places } from './difference.js'
import { changeText } from './shown.js'

export const HEADINGS: Readonly<Record<Level, string>> = {
  loosened: 'Loosened: lets through, shows or trusts more than before',
  breaking: 'Breaking: requests are refused, or end elsewhere',
  tightened: 'Tightened: asks for more, or allows less',
  changed: 'Changed: behaves otherwise',
  added: 'Added: takes nothing from what was there',
}

export const VERDICTS: Readonly<Record<Difference['verdict'], string>> = {
  loosened: 'something is loosened',
  breaking: 'requests are refused or end elsewhere',
  tightened: 'something is tightened, nothing loosened',
  changed: 'changed, nothing loosened',
  added: 'additions alone',
  none: 'no change in meaning',
}

/** `2 loosened, 1 breaking; 12 entities changed` */
export function countsText({ findings, changes }: Difference, levels: readonly Level[]): string {
  const counts = levels.flatMap((level) => {
    const count = findings.filter((finding) => finding.level === level).length
    return count === 0 ? [] : [`${count} ${level}`]
  })
  const entities = `${changes.length} ${changes.length === 1 ? 'entity' : 'entities'} changed`
  return counts.length === 0 ? entities : `${counts.join(', ')}; ${entities}`
}

/** `kong.old.yml:3:5, kong.yml:7:5` */
export function placesText({ old, new: now }: Places): string {
  return [old, now].flatMap((place) => (place === null ? [] : [placeText(place)])).join(', ')
}

function placeText({ file, line, column }: Place): string {
  return line > 0 ? `${file}:${line}:${column}` : file
}

export const SIGNS: Readonly<Record<EntityChange['kind'], string>> = {
  added: '+',
  removed: '-',
  changed: '~',
  renamed: '~',
}

/** Without its fields. */
export function changeTitle({ kind, title, oldTitle }: EntityChange): string {
  if (kind === 'renamed') return `${title}, which was ${oldTitle ?? 'unnamed'}`
  return `${title} ${kind === 'changed' ? '' : kind}`.trimEnd()
}

/** `paths: [/a] -> [/b]` */
export function fieldTexts({ fields, kind }: EntityChange): readonly string[] {
  if (kind === 'renamed') return []
  return fields.map((change) =>
    change.isSecret ? `${change.field}: changed` : `${change.field}: ${changeText(change)}`,
  )
}

export function ofLevel(findings: readonly Finding[], level: Level): readonly Finding[] {
  return findings.filter((finding) => finding.level === level)
}
