// For people at a terminal: consequences, the worst first, then the entities that have changed.
import { styleText } from 'node:util'
import { visible } from '../../util/terminal-text.js'
import { LEVELS, type Difference, type EntityChange, type Level } from './difference.js'
import type { DiffFormatOptions } from './formats.js'
import { clipped } from './shown.js'
import {
  changeTitle,
  countsText,
  fieldTexts,
  HEADINGS,
  ofLevel,
  placesText,
  SIGNS,
  VERDICTS,
} from './words.js'

type Style = Parameters<typeof styleText>[0]
type Paint = (style: Style, text: string) => string

const COLORS = {
  loosened: 'red',
  breaking: 'magenta',
  tightened: 'cyan',
  changed: 'yellow',
  added: 'green',
  none: 'green',
} as const satisfies Readonly<Record<Level | 'none', string>>

export function pretty(difference: Difference, { hasColor }: DiffFormatOptions): string {
  // Whether the stream is a terminal has been decided; newer versions of Node would look again, at standard output.
  const paint: Paint = (style, text) =>
    hasColor ? styleText(style, text, { validateStream: false }) : text
  const { verdict, changes, notes } = difference
  const files = visible(`${difference.old} -> ${difference.new}`)
  const sections = LEVELS.flatMap((level) => findingLines(difference, level, paint))
  const entities = changes.flatMap((change) => entityLines(change, paint))
  const counts = verdict === 'none' ? '' : ` (${countsText(difference, LEVELS)})`
  return [
    ...sections,
    ...(entities.length === 0 ? [] : [paint('bold', 'Entities'), ...entities, '']),
    ...notes.map((note) => `${paint('bold', 'note:')} ${visible(note)}`),
    `${files}: ${paint(['bold', COLORS[verdict]], VERDICTS[verdict])}${counts}`,
  ].join('\n')
}

function findingLines({ findings }: Difference, level: Level, paint: Paint): string[] {
  const own = ofLevel(findings, level)
  if (own.length === 0) return []
  const lines = own.flatMap((finding) => [
    `  ${words(finding.message)} [${finding.rule}]`,
    ...placeLine(placesText(finding), paint),
  ])
  return [paint(['bold', COLORS[level]], HEADINGS[level]), ...lines, '']
}

function entityLines(change: EntityChange, paint: Paint): string[] {
  return [
    `  ${SIGNS[change.kind]} ${words(changeTitle(change))}`,
    ...fieldTexts(change).map((text) => `      ${words(text)}`),
    ...placeLine(placesText(change), paint),
  ]
}

function placeLine(places: string, paint: Paint): string[] {
  return places === '' ? [] : [`    ${paint('dim', visible(places))}`]
}

/** A name may be as long as a file; beyond this nobody reads on. */
const MAX_WORDS = 2000

/** On one line, with nothing that a terminal would obey. */
function words(text: string): string {
  return visible(clipped(text, MAX_WORDS))
}
