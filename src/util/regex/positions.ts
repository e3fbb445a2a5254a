// A regular expression as its positions (Glushkov): the places where it takes a character, and which may follow which.
import { foldsOf, LAST_LINE_END, LINE_END, LINE_START } from './regex-class.js'
import { childrenOf, maxOf, type RegexNode } from './regex-tree.js'

export interface Positions {
  /** For each position the characters it takes, as bits of the alphabet. */
  readonly sets: readonly bigint[]
  readonly first: readonly number[]
  /** Those after which the whole has matched. */
  readonly last: ReadonlySet<number>
  /** For each position those that may come next, and in how many ways, two standing for all above. */
  readonly follow: readonly ReadonlyMap<number, 1 | 2>[]
  /** Characters of that set, readable ones first; none for the end of the text or the edge of a word. */
  charsOf(set: bigint): readonly string[]
  setOfChar(char: string): bigint
}

/** Above these the analysis would take too long, and nothing is said. */
const MAX_POSITIONS = 300
const MAX_EDGES = 20_000

/** From here on a counted repetition of what varies in length is as bad as one without an end. */
const MANY = 10
/** A single character may be there some times more or less: above this difference, written out as a loop. */
const FEW = 8

const START_ASSERTIONS: ReadonlySet<string> = new Set(['', '^', '(?<![^\\n])', LINE_START])
const END_ASSERTIONS: ReadonlySet<string> = new Set(['$', LINE_END, LAST_LINE_END])

class TooLarge extends Error {}

/**
 * @param isWhole whether a match has to reach the end of the text
 * @returns null for a pattern that is too large
 */
export function positionsOf(tree: RegexNode, isWhole: boolean): Positions | null {
  try {
    return new Builder(tree, isWhole)
  } catch (error) {
    if (error instanceof TooLarge) return null
    throw error
  }
}

/** A part of the pattern: where it can begin and end. */
interface Part {
  readonly isNullable: boolean
  readonly first: readonly number[]
  readonly last: readonly number[]
}

const NOTHING: Part = { isNullable: true, first: [], last: [] }

class Builder implements Positions {
  readonly sets: bigint[] = []
  readonly first: readonly number[]
  readonly last: ReadonlySet<number>
  readonly follow: Map<number, 1 | 2>[] = []
  readonly #alphabet: Alphabet
  #edges = 0

  constructor(tree: RegexNode, isWhole: boolean) {
    this.#alphabet = new Alphabet(tree)
    const body = this.#build(tree)
    const whole = isWhole ? this.#concat(body, this.#position(this.#alphabet.end)) : body
    this.first = whole.first
    this.last = new Set(whole.last)
  }

  charsOf(set: bigint): readonly string[] {
    return this.#alphabet.charsOf(set)
  }

  setOfChar(char: string): bigint {
    return this.#alphabet.setOfChar(char)
  }

  #build(node: RegexNode): Part {
    switch (node.kind) {
      case 'literal':
      case 'class':
        return this.#position(this.#alphabet.setOf(node))
      case 'assertion':
        return this.#assertion(node.source)
      case 'look':
        // A way in, and none out: what follows begins where it began. What lies behind has been gone through.
        if (node.open === '(?<=' || node.open === '(?<!') return NOTHING
        return { isNullable: true, first: this.#build(node.body).first, last: [] }
      case 'group':
      case 'atomic':
        return this.#build(node.body)
      case 'reference':
        return this.#loop(this.#position(this.#alphabet.any))
      case 'sequence':
        return node.items.reduce((part, item) => this.#concat(part, this.#build(item)), NOTHING)
      case 'choice':
        return node.items.map((item) => this.#build(item)).reduce(union)
      case 'repeat':
        return this.#repeat(node.item, node.min, maxOf(node.mark))
    }
  }

  /** An end or a word boundary is a position that takes what is no character, so that nothing runs past it. */
  #assertion(source: string): Part {
    if (START_ASSERTIONS.has(source)) return NOTHING
    const isEnd = END_ASSERTIONS.has(source)
    return this.#position(isEnd ? this.#alphabet.end : this.#alphabet.boundary)
  }

  #position(set: bigint): Part {
    if (this.sets.length >= MAX_POSITIONS) throw new TooLarge()
    const at = [this.sets.length]
    this.sets.push(set)
    this.follow.push(new Map())
    return { isNullable: false, first: at, last: at }
  }

