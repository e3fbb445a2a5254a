// The line that a problem points at, with a caret below. It shows keys, structure and the one value in question; every
// other value is masked, since a line may hold secrets that have nothing to do with the problem.
import type { Problem } from '../errors/config-error.js'
import { isSecret } from './faults.js'
import type { LineIndex } from './places.js'

const MASK = '***'
/** Of longer ones nothing is shown: telling what in them may be a secret would take too long. */
const MAX_LINE = 10_000
/** Longer lines are shown around the caret. */
const MAX_WIDTH = 100

// In turn: what is shown as it stands, a comment, a quoted text, an unquoted one up to what ends it.
const TOKEN =
  /(\s+|[[\]{},|>]|-(?=\s)|:(?=\s|$)|[&*!][^\s,[\]{}]*)|#.*$|("(?:[^"\\]|\\.)*"?|'(?:[^']|'')*'?|(?:[^\s:,[\]{}#"']|:(?!\s|$)|(?<=\S)[#"'])(?:[^:,[\]{}\s]|:(?!\s|$)|[^\S\n](?![\s#]|$))*)/gy

/** Two lines, or none for a place that the text does not have. */
export function excerpt(lines: LineIndex, problem: Problem): readonly string[] {
  const source = lines.textOf(problem.line)
  if (source === undefined || source.length > MAX_LINE) return []
  const offset = Array.from(source)
    .slice(0, problem.column - 1)
    .join('').length
  const { before, after } = mask(source, offset, isSecret(stepsOf(problem.path)))
  const prefix = `  ${problem.line} | `
  const start = Math.max(0, before.length - MAX_WIDTH / 2)
  const shown = `${before.slice(start)}${after}`.slice(0, MAX_WIDTH)
  // Tabs stay tabs, so that the caret stands below its character.
  const indent = before.slice(start).replace(/[^\t]/g, ' ')
  return [`${prefix}${shown}`.trimEnd(), `${' '.repeat(prefix.length)}${indent}^`]
}

function mask(
  line: string,
  offset: number,
  hidesValue: boolean,
): { readonly before: string; readonly after: string } {
  let before = ''
  let after = ''
  for (const match of line.matchAll(TOKEN)) {
    const [token, structure, scalar] = match
    const rest = line.slice(match.index + token.length)
    let shown = ''
    if (structure !== undefined) shown = token
    else if (scalar !== undefined) {
      const isKey = /^\s*:(?:\s|$)/.test(rest)
      const isPointedAt = match.index <= offset && offset < match.index + token.length
      shown = isKey || (isPointedAt && !hidesValue) ? token : MASK
    }
    if (match.index < offset) before += shown
    else after += shown
  }
  return { before, after }
}

function stepsOf(path: string): string[] {
  return path.split(/[.[\]]+/).filter(Boolean)
}
