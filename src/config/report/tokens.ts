// One line of YAML or JSON cut into pieces, far enough to tell keys and structure from values. Written by hand since
// a line may hold megabytes, and a pattern that repeats alternatives runs out of stack on them.
import { nextCharacter } from '../places.js'

/** `structure` is safe to show; of scalars, only those that are keys. */
export interface Token {
  readonly kind: 'structure' | 'comment' | 'scalar'
  readonly start: number
  readonly end: number
}

/** Where reading may begin again lies this far apart. */
const STRIDE = 4096

/** Reads tokens from anywhere in a line; what lies before is read once, however often it is asked for. */
export class LineTokens {
  readonly text: string
  /** Starts of tokens, in order; all before the last one are known. */
  readonly #starts: number[] = [0]
  /** The last column asked for, and where it is. */
  #known = { column: 1, offset: 0 }

  constructor(text: string) {
    this.text = text
  }

  /** The offset of a column, which counts characters from 1. */
  offsetOf(column: number): number {
    let { column: at, offset } = this.#known.column <= column ? this.#known : FIRST
    for (; at < column && offset < this.text.length; at++) offset = nextCharacter(this.text, offset)
    this.#known = { column: at, offset }
    return offset
  }

  /** Every token from one that starts at or before `offset` on. */
  *from(offset: number): Generator<Token> {
    let at = this.#startBefore(offset)
    while (at < this.text.length) {
      const token = readToken(this.text, at)
      yield token
      at = token.end
    }
  }

  #startBefore(offset: number): number {
    let last = this.#starts.at(-1) ?? 0
    let at = last
    while (at < this.text.length && at <= offset) {
      at = readToken(this.text, at).end
      if (at - last < STRIDE) continue
      this.#starts.push(at)
      last = at
    }
    return this.#starts.findLast((start) => start <= offset) ?? 0
  }
}

const FIRST = { column: 1, offset: 0 }

/** Whether a scalar is the key of a mapping. */
export function isKey(text: string, { start, end }: Token): boolean {
  const colon = skipSpace(text, end)
  if (text[colon] !== ':') return false
  if (endsWord(text[colon + 1])) return true
  // JSON needs no space behind the colon, and YAML within braces neither, when the key is quoted.
  if (!isQuote(text[end - 1])) return false
  let before = start - 1
  while (isSpace(text[before])) before--
  return text[before] === '{' || text[before] === ','
}

function readToken(text: string, start: number): Token {
  const first = text[start]
  const next = text[start + 1]
  const token = (kind: Token['kind'], end: number): Token => ({ kind, start, end })
  if (isSpace(first)) return token('structure', skipSpace(text, start))
  if (isPunctuation(first)) return token('structure', start + 1)
  if (first === '-' && endsWord(next)) return token('structure', start + 1)
  if (first === ':' && (endsWord(next) || isQuote(text[start - 1]))) {
    return token('structure', start + 1)
  }
  // Anchors, aliases, tags.
  if (first === '&' || first === '*' || first === '!') {
    return token('structure', endOfName(text, start + 1))
  }
  if (first === '#') return token('comment', text.length)
  if (first === '"') return token('scalar', endOfDouble(text, start + 1))
  if (first === "'") return token('scalar', endOfSingle(text, start + 1))
  return token('scalar', endOfPlain(text, start + 1))
}

function endOfName(text: string, from: number): number {
  let at = from
  while (at < text.length && !endsWord(text[at]) && !isFlow(text[at])) at++
  return at
}

function endOfDouble(text: string, from: number): number {
  let at = from
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return Math.min(at + 1, text.length)
}

function endOfSingle(text: string, from: number): number {
  let quote = text.indexOf("'", from)
  while (quote >= 0 && text[quote + 1] === "'") quote = text.indexOf("'", quote + 2)
  return quote < 0 ? text.length : quote + 1
}

/** Words with single spaces between them, up to a comma, a bracket, a colon with a space, or a comment. */
function endOfPlain(text: string, from: number): number {
  let at = from
  for (; at < text.length && !isFlow(text[at]); at++) {
    const next = text[at + 1]
    if (text[at] === ':' && endsWord(next)) break
    if (isSpace(text[at]) && (endsWord(next) || next === '#')) break
  }
  return at
}

function skipSpace(text: string, from: number): number {
  let at = from
  while (isSpace(text[at])) at++
  return at
}

function isSpace(character: string | undefined): boolean {
  return character === ' ' || character === '\t'
}

/** Whether what stands before is the end of a word: white space follows, or nothing. */
function endsWord(character: string | undefined): boolean {
  return character === undefined || isSpace(character)
}

function isQuote(character: string | undefined): boolean {
  return character === '"' || character === "'"
}

function isFlow(character: string | undefined): boolean {
  return character !== undefined && ',[]{}'.includes(character)
}

function isPunctuation(character: string | undefined): boolean {
  return character !== undefined && ',[]{}|>'.includes(character)
}
