// Reads a regular expression in the dialect of PCRE2 10.44, which Kong's flavour traditional and its plugins have.
// What JavaScript cannot carry is refused; nothing is read as what it does not mean.
import { ANY, LAST_LINE_END, LINE_END, LINE_START } from './regex-class.js'
import {
  readClass,
  readEscape,
  unsupported,
  withoutQuotes,
  type CharacterRules,
} from './pcre-escape.js'
import { EDGES, lengthOf, LINE_BREAK, NO_FLAGS, readFlags, readRepetition } from './pcre-pieces.js'
import { PcreGroups, readClosedName, readName, readTarget, type Target } from './pcre-groups.js'
import type { Capture, LookAround, RegexNode } from './regex-tree.js'
import { TextReader } from './text-reader.js'

/** The way out for a back-reference. */
const WRITE_OUT = 'write out what the group may be'
/** PCRE's own (PARENS_NEST_LIMIT). */
const MAX_DEPTH = 250
const MAX_LENGTH = 10_000
/** A group that is called is there once more; a few calls of calls would fill the memory. */
const MAX_ATOMS = 20_000
/** In a look-behind (PCRE2 10.43). */
const MAX_BEHIND = 255

const NAME_OPEN = /\?(?:P?<(?![=!])|')/y
const CALL = /\?(?:(R|[+-]?\d+)|&|P>)/y
const CALL_ESCAPE = /g(?=[<'])/y
const REFERENCE = /g(?:\{[ \t]*)?([+-]?\d+)|[1-9]\d*/y
const NAMED_REFERENCE = /k[<'{][ \t]*|g\{[ \t]*/y
const COMMENT = /\(\?#[^)]*\)/y
const BLANK_OR_COMMENT = /(?:[\t-\r ]|#[^\n]*(?:\n|$))+/y

export interface PcreOptions {
  /**
   * Characters are bytes, as in the router of Kong, which does not ask PCRE for UTF-8: pattern and text are then given
   * with a character for each byte.
   */
  readonly bytes: boolean
}

/**
 * @throws UnsupportedRegex for what PCRE takes and JavaScript cannot carry, Error for what PCRE refuses; both say what
 *   is wrong and where
 */
export function parsePcre(source: string, options: PcreOptions): RegexNode {
  if (source.length > MAX_LENGTH) throw new Error(`longer than ${MAX_LENGTH} characters`)
  const text = withoutQuotes(source)
  // Calls and references may name groups that come later.
  const groups = new PcreGroups()
  new PcreParser(text, options, groups).parse()
  groups.isComplete = true
  return new PcreParser(text, options, groups).parse()
}

class PcreParser {
  readonly #text: TextReader
  readonly #options: PcreOptions
  readonly #groups: PcreGroups
  #flags = NO_FLAGS
  #depth = 0
  #atoms = 0
  /** How many look-arounds this place is in, and how many that look behind. */
  #looks = 0
  #behind = 0

  constructor(source: string, options: PcreOptions, groups: PcreGroups) {
    this.#text = new TextReader(source)
    this.#options = options
    this.#groups = groups
  }

  parse(): RegexNode {
    this.#groups.begin()
    if (/^\(\*[A-Z]/.test(this.#text.text)) throw unsupported('(*...)')
    const tree = this.#choice()
    if (!this.#text.isAtEnd) this.#text.fail('unmatched closing parenthesis')
    return tree
  }

  /** @param isReset each alternative counts its groups from the same number on */
  #choice(isReset = false): RegexNode {
    const before = this.#groups.taken
    const first = this.#groups.count
    let last = first
    const items: RegexNode[] = []
    const ends: ReadonlySet<number>[] = []
    do {
      this.#groups.taken = before
      if (isReset) this.#groups.count = first
      items.push(this.#sequence())
      ends.push(this.#groups.taken)
      last = Math.max(last, this.#groups.count)
    } while (this.#text.eat('|'))
    this.#groups.count = last
    this.#groups.taken = new Set(
      [...(ends[0] ?? [])].filter((group) => ends.every((end) => end.has(group))),
    )
    const [only] = items
    return only !== undefined && items.length === 1 ? only : { kind: 'choice', items }
  }

  #sequence(): RegexNode {
    const items: RegexNode[] = []
    for (;;) {
      this.#skipBlanks()
      const next = this.#text.peek()
      if (next === '' || next === '|' || next === ')') return { kind: 'sequence', items }
      const before = this.#groups.taken
      const atom = this.#atom()
      if (atom === null) continue
      if (++this.#atoms > MAX_ATOMS) {
        throw unsupported('so large a pattern, with the groups that it calls', 'call fewer')
      }
      items.push(this.#repetition(atom, before))
    }
  }

  /** Null for what only sets flags. */
  #atom(): RegexNode | null {
    if (this.#quantifierAhead()) this.#text.fail('quantifier does not follow a repeatable item')
    const char = this.#text.take()
    switch (char) {
      case '(':
        return this.#group()
      case '[':
        if (/^:[^\]]*:\]/.test(this.#text.ahead(16))) {
          this.#text.fail('POSIX named classes are supported only within a class')
        }
        return { kind: 'class', source: readClass(this.#text, this.#rules()) }
      case '.':
        return { kind: 'class', source: this.#flags.s ? ANY : '[^\\n]' }
      case '^':
        return { kind: 'assertion', source: this.#flags.m ? LINE_START : '^' }
      case '$':
        return { kind: 'assertion', source: this.#flags.m ? LINE_END : LAST_LINE_END }
      case '\\':
        return this.#escaped()
      default:
        return this.#literal(char)
    }
  }

  #literal(char: string): RegexNode {
    const hasCase = !this.#options.bytes || char <= '\x7f'
    return { kind: 'literal', char, fold: this.#flags.i && hasCase }
  }

  #rules(): CharacterRules {
    return { fold: this.#flags.i, bytes: this.#options.bytes, skipsBlanks: this.#flags.xx }
  }

  #escaped(): RegexNode {
    const letter = this.#text.peek()
    const assertion = EDGES[letter]
    if (assertion !== undefined) {
      this.#text.skip(1)
      return { kind: 'assertion', source: assertion }
    }
    if (letter === 'G') throw unsupported('\\G', 'use \\A')
    if (this.#text.eat('K')) {
      if (this.#looks > 0) this.#text.fail('\\K is not allowed in lookarounds')
      // It moves the beginning of the match, which nobody here asks for: Kong counts from the end.
      return { kind: 'assertion', source: '' }
    }
    if (this.#text.eat('R')) return LINE_BREAK
    if (this.#text.match(CALL_ESCAPE) !== null)
      return this.#call(readTarget(this.#text, this.#groups))
    const named = this.#text.match(NAMED_REFERENCE)
    if (named !== null && (named[0].startsWith('k') || /[A-Za-z_]/.test(this.#text.peek()))) {
      return this.#reference(readClosedName(this.#text, named[0].charAt(1)))
    }
    if (named !== null) this.#text.skip(-named[0].length)
    return this.#numbered() ?? this.#character()
  }

  #character(): RegexNode {
    const escape = readEscape(this.#text, this.#rules())
    return escape.kind === 'class' ? escape : this.#literal(escape.char)
  }

  /** `\1`, `\g1`, `\g{-1}`; null for what is a character after all, as `\123` without so many groups. */
  #numbered(): RegexNode | null {
    const found = this.#text.match(REFERENCE)
    if (found === null) return null
    const [all, number = all] = found
    if (all.startsWith('g')) {
      if (all.includes('{') && !this.#text.eat('}')) this.#text.fail('missing } after \\g{')
    } else if (Number(all) > 9 && Number(all) > this.#groups.total && /^[0-7]/.test(all)) {
      this.#text.skip(-all.length)
      return null
    }
    return this.#reference(this.#groups.resolve(number))
  }

  #reference(target: Target): RegexNode {
    if (this.#flags.i) throw unsupported('a back-reference under (?i)', WRITE_OUT)
    if (this.#behind > 0) throw unsupported('a back-reference in a look-behind', WRITE_OUT)
    const number = this.#groups.refer(target, this.#text)
    return { kind: 'reference', number }
  }

  // --- groups

  #group(): RegexNode | null {
    if (++this.#depth > MAX_DEPTH) this.#text.fail('parentheses are too deeply nested')
    const outer = this.#flags
    const node = this.#groupBody()
    if (node !== null) {
      this.#close()
      this.#flags = outer
    }
    this.#depth--
    return node
  }

  #close(): void {
    if (!this.#text.eat(')')) this.#text.fail('missing closing parenthesis')
  }

  #groupBody(): RegexNode | null {
    const text = this.#text
    if (/^\*[A-Za-z:]/.test(text.ahead(2))) throw unsupported('(*...)')
    if (text.peek() !== '?') return this.#captured(null)
    const named = text.match(NAME_OPEN)
    if (named !== null) return this.#captured(readClosedName(text, named[0]).name)
    if (text.ahead(4).startsWith('?P=')) {
      text.skip(3)
      return this.#reference({ name: readName(text), number: null })
    }
    const call = text.match(CALL)
    if (call !== null) {
      const [, number] = call
      if (number === undefined) return this.#call({ name: readName(text), number: null })
      return this.#call(number === 'R' ? { name: null, number: 0 } : this.#groups.resolve(number))
    }
    return this.#special()
  }

  /** `(?:`, `(?=` and the like. */
  #special(): RegexNode | null {
    const text = this.#text
    const [, open = ''] = /^(\?(?:<[=!]|[=!>|(C]))/.exec(text.ahead(3)) ?? []
    text.skip(open.length)
    if (/^\?<?\*/.test(text.ahead(3))) throw unsupported('(?*...)')
    switch (open) {
      case '?=':
      case '?!':
      case '?<=':
      case '?<!':
        return this.#look(`(${open}`)
      case '?>':
        return this.#atomic(this.#choice())
      case '?|':
        return { kind: 'group', capture: null, body: this.#choice(true) }
      case '?(':
        throw unsupported('a conditional group', 'use alternatives')
      case '?C':
        throw unsupported('a callout')
    }
    const { flags, end } = readFlags(text, this.#flags)
    this.#flags = flags
    if (end === ')') return null // they hold until the enclosing group ends
    return { kind: 'group', capture: null, body: this.#choice() }
  }

  #captured(name: string | null): RegexNode {
    if (name === null && this.#flags.n) {
      return { kind: 'group', capture: null, body: this.#choice() }
    }
    const place = { offset: this.#text.offset, flags: this.#flags }
    const number = this.#groups.open(name, place, this.#flags.J, this.#text)
    const body = this.#choice()
    this.#groups.close(number)
    const capture: Capture | null = this.#groups.isCopying ? null : { number, name }
    return { kind: 'group', capture, body }
  }

  #look(open: LookAround): RegexNode {
    const isBehind = open === '(?<=' || open === '(?<!'
    const before = this.#groups.taken
    this.#looks++
    if (isBehind) this.#behind++
    const body = this.#choice()
    this.#looks--
    if (isBehind) {
      this.#behind--
      if (lengthOf(body) > MAX_BEHIND) {
        this.#text.fail('length of lookbehind assertion is not limited')
      }
    }
    if (open.endsWith('!')) this.#groups.taken = before
    return { kind: 'look', open, body }
  }

  #atomic(body: RegexNode): RegexNode {
    if (this.#behind > 0) {
      throw unsupported(
        'an atomic group or a possessive quantifier in a look-behind',
        'use (?:...)',
      )
    }
    return { kind: 'atomic', body }
  }

  /** A group that is called is written out once more; its text is not kept. */
  #call(target: Target): RegexNode {
    if (!this.#groups.isComplete)
      return { kind: 'group', capture: null, body: { kind: 'sequence', items: [] } }
    const number = this.#groups.find(target, this.#text)
    const { offset, flags } = this.#groups.enterCopy(number)
    const [back, outer] = [this.#text.offset, this.#flags]
    this.#text.skip(offset - back)
    this.#flags = flags
    const body = this.#choice()
    this.#text.skip(back - this.#text.offset)
    this.#flags = outer
    this.#groups.leaveCopy()
    return { kind: 'group', capture: null, body }
  }

  // --- repetition

  #quantifierAhead(): boolean {
    return readRepetition(this.#text, false) !== null
  }

  /** @param before the groups that had taken part before the item */
  #repetition(item: RegexNode, before: ReadonlySet<number>): RegexNode {
    this.#skipBlanks()
    const found = item.kind === 'assertion' ? null : readRepetition(this.#text, true)
    if (found === null) return item
    if (found.min === 0) this.#groups.taken = before
    if (this.#flags.x) this.#text.match(BLANK_OR_COMMENT)
    const { min, mark } = found
    if (this.#text.eat('+')) return this.#atomic({ kind: 'repeat', item, min, mark })
    const isLazy = this.#text.eat('?') !== this.#flags.U
    return { kind: 'repeat', item, min, mark: isLazy ? `${mark}?` : mark }
  }

  #skipBlanks(): void {
    for (;;) {
      if (this.#text.ahead(3) === '(?#') {
        if (this.#text.match(COMMENT) === null) this.#text.fail('missing ) after (?# comment')
      } else if (!this.#flags.x || this.#text.match(BLANK_OR_COMMENT) === null) return
    }
  }
}
