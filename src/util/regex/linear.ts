// Matches a regular expression in time that grows with the text and no faster: all ways through the pattern at once,
// character by character (Pike's virtual machine). Slower than V8's engine on what that one does well, so it is for
// long texts and patterns that could run away; matcher.ts decides.
import { ASSERT, CHARACTER, compileProgram, END, SAVE, SPLIT, type Program } from './program.js'
import type { RegexNode } from './regex-tree.js'

/** The ways that are open at a place of the text, the preferred first, each with its groups' places. */
class Ways {
  /** Instructions; no two ways stand at the same one. */
  readonly list: Int32Array
  readonly slots: Int32Array[]
  readonly #places: Int32Array
  size = 0

  constructor(size: number) {
    this.list = new Int32Array(size)
    this.slots = new Array<Int32Array>(size)
    this.#places = new Int32Array(size)
  }

  /** False when a way that is preferred stands there. */
  add(instruction: number, slots: Int32Array): boolean {
    const place = this.#places[instruction] ?? 0
    if (place < this.size && this.list[place] === instruction) return false
    this.#places[instruction] = this.size
    this.list[this.size] = instruction
    this.slots[this.size++] = slots
    return true
  }
}

export class LinearRegex {
  readonly #program: Program
  readonly #isAnchored: boolean
  #now: Ways
  #next: Ways

  private constructor(program: Program, isAnchored: boolean) {
    this.#program = program
    this.#isAnchored = isAnchored
    this.#now = new Ways(program.ops.length)
    this.#next = new Ways(program.ops.length)
  }

  /** Null for a pattern that is not regular, or that is too large for it. */
  static of(tree: RegexNode, isAnchored: boolean): LinearRegex | null {
    const program = compileProgram(tree)
    return program === null ? null : new LinearRegex(program, isAnchored)
  }

  exec(text: string): RegExpExecArray | null {
    const slots = this.#run(text)
    return slots === null ? null : this.#toMatch(text, slots)
  }

  #run(text: string): Int32Array | null {
    let best: Int32Array | null = null
    this.#now.size = 0
    for (let at = 0; ;) {
      if (best === null && (at === 0 || !this.#isAnchored)) {
        this.#follow(this.#now, 0, text, at, this.#beginAt(at))
      }
      if (this.#now.size === 0 && (best !== null || this.#isAnchored)) return best
      const code = text.codePointAt(at) ?? -1
      const after = at + (code > 0xffff ? 2 : 1)
      best = this.#step(text, at, after, code) ?? best
      if (code < 0) return best
      at = after
      const done = this.#now
      this.#now = this.#next
      this.#next = done
    }
  }

  /** Every way takes the character, or ends; returns the groups of the first that has matched. */
  #step(text: string, at: number, after: number, code: number): Int32Array | null {
    const { ops, x, tests } = this.#program
    const { list, slots, size } = this.#now
    this.#next.size = 0
    for (let i = 0; i < size; i++) {
      const instruction = list[i] ?? 0
      const op = ops[instruction]
      const own = slots[i]
      if (own === undefined) continue
      if (op === END) return withEnd(own, at) // all others are less preferred
      if (op !== CHARACTER || code < 0) continue
      if (tests[x[instruction] ?? 0]?.has(code) !== true) continue
      this.#follow(this.#next, instruction + 1, text, after, own)
    }
    return null
  }

  /** Adds what can be reached without taking a character. */
  #follow(ways: Ways, start: number, text: string, at: number, slots: Int32Array): void {
    const { ops, x, y, assertions } = this.#program
    let instruction = start
    let own = slots
    while (ways.add(instruction, own)) {
      const value = x[instruction] ?? 0
      switch (ops[instruction]) {
        case SPLIT:
          this.#follow(ways, value, text, at, own)
          instruction = y[instruction] ?? 0
          continue
        case SAVE:
          own = own.slice()
          own[value] = at
          break
        case ASSERT: {
          const assertion = assertions[value]
          if (assertion === undefined) return
          assertion.lastIndex = at
          if (!assertion.test(text)) return
          break
        }
        default:
          return
      }
      instruction++
    }
  }

  #beginAt(at: number): Int32Array {
    const slots = new Int32Array(this.#program.slots).fill(-1)
    slots[0] = at
    return slots
  }

  #toMatch(text: string, slots: Int32Array): RegExpExecArray {
    const texts: (string | undefined)[] = []
    for (let slot = 0; slot < slots.length; slot += 2) {
      const from = slots[slot] ?? -1
      const to = slots[slot + 1] ?? -1
      texts.push(from < 0 || to < 0 ? undefined : text.slice(from, to))
    }
    return toMatch(texts, this.#program.names, text, slots[0] ?? 0)
  }
}

function withEnd(slots: Int32Array, at: number): Int32Array {
  const ended = slots.slice()
  ended[1] = at
  return ended
}

/**
 * What a RegExp would return.
 * @param texts of all groups, from the whole match on
 * @param names of groups that share a name, the first that took part counts
 */
export function toMatch(
  texts: readonly (string | undefined)[],
  names: readonly (readonly [name: string, number: number])[],
  input: string,
  index: number,
): RegExpExecArray {
  const groups = Object.create(null) as Record<string, string>
  for (const [name, number] of names) {
    const value = texts[number]
    if (value !== undefined) groups[name] ??= value
  }
  const [whole = '', ...rest] = texts
  const match: [string, ...(string | undefined)[]] = [whole, ...rest]
  // Groups that took no part are undefined, and so are the names of a pattern without any: TypeScript's type of what
  // exec returns does not say either.
  return Object.assign(match, {
    index,
    input,
    groups: names.length === 0 ? undefined : groups,
  }) as RegExpExecArray
}
