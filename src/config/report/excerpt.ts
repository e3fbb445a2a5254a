// The line that a problem points at, with a caret below. It shows keys, structure and the one value in question; every
// other value is masked, since a line may hold secrets that have nothing to do with the problem.
import type { Problem } from '../../errors/config-error.js'
import { cellsOf, graphemes, visible } from '../../util/terminal-text.js'
import { isSecret } from '../faults.js'
import { LineIndex } from '../places.js'
import { isKey, LineTokens, type Token } from './tokens.js'

export interface Excerpt {
  /** `  3 | `, in front of the source; the caret's line has as many spaces there. */
  readonly gutter: string
  readonly source: string
  /** White space with a caret at the end. */
  readonly caret: string
}

const MASK = '***'
const CUT = '…'
/** Cells of the source that are shown, up to half of them before the caret. */
const MAX_WIDTH = 100
/** Characters that are looked at on either side of the caret: more than the width, for those that take no cell. */
const REACH = 4 * MAX_WIDTH

/** Excerpts of one text. It is searched for lines once, and a line for tokens once. */
export class Excerpts {
  readonly #lines: LineIndex
  /** The line shown last: problems come in file order, and a whole file may be one line. */
  #last: { readonly number: number; readonly tokens: LineTokens } | undefined

  constructor(text: string) {
    this.#lines = new LineIndex(text.startsWith('\uFEFF') ? text.slice(1) : text)
  }

  /** Undefined for a place that the text does not have. */
  of({
    line,
    column,
    path,
    hidesValue = isSecret(path.split(/[.[\]]+/)),
  }: Problem): Excerpt | undefined {
    const tokens = this.#tokensOf(line)
    if (tokens === undefined) return undefined
    const offset = tokens.offsetOf(column)
    const field = path.split(/[.[\]]+/).at(-1) ?? ''
    const { before, after, isWhole } = mask(tokens, offset, hidesValue ? field : null)
    const left = fit(graphemes(before).reverse(), MAX_WIDTH / 2)
    const right = fit(graphemes(after.trimEnd()), MAX_WIDTH - left.cells)
    const start = [...(left.isCut || !isWhole ? [CUT] : []), ...left.shown.reverse()]
    const end = [...right.shown, ...(right.isCut ? [CUT] : [])]
    return {
      gutter: `  ${line} | `,
      source: [...start, ...end].join(''),
      caret: `${start.map(blank).join('')}^`,
    }
  }

  #tokensOf(line: number): LineTokens | undefined {
    if (this.#last?.number === line) return this.#last.tokens
    const text = this.#lines.textOf(line)
    if (text === undefined) return undefined
    const tokens = new LineTokens(text)
    this.#last = { number: line, tokens }
    return tokens
  }
}

interface Masked {
  readonly before: string
  readonly after: string
  /** Whether `before` goes back to the start of the line, as far as it is long enough. */
  readonly isWhole: boolean
}

/**
 * What is shown before the offset and from it on, about as much of either as will be needed.
 * @param hidden the field whose value stands there and may not be shown; null where it may
 */
function mask(tokens: LineTokens, offset: number, hidden: string | null): Masked {
  const { text } = tokens
  let before = ''
  let after = ''
  let first: Token | undefined
  const maps = new SecretMaps(text)
  for (const token of tokens.from(offset - REACH)) {
    first ??= token
    const { start, end } = token
    const isPointedAt = start <= offset && offset < end
    const isInSecret = maps.isWithin(token)
    // A map where a secret should be has the secret for a key.
    const isSecretKey = isPointedAt && hidden !== null && nameOf(text, token) !== hidden
    const isHidden = token.kind === 'scalar' && (isInSecret || isSecretKey)
    if (!isHidden && isShown(text, token, isPointedAt && hidden === null)) {
      const middle = Math.min(Math.max(start, offset), end)
      before += text.slice(Math.max(start, middle - REACH), middle)
      after += text.slice(middle, Math.min(end, middle + REACH))
    } else if (token.kind === 'scalar') {
      if (end <= offset) before += MASK
      else after += MASK
    }
    if (after.length >= REACH) break
  }
  return {
    before: visible(before.slice(-REACH), '\t'),
    after: visible(after.slice(0, REACH), '\t'),
    isWhole: (first?.start ?? 0) === 0,
  }
}

function isShown(text: string, token: Token, isInQuestion: boolean): boolean {
  if (token.kind !== 'scalar') return token.kind === 'structure'
  // A name has no white space; a line such as `X-Token: abc` in quotes has.
  return isInQuestion || (isKey(text, token) && !/\s/.test(text.slice(token.start, token.end)))
}

/** Which tokens stand in a map in the place of a secret, as in `key: {abc}`. */
class SecretMaps {
  readonly #text: string
  #isAfterSecret = false
  #depth = 0

  constructor(text: string) {
    this.#text = text
  }

  /** Asked of each token, in order. */
  isWithin(token: Token): boolean {
    const character = this.#text[token.start]
    if (this.#depth > 0) {
      if (token.kind === 'structure')
        this.#depth += Number(character === '{') - Number(character === '}')
      return true
    }
    if (token.kind === 'scalar') {
      this.#isAfterSecret = isKey(this.#text, token) && isSecret([nameOf(this.#text, token)])
    } else if (character === '{') {
      if (this.#isAfterSecret) this.#depth = 1
      this.#isAfterSecret = false
    } else if (character === '[' || character === ',') this.#isAfterSecret = false
    return false
  }
}

/** Without its quotes. */
function nameOf(text: string, { start, end }: Token): string {
  return text.slice(start, end).replace(/^(["'])(.*)\1$/s, '$2')
}

/** Tabs stay tabs, so that the caret stands below its character. */
function blank(grapheme: string): string {
  return grapheme === '\t' ? grapheme : ' '.repeat(cellsOf(grapheme))
}

function fit(
  all: readonly string[],
  width: number,
): { readonly shown: string[]; readonly cells: number; readonly isCut: boolean } {
  const shown: string[] = []
  let cells = 0
  for (const grapheme of all) {
    const more = cellsOf(grapheme)
    if (cells + more > width) break
    cells += more
    shown.push(grapheme)
  }
  return { shown, cells, isCut: shown.length < all.length }
}
