// Lua's patterns (Lua 5.1 manual, 5.4.1): character classes, repetition of one class, captures, %b, %f. Backtracking, as
// in lstrlib.c, with a bound on the work, since the subject comes from a client.
import { LuaError } from './values.js'

/** Steps of matching for one call; a pattern that is not made to hurt takes a few for each byte. */
const MAX_STEPS = 200_000
const MAX_CAPTURES = 32
/** LuaJIT: LJ_MAX_XLEVEL; bounds our stack as well. */
const MAX_DEPTH = 200

export interface PatternMatch {
  readonly start: number
  /** Behind the last byte. */
  readonly end: number
  /** Texts, or positions for `()`; without captures the whole match. */
  readonly captures: readonly (string | number)[]
}

const UNCLOSED = -1
const POSITION = -2

interface Capture {
  start: number
  length: number
}

const CLASSES: Readonly<Record<string, RegExp>> = {
  a: /[A-Za-z]/,
  c: /[\0-\x1f\x7f]/,
  d: /[0-9]/,
  g: /[!-~]/,
  l: /[a-z]/,
  p: /[!-/:-@[-`{-~]/,
  s: /[\t-\r ]/,
  u: /[A-Z]/,
  w: /[A-Za-z0-9]/,
  x: /[A-Fa-f0-9]/,
  z: /\0/,
}

export class PatternMatcher {
  readonly #subject: string
  readonly #pattern: string
  readonly #isAnchored: boolean
  #captures: Capture[] = []
  #steps = 0
  #depth = 0

  constructor(subject: string, pattern: string) {
    this.#subject = subject
    this.#isAnchored = pattern.startsWith('^')
    this.#pattern = pattern
  }

  /** The first match at `from` or behind it. */
  find(from: number): PatternMatch | undefined {
    const last = this.#isAnchored ? from : this.#subject.length
    for (let start = from; start <= last; start++) {
      this.#captures = []
      this.#depth = 0
      const end = this.#match(start, this.#isAnchored ? 1 : 0)
      if (end !== undefined) return { start, end, captures: this.#captured(start, end) }
    }
    return undefined
  }

  get isAnchored(): boolean {
    return this.#isAnchored
  }

  #captured(start: number, end: number): (string | number)[] {
    if (this.#captures.length === 0) return [this.#subject.slice(start, end)]
    return this.#captures.map((capture) => {
      if (capture.length === POSITION) return capture.start + 1
      if (capture.length === UNCLOSED) throw new LuaError('unfinished capture')
      return this.#subject.slice(capture.start, capture.start + capture.length)
    })
  }

  /** Where the match ends that begins at `s` with the rest of the pattern from `p` on. */
  #match(s: number, p: number): number | undefined {
    if (++this.#depth > MAX_DEPTH) throw new LuaError('pattern too complex')
    const end = this.#matchHere(s, p)
    this.#depth--
    return end
  }

  #matchHere(from: number, at: number): number | undefined {
    let [s, p] = [from, at]
    for (;;) {
      this.#countStep()
      if (p === this.#pattern.length) return s
      const char = this.#pattern[p]
      if (char === '(') return this.#open(s, p)
      if (char === ')') return this.#close(s, p + 1)
      if (char === '$' && p + 1 === this.#pattern.length) {
        return s === this.#subject.length ? s : undefined
      }
      const special = char === '%' ? this.#pattern[p + 1] : undefined
      if (special === 'b' || special === 'f' || /^[0-9]$/.test(special ?? '')) {
        const next = this.#special(special ?? '', s, p)
        if (next === undefined) return undefined
        s = next
        p = special === 'f' ? this.#classEnd(p + 2) : p + (special === 'b' ? 4 : 2)
        continue
      }
      const classEnd = this.#classEnd(p)
      const repeat = this.#pattern[classEnd]
      if (repeat === '*') return this.#repeat(s, p, classEnd, 0)
      if (repeat === '+') return this.#repeat(s, p, classEnd, 1)
      if (repeat === '-') return this.#repeatLazily(s, p, classEnd)
      const isHere = this.#isInClass(s, p, classEnd)
      if (repeat === '?') {
        const end = isHere ? this.#match(s + 1, classEnd + 1) : undefined
        if (end !== undefined) return end
        p = classEnd + 1
      } else if (!isHere) return undefined
      else [s, p] = [s + 1, classEnd]
    }
  }

  #countStep(): void {
    if (++this.#steps > MAX_STEPS) throw new LuaError('pattern takes too long')
  }

  #repeat(s: number, p: number, classEnd: number, least: number): number | undefined {
    let count = 0
    while (this.#isInClass(s + count, p, classEnd)) {
      this.#countStep()
      count++
    }
    for (; count >= least; count--) {
      const end = this.#match(s + count, classEnd + 1)
      if (end !== undefined) return end
    }
    return undefined
  }

  #repeatLazily(from: number, p: number, classEnd: number): number | undefined {
    for (let s = from; ; s++) {
      const end = this.#match(s, classEnd + 1)
      if (end !== undefined) return end
      if (!this.#isInClass(s, p, classEnd)) return undefined
    }
  }

  #open(s: number, p: number): number | undefined {
    if (this.#captures.length === MAX_CAPTURES) throw new LuaError('too many captures')
    const isPosition = this.#pattern[p + 1] === ')'
    this.#captures.push({ start: s, length: isPosition ? POSITION : UNCLOSED })
    const end = this.#match(s, p + (isPosition ? 2 : 1))
    if (end === undefined) this.#captures.pop()
    return end
  }

  #close(s: number, p: number): number | undefined {
    const capture = this.#captures.findLast(({ length }) => length === UNCLOSED)
    if (capture === undefined) throw new LuaError('invalid pattern capture')
    capture.length = s - capture.start
    const end = this.#match(s, p)
    if (end === undefined) capture.length = UNCLOSED
    return end
  }

  /** %b, %f and %1 to %9: where the subject goes on. */
  #special(special: string, s: number, p: number): number | undefined {
    if (special === 'b') return this.#balanced(s, p + 2)
    if (special === 'f') return this.#frontier(s, p + 2)
    const capture = this.#captures[Number(special) - 1]
    if (capture === undefined || capture.length < 0) throw new LuaError('invalid capture index')
    const text = this.#subject.slice(capture.start, capture.start + capture.length)
    return this.#subject.startsWith(text, s) ? s + text.length : undefined
  }

  #balanced(s: number, p: number): number | undefined {
    const [open, close] = [this.#pattern[p], this.#pattern[p + 1]]
    if (open === undefined || close === undefined) throw new LuaError('unbalanced pattern')
    if (this.#subject[s] !== open) return undefined
    let depth = 1
    for (let i = s + 1; i < this.#subject.length; i++) {
      this.#countStep()
      if (this.#subject[i] === close) {
        if (--depth === 0) return i + 1
      } else if (this.#subject[i] === open) depth++
    }
    return undefined
  }

  #frontier(s: number, p: number): number | undefined {
    if (this.#pattern[p] !== '[') throw new LuaError("missing '[' after '%f' in pattern")
    const end = this.#classEnd(p) - 1
    const before = this.#subject[s - 1] ?? '\0'
    const here = this.#subject[s] ?? '\0'
    return !this.#isInSet(before, p, end) && this.#isInSet(here, p, end) ? s : undefined
  }

  /** Behind the class that begins at `p`. */
  #classEnd(p: number): number {
    const char = this.#pattern[p]
    if (char === '%') {
      if (p + 1 >= this.#pattern.length) throw new LuaError("malformed pattern (ends with '%')")
      return p + 2
    }
    if (char !== '[') return p + 1
    let at = this.#pattern[p + 1] === '^' ? p + 2 : p + 1
    do {
      if (at >= this.#pattern.length) throw new LuaError("malformed pattern (missing ']')")
      at += this.#pattern[at] === '%' ? 2 : 1
    } while (this.#pattern[at] !== ']')
    return at + 1
  }

  #isInClass(s: number, p: number, classEnd: number): boolean {
    const char = this.#subject[s]
    if (char === undefined) return false
    switch (this.#pattern[p]) {
      case '.':
        return true
      case '%':
        return isOfClass(char, this.#pattern[p + 1] ?? '')
      case '[':
        return this.#isInSet(char, p, classEnd - 1)
      default:
        return this.#pattern[p] === char
    }
  }

  /** @param end where the closing bracket stands */
  #isInSet(char: string, p: number, end: number): boolean {
    const isNegated = this.#pattern[p + 1] === '^'
    for (let at = isNegated ? p + 2 : p + 1; at < end; at++) {
      this.#countStep()
      const from = this.#pattern[at] ?? ''
      if (from === '%') {
        at++
        if (isOfClass(char, this.#pattern[at] ?? '')) return !isNegated
      } else if (this.#pattern[at + 1] === '-' && at + 2 < end) {
        at += 2
        if (from <= char && char <= (this.#pattern[at] ?? '')) return !isNegated
      } else if (from === char) return !isNegated
    }
    return isNegated
  }
}

/** @param letter behind the percent sign; in upper case it means all others */
function isOfClass(char: string, letter: string): boolean {
  const lower = letter.toLowerCase()
  const known = Object.hasOwn(CLASSES, lower) ? CLASSES[lower] : undefined
  if (known === undefined) return letter === char
  return known.test(char) === (letter === lower)
}
