// Finds regular expressions that can run away: whose time doubles with every few characters of a text that does not
// match in the end, as JavaScript tries one way after the other.
//
// That is so when a loop can take the same text in two ways (exponential ambiguity): two ways from a position of the
// loop back to it that read the same characters. Both ways at once are a walk through pairs of positions. It counts
// only where the match can still fail, so positions after which it is complete are left out. Patterns that merely take
// time in proportion to a power of the text's length, such as `.*a.*b$`, are not meant.
import { componentsOf, wayBetween, type Successors } from '../graph.js'
import { withinTime } from '../within-time.js'
import { positionsOf, type Positions } from './positions.js'
import { emitRegex } from './regex-emit.js'
import { ANY } from './regex-class.js'
import { childrenOf, isRegular, maxOf, type RegexNode } from './regex-tree.js'

export interface Runaway {
  /** What leads to the loop. */
  readonly prefix: string
  /** Doubles the time, or more, each time that it is added. */
  readonly pump: string
}

interface Options {
  /** A match has to reach the end of the text. */
  readonly whole?: boolean
}

/** Steps through pairs and triples of positions; above it nothing is said. */
const MAX_STEPS = 500_000

/** Null when there is nothing to fear for V8's engine, and when it cannot be told: for too large a pattern. */
export function findRunaway(tree: RegexNode, { whole = false }: Options = {}): Runaway | null {
  if (!hasVaryingLoop(tree)) return null
  const positions = positionsOf(tree, whole)
  const found = positions === null ? null : new Search(positions).find()
  // What looks around, or holds on to what it has, may not go the way that the positions show.
  return found === null || isRegular(tree) || doesRunAway(tree, found) ? found : null
}

const PROOF_PUMPS = 60
const PROOF_MS = 40

function doesRunAway(tree: RegexNode, { prefix, pump }: Runaway): boolean {
  const regex = new RegExp(`^(?:${emitRegex(tree).source})`, 'v')
  const texts = ['\0', ''].map((end) => prefix + pump.repeat(PROOF_PUMPS) + end)
  return texts.some((text) => !withinTime(PROOF_MS, () => regex.exec(text)))
}

/**
 * How much V8's engine can take for a text of length n: n to this power, or Infinity for more than any power, and for
 * what cannot be told.
 *
 * A second loop adds to the power when both can go on over the same text and the first can end anywhere in it
 * (polynomial ambiguity): a walk through triples of positions, one copy that stays in the first loop, one that goes
 * from the first to the second, one that stays in the second. A match that may begin anywhere is one more such loop.
 */
export function costPower(tree: RegexNode, isAnchored: boolean): number {
  const whole = isAnchored ? tree : beginningAnywhere(tree)
  if (countLoops(whole) < 2 && !hasVaryingLoop(whole)) return 1
  const positions = positionsOf(whole, false)
  return positions === null ? Infinity : new Search(positions).power()
}

function beginningAnywhere(tree: RegexNode): RegexNode {
  const item: RegexNode = { kind: 'class', source: ANY }
  return { kind: 'sequence', items: [{ kind: 'repeat', item, min: 0, mark: '*?' }, tree] }
}

function countLoops(node: RegexNode): number {
  const own = node.kind === 'repeat' && maxOf(node.mark) > 1 ? 1 : 0
  return childrenOf(node).reduce((sum, child) => sum + countLoops(child), own)
}

/** A loop with a loop or a choice inside: nearly all patterns have none, and are done with here. */
function hasVaryingLoop(node: RegexNode, isInLoop = false): boolean {
  switch (node.kind) {
    case 'literal':
    case 'class':
    case 'assertion':
      return false
    case 'reference':
      return isInLoop
    case 'group':
    case 'look':
    case 'atomic':
      return hasVaryingLoop(node.body, isInLoop)
    case 'choice':
      return isInLoop || node.items.some((item) => hasVaryingLoop(item))
    case 'sequence':
      return node.items.some((item) => hasVaryingLoop(item, isInLoop))
    case 'repeat':
      return isInLoop || hasVaryingLoop(node.item, maxOf(node.mark) > 1)
  }
}

class TooManySteps extends Error {}

class Search {
  readonly #positions: Positions
  readonly #size: number
  /** The loop that each position is in; positions after which the match is complete are in none. */
  readonly #loops: Int32Array
  #steps = 0

  constructor(positions: Positions) {
    this.#positions = positions
    this.#size = positions.sets.length
    this.#loops = componentsOf(this.#size, this.#next)
  }

  find(): Runaway | null {
    try {
      return this.#findTwoEdges() ?? this.#findTwoWays()
    } catch (error) {
      if (error instanceof TooManySteps) return null
      throw error
    }
  }

