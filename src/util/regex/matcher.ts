// A regular expression at work: V8's engine where it is fast for certain, the linear one where it could run away.
//
// What V8 can take at worst is known from the pattern (runaway.ts); so up to a length of the text it is as safe as it
// is fast, and usual patterns know no such length.
import { LinearRegex, toMatch } from './linear.js'
import { emitRegex, type Slots } from './regex-emit.js'
import { childrenOf, isNullable, isRegular, maxOf, type RegexNode } from './regex-tree.js'
import { costPower } from './runaway.js'

/** What the router asks of a regular expression. */
export interface TextMatcher {
  exec(text: string): RegExpExecArray | null
  test(text: string): boolean
}

/** Steps that V8 may take: some 0.3 ms, and less than the linear engine takes for a text of that length. */
const MAX_STEPS = 100_000

export class Matcher implements TextMatcher {
  readonly #isAnchored: boolean
  readonly #source: string
  readonly #parse: (source: string) => RegexNode
  /** Compiled when first asked, as a Unicode class costs up to 0.16 ms. */
  #regex: RegExp | null = null
  #slots: Slots | null = null
  #linear: LinearRegex | null = null
  /** Longer texts are for the linear engine; below zero until compiled. */
  #maxLength = -1

  /**
   * @param parse reads the source once more when it is first asked: many routes never match, and a tree takes three
   *   times the memory of all else that a route needs
   * @param isAnchored a match begins with the text
   */
  constructor(source: string, parse: (source: string) => RegexNode, isAnchored: boolean) {
    this.#source = source
    this.#parse = parse
    this.#isAnchored = isAnchored
  }

  // HOT PATH
  exec(text: string): RegExpExecArray | null {
    if (text.length > this.#maxLength) return this.#execLong(text)
    const match = this.#regex?.exec(text) ?? null
    return match === null || this.#slots === null ? match : inPlace(match, this.#slots)
  }

  // HOT PATH
  test(text: string): boolean {
    if (text.length > this.#maxLength) return this.#execLong(text) !== null
    return this.#regex?.test(text) ?? false
  }

  #execLong(text: string): RegExpExecArray | null {
    if (this.#regex === null) {
      this.#compile(this.#parse(this.#source))
      return this.exec(text)
    }
    return this.#linear?.exec(text) ?? null
  }

  #compile(tree: RegexNode): void {
    const { source, slots } = emitRegex(tree)
    // Kong puts a bare `^` in front, which leaves all but the first of several top-level alternatives free to match
    // anywhere in the path. Anchoring them all is what its documentation says.
    this.#regex = new RegExp(this.#isAnchored ? `^(?:${source})` : source, 'v')
    this.#slots = slots
    const length = safeLength(tree, this.#isAnchored)
    this.#linear = length === Infinity ? null : LinearRegex.of(tree, this.#isAnchored)
    // Without a linear engine V8's has to do; `gw lint` names such patterns.
    this.#maxLength = this.#linear === null ? Infinity : length
  }
}

/** Whether no text can make a `Matcher` run away, as the linear engine could take over. */
export function isLinear(tree: RegexNode, isAnchored: boolean): boolean {
  return LinearRegex.of(tree, isAnchored) !== null
}

/** Up to which length of the text V8 answers as it should and in time; Infinity for any. */
function safeLength(tree: RegexNode, isAnchored: boolean): number {
  if (!isRegular(tree)) return Infinity
  if (loopsDiffer(tree)) return -1
  const power = costPower(tree, isAnchored)
  if (power === 1) return Infinity
  if (power === Infinity) return Math.floor(Math.log2(MAX_STEPS))
  // Loops that share a text of length n between them can do so in n^power / power! ways.
  let factorial = 1
  for (let i = 2; i <= power; i++) factorial *= i
  return Math.floor((MAX_STEPS * factorial) ** (1 / power))
}

/**
 * Whether loops mean something else in JavaScript: it forgets the text of a group that the last round has passed by,
 * and does not count a round that takes nothing.
 */
function loopsDiffer(node: RegexNode): boolean {
  if (node.kind === 'repeat') {
    const { item, mark } = node
    const isLoop = maxOf(mark) > 1
    // regex-emit.ts leaves a plain `?` out that changes nothing.
    const isLeftOut = mark === '?' && isNullable(item, true)
    const skipsNothing = isNullable(item) && !isLeftOut
    if (isLoop && (skipsNothing || hasOptionalGroup(item, false))) return true
    if (skipsNothing && hasOptionalGroup(item, true)) return true
  }
  return childrenOf(node).some(loopsDiffer)
}

function hasOptionalGroup(node: RegexNode, isOptional: boolean): boolean {
  if (node.kind === 'group' && node.capture !== null && isOptional) return true
  const mayPass = isOptional || node.kind === 'choice' || (node.kind === 'repeat' && node.min === 0)
  return childrenOf(node).some((child) => hasOptionalGroup(child, mayPass))
}

/** The groups of the pattern, out of those of the RegExp. */
function inPlace(match: RegExpExecArray, { byNumber, names }: Slots): RegExpExecArray {
  const texts = Array.from(byNumber, (places) =>
    places.map((place) => match[place]).find((text) => text !== undefined),
  )
  return toMatch(texts, names, match.input, match.index)
}
