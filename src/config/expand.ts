// Variables of the environment in the text of a file, on request only: `${NAME}`, `${NAME:-default}` and decK's
// `${{ env "NAME" }}`. They are put in as text, before YAML is read, as envsubst and decK do.
import { ConfigError, type Problem } from '../errors/config-error.js'
import { LineIndex } from './places.js'

export type Environment = Readonly<Record<string, string | undefined>>

/** Where a variable was put in; offsets are of the original text and of what came of it. */
interface Inserted {
  readonly written: string
  readonly value: string
  readonly offset: number
  readonly expandedOffset: number
}

const VARIABLE =
  /\$\{\{\s*env\s+["']([A-Za-z_]\w*)["']\s*(?:\|\s*(toString|toInt|toFloat|toBool|indent\s+\d{1,3})\s*)?\}\}|\$\{([A-Za-z_]\w*)(?::-([^}\n]*))?\}/g

const FORMS: Readonly<Record<string, RegExp>> = {
  toInt: /^[+-]?\d+$/,
  toFloat: /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/,
  toBool: /^(?:true|false)$/,
}

/** @throws ConfigError with every variable that is not set or cannot stand where it is */
export function expandVariables(text: string, file: string, environment: Environment): Expansion {
  const lines = new LineIndex(text)
  const problems: Problem[] = []
  const inserted: Inserted[] = []
  let expanded = ''
  let end = 0
  for (const match of text.matchAll(VARIABLE)) {
    const [written, deckName, filter = '', plainName, fallback] = match
    // What a comment speaks of need not be set.
    if (isComment(text, match.index)) continue
    const name = deckName ?? plainName ?? ''
    // Set but empty counts as unset where there is a default, as in a shell's `:-`.
    const value = applyFilter(
      filter,
      environment[name] === '' ? (fallback ?? '') : (environment[name] ?? fallback),
    )
    if (typeof value !== 'string') {
      const message = `variable ${name} ${value.fault}`
      problems.push({ file, path: '', ...lines.placeOf(match.index), message })
      continue
    }
    expanded += text.slice(end, match.index)
    inserted.push({ written, value, offset: match.index, expandedOffset: expanded.length })
    expanded += value
    end = match.index + written.length
  }
  if (problems.length > 0) throw new ConfigError(problems)
  return new Expansion(expanded + text.slice(end), lines, inserted)
}

function applyFilter(
  filter: string,
  value: string | undefined,
): string | { readonly fault: string } {
  if (value === undefined) return { fault: 'is not set' }
  if (filter.startsWith('indent')) {
    const indent = ' '.repeat(Number(filter.slice('indent'.length)))
    return value.replaceAll('\n', `\n${indent}`)
  }
  if (FORMS[filter]?.test(value) === false) {
    return { fault: `does not have the form that ${filter} asks for` }
  }
  // A line break would end a scalar, and what follows be read as structure.
  if (/[\r\n]/.test(value)) {
    return { fault: 'holds several lines: write it into a block, with `| indent N`' }
  }
  return value
}

function isComment(text: string, offset: number): boolean {
  const start = text.lastIndexOf('\n', offset - 1) + 1
  return /^\s*#/.test(text.slice(start, offset))
}

/** The text that came of it, and the way back from its places to those of the file. */
export class Expansion {
  readonly text: string
  readonly #original: LineIndex
  readonly #inserted: readonly Inserted[]
  #lines: LineIndex | undefined

  constructor(text: string, original: LineIndex, inserted: readonly Inserted[]) {
    this.text = text
    this.#original = original
    this.#inserted = inserted
  }

  /** The same problem at its place in the file, with no value of a variable from its line in its words. */
  restore(problem: Problem): Problem {
    if (problem.line === 0) return problem
    this.#lines ??= new LineIndex(this.text)
    const offset = this.#originalOffset(this.#lines.offsetOf(problem))
    const place = this.#original.placeOf(offset)
    const conceal = (text: string) => this.#conceal(text, place.line)
    const hint = problem.hint === undefined ? {} : { hint: conceal(problem.hint) }
    return { ...problem, ...place, message: conceal(problem.message), ...hint }
  }

  /** Whatever stands inside the value of a variable stands where the variable is written. */
  #originalOffset(offset: number): number {
    let shift = 0
    for (const { written, value, offset: original, expandedOffset } of this.#inserted) {
      if (offset < expandedOffset) break
      if (offset < expandedOffset + value.length) return original
      shift = original + written.length - (expandedOffset + value.length)
    }
    return offset + shift
  }

  #conceal(text: string, line: number): string {
    return this.#inserted
      .filter(({ value, offset }) => value !== '' && this.#original.placeOf(offset).line === line)
      .reduce((shown, { written, value }) => shown.replaceAll(value, written), text)
  }
}
