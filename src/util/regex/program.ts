// A regular expression as a list of instructions, for linear.ts.
import { foldsOf } from './regex-class.js'
import { isNullable, maxOf, type Capture, type RegexNode } from './regex-tree.js'

/** Takes a character that the test `x` allows, and goes on behind. */
export const CHARACTER = 0
/** Goes on at `x`, and when that comes to nothing at `y`. */
export const SPLIT = 1
/** Notes the place in slot `x`, and goes on behind. */
export const SAVE = 2
/** Goes on behind when the assertion `x` holds. */
export const ASSERT = 3
/** The pattern has matched. */
export const END = 4

export interface Program {
  readonly ops: Uint8Array
  readonly x: Int32Array
  readonly y: Int32Array
  readonly tests: readonly CharacterTest[]
  /** Sticky. */
  readonly assertions: readonly RegExp[]
  /** Two for each group and the whole match. */
  readonly slots: number
  readonly names: readonly (readonly [name: string, number: number])[]
}

/** Counted repetitions are written out. What is longer would take too long for each character. */
const MAX_INSTRUCTIONS = 2_000

/** Null for a pattern that would be too long, or that is not regular. */
export function compileProgram(tree: RegexNode): Program | null {
  const compiler = new Compiler()
  return compiler.add(tree) ? compiler.program() : null
}

class Compiler {
  readonly #ops: number[] = []
  readonly #x: number[] = []
  readonly #y: number[] = []
  readonly #tests: CharacterTest[] = []
  readonly #testNumbers = new Map<string, number>()
  readonly #assertions: RegExp[] = []
  readonly #names: (readonly [name: string, number: number])[] = []
  #groups = 0

  program(): Program {
    this.#put(END)
    return {
      ops: Uint8Array.from(this.#ops),
      x: Int32Array.from(this.#x),
      y: Int32Array.from(this.#y),
      tests: this.#tests,
      assertions: this.#assertions,
      slots: 2 * (this.#groups + 1),
      names: this.#names,
    }
  }

  /** False when it cannot be. */
  add(node: RegexNode): boolean {
    if (this.#ops.length > MAX_INSTRUCTIONS) return false
    switch (node.kind) {
      case 'literal':
        this.#put(CHARACTER, this.#literalTest(node.char, node.fold))
        return true
      case 'class':
        this.#put(CHARACTER, this.#test(node.source))
        return true
      case 'assertion':
        this.#put(ASSERT, this.#assertions.push(new RegExp(node.source, 'vy')) - 1)
        return true
      case 'group':
        return this.#group(node.capture, node.body)
      case 'sequence':
        return node.items.every((item) => this.add(item))
      case 'choice':
        return this.#choice(node.items)
      case 'repeat':
        return this.#repeat(node)
      case 'look':
      case 'atomic':
      case 'reference':
        return false
    }
  }

  #put(op: number, x = 0, y = 0): number {
    this.#x.push(x)
    this.#y.push(y)
    return this.#ops.push(op) - 1
  }

  /** A split whose ways are both known later; the first is the preferred one. */
  #aim(split: number, isLazy: boolean, inside: number, behind: number): void {
    this.#x[split] = isLazy ? behind : inside
    this.#y[split] = isLazy ? inside : behind
  }

  #group(capture: Capture | null, body: RegexNode): boolean {
    if (capture === null) return this.add(body)
    const { number, name } = capture
    const isNew = !this.#names.some(([known, at]) => known === name && at === number)
    if (name !== null && isNew) this.#names.push([name, number])
    this.#groups = Math.max(this.#groups, number)
    this.#put(SAVE, 2 * number)
    const isDone = this.add(body)
    this.#put(SAVE, 2 * number + 1)
    return isDone
  }

  #choice(items: readonly RegexNode[]): boolean {
    const ends: number[] = []
    for (const [index, item] of items.entries()) {
      const isLast = index === items.length - 1
      const split = isLast ? -1 : this.#put(SPLIT)
      if (!this.add(item)) return false
      if (isLast) break
      ends.push(this.#put(SPLIT))
      this.#aim(split, false, split + 1, this.#ops.length)
    }
    for (const end of ends) this.#aim(end, false, this.#ops.length, this.#ops.length)
    return true
  }

  #repeat({ item, min, mark }: Extract<RegexNode, { kind: 'repeat' }>): boolean {
    const max = maxOf(mark)
    const isLazy = mark.length > 1 && mark.endsWith('?')
    const isOpen = max === Infinity
    for (let i = 0; i < (isOpen ? min - 1 : min); i++) if (!this.add(item)) return false
    if (!isOpen) return this.#atMost(item, max - min, isLazy)
    // A loop that may go round without taking anything is `(x+)?`, as in Rust: so the empty round counts once.
    if (min > 0) return this.#loop(item, isLazy)
    const split = this.#put(SPLIT)
    if (isNullable(item)) {
      if (!this.#loop(item, isLazy)) return false
    } else {
      if (!this.add(item)) return false
      this.#aim(this.#put(SPLIT), false, split, split)
    }
    this.#aim(split, isLazy, split + 1, this.#ops.length)
    return true
  }

  /** Once or more. */
  #loop(item: RegexNode, isLazy: boolean): boolean {
    const start = this.#ops.length
    if (!this.add(item)) return false
    const split = this.#put(SPLIT)
    this.#aim(split, isLazy, start, split + 1)
    return true
  }

  #atMost(item: RegexNode, count: number, isLazy: boolean): boolean {
    const splits: number[] = []
    for (let i = 0; i < count; i++) {
      splits.push(this.#put(SPLIT))
      if (!this.add(item)) return false
    }
    for (const split of splits) this.#aim(split, isLazy, split + 1, this.#ops.length)
    return true
  }

  #literalTest(char: string, fold: boolean): number {
    const forms = fold ? [char, ...foldsOf(char)] : [char]
    return this.#test(`[${forms.map(escapeCode).join('')}]`)
  }

  #test(source: string): number {
    let number = this.#testNumbers.get(source)
    if (number === undefined) {
      number = this.#tests.push(new CharacterTest(source)) - 1
      this.#testNumbers.set(source, number)
    }
    return number
  }
}

function escapeCode(char: string): string {
  return `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`
}

/** Where the bytes end that a pattern of PCRE looks at. */
const SMALL = 256

/** Whether a character belongs to a class. Made ready when first asked: most patterns are only looked at. */
export class CharacterTest {
  readonly #source: string
  #pattern: RegExp | null = null
  #small: Uint8Array | null = null

  /** @param source a class in the syntax of flag `v` */
  constructor(source: string) {
    this.#source = source
  }

  has(code: number): boolean {
    if (code < SMALL) return (this.#small ??= this.#smallOnes())[code] === 1
    return this.#test(code)
  }

  #smallOnes(): Uint8Array {
    return Uint8Array.from({ length: SMALL }, (_, code) => (this.#test(code) ? 1 : 0))
  }

  #test(code: number): boolean {
    this.#pattern ??= new RegExp(`^${this.#source}$`, 'v')
    return this.#pattern.test(String.fromCodePoint(code))
  }
}
