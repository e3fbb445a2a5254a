// For a comment on a pull request: the verdict, what follows for requests, and the entities in a fold.
import type { ProblemReport } from '../../config/report/index.js'
import { adviceOf, placeOf } from '../../config/report/format.js'
import { visible } from '../../util/terminal-text.js'
import { clipped } from './shown.js'
import { LEVELS, type Difference, type EntityChange, type Level } from './difference.js'
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

// A comment on GitHub takes 65,536 characters, for five levels, the entities and what stands around them.
const MAX_ROWS = 8_000
const MAX_ENTITIES = 16_000
const MAX_TEXT = 600

export function markdown(difference: Difference): string {
  const { verdict } = difference
  const counts = verdict === 'none' ? '' : `\n\n${countsText(difference, LEVELS)}`
  const head = `### gw diff: ${VERDICTS[verdict]}\n\n${code(difference.old)} → ${code(difference.new)}${counts}`
  const blocks = [
    ...LEVELS.flatMap((level) => findingTable(difference, level)),
    ...notesBlock(difference.notes),
    ...entityFold(difference.changes),
  ]
  return [head, ...blocks].join('\n\n')
}

/** What stands in the way of a comparison. */
export function markdownRefusal({ errors }: ProblemReport): string {
  const lines = errors.map(
    (problem) => `- ${code(placeOf(problem))}: ${escaped(adviceOf(problem))}`,
  )
  return ['### gw diff: the files cannot be compared', '', ...fitting(lines, MAX_ENTITIES)].join(
    '\n',
  )
}

function findingTable({ findings }: Difference, level: Level): string[] {
  const own = ofLevel(findings, level)
  if (own.length === 0) return []
  const rows = own.map(
    (finding) =>
      `| ${escaped(finding.message)} | ${code(placesText(finding))} | \`${finding.rule}\` |`,
  )
  const head = `#### ${HEADINGS[level]}\n\n| what | where | rule |\n|---|---|---|`
  return [[head, ...fitting(rows, MAX_ROWS)].join('\n')]
}

function notesBlock(notes: readonly string[]): string[] {
  return notes.length === 0 ? [] : [notes.map((note) => `> ${escaped(note)}`).join('\n')]
}

function entityFold(changes: readonly EntityChange[]): string[] {
  if (changes.length === 0) return []
  const lines = changes.map((change) =>
    [
      `- \`${SIGNS[change.kind]}\` ${escaped(changeTitle(change))} (${code(placesText(change))})`,
      ...fieldTexts(change).map((text) => `  - ${escaped(text)}`),
    ].join('\n'),
  )
  const title = `<summary>${changes.length} ${changes.length === 1 ? 'entity' : 'entities'}</summary>`
  return [`<details>${title}`, fitting(lines, MAX_ENTITIES).join('\n'), '</details>']
}

/** As many lines as there is room for, and how many are left out. */
function fitting(lines: readonly string[], room: number): string[] {
  const kept: string[] = []
  let length = 0
  for (const line of lines) {
    length += line.length + 1
    if (length > room) break
    kept.push(line)
  }
  const left = lines.length - kept.length
  return left === 0 ? kept : [...kept, '', `${left} more: see \`gw diff\``]
}

function code(text: string): string {
  return text === '' ? '' : `<code>${escaped(text)}</code>`
}

// What Markdown and HTML would obey; a name after @ would be called to the discussion, a number after # linked.
const SPECIAL = /[&<>|`*_~[\]\\#@$]|:(?=\/\/)/g

/** Text of a file, on one line, with nothing in it that the page would obey. */
function escaped(text: string): string {
  return visible(clipped(text, MAX_TEXT)).replace(
    SPECIAL,
    (character) => `&#${character.charCodeAt(0)};`,
  )
}
