// The groups of a PCRE pattern: their numbers and names, which have taken part for certain, and copies of those called.
import { unsupported } from './pcre-escape.js'
import type { Flags } from './pcre-pieces.js'
import type { TextReader } from './text-reader.js'

/** What a reference or a call names; a number counts from 1, and 0 is the whole pattern. */
export type Target =
  | { readonly name: string; readonly number: null }
  | { readonly name: null; readonly number: number }

/** Where a group's body begins, and the flags that hold there. */
interface Place {
  readonly offset: number
  readonly flags: Flags
}

interface Known extends Place {
  /** The groups inside are those after its own number, up to this. */
  last: number
}

const NAME = /[A-Za-z_]\w{0,127}/y
const NUMBER = /[+-]?\d+/y
const BLANKS = /[ \t]+/y

export function readName(text: TextReader): string {
  if (/\d/.test(text.peek())) text.fail('subpattern name must start with a non-digit')
  return text.match(NAME)?.[0] ?? text.fail('subpattern name expected')
}

/** @param open ends with what the name began with, which says what it ends with */
export function readClosedName(
  text: TextReader,
  open: string,
): { readonly name: string; readonly number: null } {
  const name = readName(text)
  closeName(text, open)
  return { name, number: null }
}

/** Reads `<name>` or `'-1'`. */
export function readTarget(text: TextReader, groups: PcreGroups): Target {
  const open = text.take()
  const number = text.match(NUMBER)?.[0]
  if (number === undefined) return readClosedName(text, open)
  closeName(text, open)
  return groups.resolve(number)
}

function closeName(text: TextReader, open: string): void {
  text.match(BLANKS)
  const end = open.endsWith('<') ? '>' : open.endsWith('{') ? '}' : "'"
  if (!text.eat(end)) text.fail('syntax error in subpattern name (missing terminator?)')
}

export class PcreGroups {
  /** Whether all of the pattern has been read once. */
  isComplete = false
  /** Opened so far. */
  count = 0
  /** Those that have taken part for certain in a match up to here. */
  taken: ReadonlySet<number> = new Set()
  readonly #known = new Map<number, Known>()
  readonly #numbers = new Map<string, number[]>()
  /** Around this place, in the pattern or by calls. */
  readonly #open: number[] = []
  /** The groups that are being copied, the innermost last, each with what was before. */
  readonly #copies: { number: number; count: number; taken: ReadonlySet<number> }[] = []

  /** In all of the pattern; as far as it has been read at first. */
  get total(): number {
    return Math.max(this.count, ...this.#known.keys())
  }

  get isCopying(): boolean {
    return this.#copies.length > 0
  }

  begin(): void {
    this.count = 0
    this.taken = new Set()
  }

  open(name: string | null, place: Place, mayRepeatNames: boolean, text: TextReader): number {
    const number = ++this.count
    this.#open.push(number)
    if (this.isComplete) return number
    if (!this.#known.has(number)) this.#known.set(number, { ...place, last: number })
    if (name === null) return number
    const numbers = this.#numbers.get(name) ?? []
    if (numbers.length > 0 && !numbers.includes(number) && !mayRepeatNames) {
      text.fail('two named subpatterns have the same name (PCRE2_DUPNAMES not set)')
    }
    this.#numbers.set(name, [...new Set([...numbers, number])])
    return number
  }

  close(number: number): void {
    this.#open.pop()
    const known = this.#known.get(number)
    if (known !== undefined) known.last = Math.max(known.last, this.count)
    if (!this.isCopying) this.taken = new Set(this.taken).add(number)
  }

  /** @param number as `2`, or `-1` and `+1` counted from here */
  resolve(number: string): Target {
    const value = Number(number)
    if (number.startsWith('-')) return { name: null, number: this.count + 1 + value }
    return { name: null, number: number.startsWith('+') ? this.count + value : value }
  }

  find({ name, number }: Target, text: TextReader): number {
    const [found = -1] = name === null ? [number] : (this.#numbers.get(name) ?? [])
    if (found !== 0 && !this.#known.has(found)) {
      text.fail('reference to non-existent subpattern')
    }
    return found
  }

  /** The number that a back-reference stands for. JavaScript lets one to a group that took no part match nothing. */
  refer(target: Target, text: TextReader): number {
    if (!this.isComplete) return 1
    const number = this.find(target, text)
    const named = target.name === null ? [] : (this.#numbers.get(target.name) ?? [])
    const isInCopy = this.#copies.some(
      (copy) => number >= copy.number && number <= (this.#known.get(copy.number)?.last ?? 0),
    )
    if (number === 0 || named.length > 1 || isInCopy || !this.taken.has(number)) {
      throw unsupported(
        'a back-reference to a group that may have taken no part',
        'write out what the group may be',
      )
    }
    return number
  }

  enterCopy(number: number): Place {
    const known = this.#known.get(number)
    if (known === undefined || this.#open.includes(number)) {
      throw unsupported('recursion', 'write out the levels that are needed')
    }
    this.#copies.push({ number, count: this.count, taken: this.taken })
    this.#open.push(number)
    this.count = number
    return known
  }

  leaveCopy(): void {
    const copy = this.#copies.pop()
    this.#open.pop()
    if (copy === undefined) return
    this.count = copy.count
    this.taken = copy.taken
  }
}