  power(): number {
    try {
      if (this.#findTwoEdges() !== null || this.#findTwoWays() !== null) return Infinity
      return this.#longestChain()
    } catch (error) {
      if (error instanceof TooManySteps) return Infinity
      throw error
    }
  }

  /** The most loops that can share a text between them. */
  #longestChain(): number {
    const loops = new Map<number, number[]>()
    for (let position = 0; position < this.#size; position++) {
      if ([...this.#nextInLoop(position)].length === 0) continue
      const loop = this.#loops[position] ?? 0
      const members = loops.get(loop)
      if (members === undefined) loops.set(loop, [position])
      else members.push(position)
    }
    // Tarjan numbers a component before those that lead to it.
    const chains = new Map<number, number>()
    let longest = 1
    for (const [loop, members] of [...loops].sort(([a], [b]) => a - b)) {
      let length = 1
      for (const [later, chain] of chains) {
        if (chain < length) continue
        if (this.#areChained(members, loops.get(later) ?? [])) length = chain + 1
      }
      chains.set(loop, length)
      longest = Math.max(longest, length)
    }
    return longest
  }

  #areChained(first: readonly number[], second: readonly number[]): boolean {
    return first.some((p) => second.some((q) => this.#canPass(p, q)))
  }

  /** Whether one text leads from p back to p, from p to q, and from q back to q. */
  #canPass(p: number, q: number): boolean {
    const size = this.#size
    const goal = (p * size + q) * size + q
    const successors: Successors = (triple) => {
      const last = triple % size
      const middle = Math.floor(triple / size) % size
      const first = Math.floor(triple / size / size)
      const found: number[] = []
      for (const a of this.#nextInLoop(first)) {
        for (const c of this.#nextInLoop(last)) {
          const shared = this.#setOf(a) & this.#setOf(c)
          if (shared === 0n) continue
          for (const b of this.#next(middle)) {
            if (++this.#steps > MAX_STEPS) throw new TooManySteps()
            if ((shared & this.#setOf(b)) !== 0n) found.push((a * size + b) * size + c)
          }
        }
      }
      return found
    }
    return wayBetween([(p * size + p) * size + q], goal, successors) !== null
  }

  readonly #next: Successors = (position) => {
    const { follow, last } = this.#positions
    if (last.has(position)) return []
    return [...(follow[position]?.keys() ?? [])].filter((next) => !last.has(next))
  }

  readonly #nextInLoop: Successors = (position) =>
    [...this.#next(position)].filter((next) => this.#loops[next] === this.#loops[position])

  /** One step that the pattern can take in two ways, as in (a+)+. */
  #findTwoEdges(): Runaway | null {
    for (let from = 0; from < this.#size; from++) {
      for (const to of this.#nextInLoop(from)) {
        if (this.#positions.follow[from]?.get(to) !== 2) continue
        const back = to === from ? [] : wayBetween([to], from, this.#nextInLoop)
        const found = back === null ? null : this.#describe(to, this.#setsOf([...back, to]))
        if (found !== null) return found
      }
    }
    return null
  }

  /** Two ways through different positions that read the same, as in (a|ab?b?)+ with a, b. */
  #findTwoWays(): Runaway | null {
    const size = this.#size
    const components = componentsOf(size * size, this.#nextPairs)
    const diagonals = new Map<number | undefined, number>()
    for (let at = 0; at < size; at++) diagonals.set(components[at * size + at], at)
    for (let a = 0; a < size; a++) {
      for (let b = a + 1; b < size; b++) {
        const pair = a * size + b
        const at = diagonals.get(components[pair])
        if (at === undefined) continue
        const own = at * size + at
        const there = wayBetween([own], pair, this.#nextPairs)
        const back = wayBetween([pair], own, this.#nextPairs)
        if (there === null || back === null) continue
        const found = this.#describe(at, this.#setsOfPairs([...there, ...back]))
        if (found !== null) return found
      }
    }
    return null
  }

  readonly #nextPairs: Successors = (pair) => {
    const size = this.#size
    const [a, b] = [Math.floor(pair / size), pair % size]
    if (this.#loops[a] !== this.#loops[b]) return []
    const found: number[] = []
    for (const nextA of this.#nextInLoop(a)) {
      for (const nextB of this.#nextInLoop(b)) {
        if (++this.#steps > MAX_STEPS) throw new TooManySteps()
        if ((this.#setOf(nextA) & this.#setOf(nextB)) === 0n) continue
        found.push(nextA <= nextB ? nextA * size + nextB : nextB * size + nextA)
      }
    }
    return found
  }

  /** @param pump the sets of characters that lead from the position back to it */
  #describe(position: number, pump: readonly bigint[]): Runaway | null {
    const way = this.#wayTo(position)
    if (way === null) return null
    const prefix = way.map((one) => this.#positions.charsOf(this.#setOf(one))[0] ?? '')
    // One character of a loop may lead out of it, as b in [ab]+b, where another does not.
    for (const pick of [0, -1]) {
      const text = pump.map((set) => this.#positions.charsOf(set).at(pick) ?? '')
      if (text.includes('') || this.#canMatch(prefix, [...text, ...text, ...text])) continue
      return { prefix: prefix.join(''), pump: text.join('') }
    }
    return null
  }

  #wayTo(position: number): readonly number[] | null {
    const { first, follow } = this.#positions
    if (first.includes(position)) return [position]
    for (const start of first) {
      const rest = wayBetween([start], position, (from) => follow[from]?.keys() ?? [])
      if (rest !== null) return [start, ...rest]
    }
    return null
  }

  /** Whether the match can be complete within the loop's text: then there is little to try again. */
  #canMatch(prefix: readonly string[], text: readonly string[]): boolean {
    const { first, follow, last, sets } = this.#positions
    let next = new Set(first)
    for (const [index, char] of [...prefix, ...text].entries()) {
      const set = this.#positions.setOfChar(char)
      const reached = [...next].filter((position) => ((sets[position] ?? 0n) & set) !== 0n)
      if (index >= prefix.length && reached.some((position) => last.has(position))) return true
      next = new Set(reached.flatMap((position) => [...(follow[position]?.keys() ?? [])]))
    }
    return false
  }

  #setsOf(way: readonly number[]): bigint[] {
    return way.map((position) => this.#setOf(position))
  }

  #setsOfPairs(way: readonly number[]): bigint[] {
    const size = this.#size
    return way.map((pair) => this.#setOf(Math.floor(pair / size)) & this.#setOf(pair % size))
  }

  #setOf(position: number): bigint {
    return this.#positions.sets[position] ?? 0n
  }
}