  #repeat(item: RegexNode, min: number, max: number): Part {
    const isChar = item.kind === 'literal' || item.kind === 'class'
    const isOpen = max === Infinity || (isChar ? max - min > FEW : max >= MANY && varies(item))
    let part = NOTHING
    for (let i = 0; i < (isOpen ? min - 1 : min); i++) part = this.#concat(part, this.#build(item))
    if (!isOpen) return this.#concat(part, this.#atMost(item, max - min))
    const loop = this.#loop(this.#build(item))
    return this.#concat(part, min === 0 ? optional(loop) : loop)
  }

  /** One inside the other, as in (a(a(a)?)?)?: side by side there would be several ways to take one. */
  #atMost(item: RegexNode, count: number): Part {
    let rest = NOTHING
    for (let i = 0; i < count; i++) rest = optional(this.#concat(this.#build(item), rest))
    return rest
  }

  #loop(part: Part): Part {
    this.#connect(part.last, part.first)
    return part
  }

  #concat(a: Part, b: Part): Part {
    this.#connect(a.last, b.first)
    return {
      isNullable: a.isNullable && b.isNullable,
      first: a.isNullable ? [...a.first, ...b.first] : a.first,
      last: b.isNullable ? [...a.last, ...b.last] : b.last,
    }
  }

  #connect(from: readonly number[], to: readonly number[]): void {
    this.#edges += from.length * to.length
    if (this.#edges > MAX_EDGES) throw new TooLarge()
    for (const position of from) {
      const follow = this.follow[position]
      const isAtEnd = this.sets[position] === this.#alphabet.end
      for (const next of to) {
        // No character comes after the end.
        if (isAtEnd && this.charsOf(this.sets[next] ?? 0n).length > 0) continue
        follow?.set(next, follow.has(next) ? 2 : 1)
      }
    }
  }
}

function union(a: Part, b: Part): Part {
  return {
    isNullable: a.isNullable || b.isNullable,
    first: [...a.first, ...b.first],
    last: [...a.last, ...b.last],
  }
}

function optional(part: Part): Part {
  return { ...part, isNullable: true }
}

/** Whether it can match in more than one way. */
function varies(node: RegexNode): boolean {
  switch (node.kind) {
    case 'literal':
    case 'class':
    case 'assertion':
    case 'look':
      return false
    case 'reference':
      return true
    case 'group':
    case 'atomic':
      return varies(node.body)
    case 'sequence':
      return node.items.some(varies)
    case 'choice':
      return true
    case 'repeat':
      return maxOf(node.mark) !== node.min || varies(node.item)
  }
}

// Stand for the rest of Unicode in classes: letters with and without case, a mark, an ideograph, a symbol, a blank.
const OTHER_CHARACTERS = ['é', 'ß', 'λ', 'я', '中', '\u0301', '😀', '\u2028']

/** The characters that the analysis tells apart: ASCII, those that the pattern names, and a few for all others. */
class Alphabet {
  readonly #chars: readonly string[]
  readonly #sets = new Map<string, bigint>()
  /** Not characters: the end of the text, and the edge of a word. */
  readonly end: bigint
  readonly boundary: bigint
  readonly any: bigint

  constructor(tree: RegexNode) {
    const ascii = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code))
    // Readable ones first: they make the examples.
    const readable = ascii.filter((char) => /\w/.test(char)).reverse()
    this.#chars = [...new Set([...readable, ...ascii, ...OTHER_CHARACTERS, ...charsOf(tree)])]
    this.end = 1n << BigInt(this.#chars.length)
    this.boundary = this.end << 1n
    this.any = this.end - 1n
  }

  setOf(node: Extract<RegexNode, { kind: 'literal' | 'class' | 'assertion' }>): bigint {
    if (node.kind !== 'literal') return this.#classSet(node.source)
    const forms = node.fold ? [node.char, ...foldsOf(node.char)] : [node.char]
    return this.#bits((char) => forms.includes(char))
  }

  charsOf(set: bigint): readonly string[] {
    return this.#chars.filter((_, index) => (set >> BigInt(index)) & 1n)
  }

  setOfChar(char: string): bigint {
    const index = this.#chars.indexOf(char)
    return index < 0 ? 0n : 1n << BigInt(index)
  }

  #classSet(source: string): bigint {
    const known = this.#sets.get(source)
    if (known !== undefined) return known
    const pattern = new RegExp(`^${source}$`, 'v')
    const set = this.#bits((char) => pattern.test(char))
    this.#sets.set(source, set)
    return set
  }

  #bits(has: (char: string) => boolean): bigint {
    let set = 0n
    for (const [index, char] of this.#chars.entries()) if (has(char)) set |= 1n << BigInt(index)
    return set
  }
}

function* charsOf(node: RegexNode): Generator<string> {
  if (node.kind === 'class') yield* Array.from(node.source)
  if (node.kind === 'literal') {
    yield node.char
    if (node.fold) yield* foldsOf(node.char)
  }
  for (const child of childrenOf(node)) yield* charsOf(child)
}
