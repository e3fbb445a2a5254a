// Header fields as an ordered list. Names keep the spelling they came with; look-ups ignore case (RFC 9110, 5.1).
// Two flat arrays instead of objects: a request that no plugin touches pays for nothing but the pushes.
import { trimmed } from './http1/fields.js'

export interface ReadonlyHeaders {
  /** The first value of that name, or undefined. */
  get(name: string): string | undefined
  /** Every value of that name, in order; empty when there is none. */
  getAll(name: string): readonly string[]
  has(name: string): boolean
  /** How many lines there are. */
  readonly size: number
  /** [name, value] line by line. */
  entries(): IterableIterator<readonly [name: string, value: string]>
}

export interface Headers extends ReadonlyHeaders {
  /** Replaces all lines of that name by one, or by one for each value. Throws TypeError on CR, LF or NUL. */
  set(name: string, value: string | readonly string[]): void
  /** Adds a line and keeps those of the same name. Throws TypeError on CR, LF or NUL. */
  add(name: string, value: string): void
  /** Removes all lines of that name. */
  remove(name: string): void
  /**
   * For each name of the group removes all its lines, and adds one where there is a value for it. Cheaper than `set` and
   * `remove` for each. Throws TypeError on CR, LF or NUL.
   * @param values one for each name, in the order of the group; null or undefined for none
   */
  setEach(group: HeaderGroup, values: readonly (string | null | undefined)[]): void
}

// RFC 9110, 5.6.2: what a field name may consist of; 5.5: what a value may not contain.
const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const FORBIDDEN_IN_VALUE = /[\r\n\0]/
const BEYOND_PRINTABLE_ASCII = /[^\x20-\x7e]/

// Valid names and their lower-case forms. The same few come with every request; a look-up costs a third of the pattern
// and the copy. Bounded, as a plugin may ask for names that a client has chosen.
const knownNames = new Map<string, string>()
const KNOWN_NAMES = 1024

/** HOT PATH: plugins look names up several times a request. */
function lowerName(name: string): string {
  return knownNames.get(name) ?? learnName(name)
}

function learnName(name: string): string {
  const lower = name.toLowerCase()
  if (knownNames.size < KNOWN_NAMES && NAME.test(name)) knownNames.set(name, lower)
  return lower
}

/** Names of headers that are set together, such as those that tell who is calling. */
export class HeaderGroup {
  readonly names: readonly string[]
  readonly lowerNames: readonly string[]
  readonly #set: ReadonlySet<string>
  /** What all of them begin with, in lower case, so that few names need a look-up; null for nothing in common. */
  readonly #first: number | null

  /** @throws TypeError for what cannot be a name */
  constructor(names: readonly string[]) {
    for (const name of names) checkName(name)
    this.names = names
    this.lowerNames = names.map((name) => name.toLowerCase())
    this.#set = new Set(this.lowerNames)
    const firsts = new Set(this.lowerNames.map((name) => name.charCodeAt(0) | 0x20))
    this.#first = firsts.size === 1 ? ([...firsts][0] ?? null) : null
  }

  /** In any spelling. HOT PATH: once a header line. */
  has(name: string): boolean {
    // The bit that tells small letters from capitals.
    if (this.#first !== null && (name.charCodeAt(0) | 0x20) !== this.#first) return false
    return this.#set.has(name.toLowerCase())
  }
}

function checkName(name: string): void {
  if (knownNames.has(name) || NAME.test(name)) return
  throw new TypeError(`invalid header name: ${JSON.stringify(name)}`)
}

export class HeaderList implements Headers {
  /** Parallel arrays; engines and parsers push into them without the checks of `add`. */
  readonly names: string[] = []
  readonly values: string[] = []

  get size(): number {
    return this.names.length
  }

  get(name: string): string | undefined {
    return this.values[this.#indexOf(lowerName(name), 0)]
  }

  getAll(name: string): readonly string[] {
    const wanted = lowerName(name)
    const found: string[] = []
    for (let i = this.#indexOf(wanted, 0); i >= 0; i = this.#indexOf(wanted, i + 1)) {
      found.push(this.values[i] ?? '')
    }
    return found
  }

  has(name: string): boolean {
    return this.#indexOf(lowerName(name), 0) >= 0
  }

  set(name: string, value: string | readonly string[]): void {
    if (typeof value !== 'string') {
      this.remove(name)
      for (const one of value) this.add(name, one)
      return
    }
    const text = this.#checked(name, value)
    const wanted = lowerName(name)
    const at = this.#indexOf(wanted, 0)
    if (at < 0) {
      this.names.push(name)
      this.values.push(text)
      return
    }
    this.names[at] = name
    this.values[at] = text
    this.#removeFrom(wanted, at + 1)
  }

  add(name: string, value: string): void {
    const text = this.#checked(name, value)
    this.names.push(name)
    this.values.push(text)
  }

  remove(name: string): void {
    this.#removeFrom(lowerName(name), 0)
  }

  setEach(group: HeaderGroup, values: readonly (string | null | undefined)[]): void {
    this.replaceEach(group, group.names, values)
  }

  *entries(): IterableIterator<readonly [name: string, value: string]> {
    for (let i = 0; i < this.names.length; i++) yield [this.names[i] ?? '', this.values[i] ?? '']
  }

  /** Removes every line for which `drop` says so; `drop` gets the name in lower case. */
  removeWhere(drop: (lowerName: string) => boolean): void {
    for (let i = this.names.length - 1; i >= 0; i--) {
      if (drop((this.names[i] ?? '').toLowerCase())) this.#removeAt(i)
    }
  }

  /** @param names of the group, as they are to be spelled */
  protected replaceEach(
    group: HeaderGroup,
    names: readonly string[],
    values: readonly (string | null | undefined)[],
  ): void {
    for (let i = this.names.length - 1; i >= 0; i--) {
      if (group.has(this.names[i] ?? '')) this.#removeAt(i)
    }
    for (let i = 0; i < names.length; i++) {
      const name = names[i] ?? ''
      const value = values[i] ?? null
      if (value === null) continue
      const text = this.#checkedValue(name, value)
      this.names.push(name)
      this.values.push(text)
    }
  }

  /** How a value is kept that has other characters than printable ASCII. Lists of bytes have their own way. */
  protected encode(value: string): string {
    return value
  }

  /** @throws TypeError for a name or a value that would break the line */
  #checked(name: string, value: string): string {
    checkName(name)
    return this.#checkedValue(name, value)
  }

  #checkedValue(name: string, value: string): string {
    if (!BEYOND_PRINTABLE_ASCII.test(value)) return value
    // The value itself may be a secret and stays out of the message.
    if (FORBIDDEN_IN_VALUE.test(value)) {
      throw new TypeError(`the value of header ${name} contains a line break or a NUL`)
    }
    return this.encode(value)
  }

  // HOT PATH: most lists have under 20 lines.
  #indexOf(wanted: string, from: number): number {
    const { names } = this
    for (let i = from; i < names.length; i++) {
      const name = names[i]
      if (name === wanted) return i
      if (name?.length === wanted.length && name.toLowerCase() === wanted) return i
    }
    return -1
  }

  #removeFrom(wanted: string, from: number): void {
    for (let i = this.#indexOf(wanted, from); i >= 0; i = this.#indexOf(wanted, i))
      this.#removeAt(i)
  }

  #removeAt(index: number): void {
    this.names.splice(index, 1)
    this.values.splice(index, 1)
  }
}

/**
 * Request headers: names are lower case throughout, so that the hot path can compare them as they are. What a client
 * sends may stay the text it came as until somebody asks for a header: most requests pass through without.
 */
export class RequestHeaders extends HeaderList {
  /** The lines as they came, each ended by CRLF, as long as nobody has asked; `names` and `values` are empty then. */
  text: string
  /** False when it is known that Connection names no field among them (RFC 9110, 7.6.1). */
  mayNameFields = true

  /** @param text `Name: value` lines, each ended by CRLF, whose syntax has been checked */
  constructor(text = '') {
    super()
    this.text = text
  }

  override get size(): number {
    this.unfold()
    return super.size
  }

  override get(name: string): string | undefined {
    this.unfold()
    return super.get(name)
  }

  override getAll(name: string): readonly string[] {
    this.unfold()
    return super.getAll(name)
  }

  override has(name: string): boolean {
    this.unfold()
    return super.has(name)
  }

  override set(name: string, value: string | readonly string[]): void {
    this.unfold()
    super.set(lowerName(name), value)
  }

  override add(name: string, value: string): void {
    this.unfold()
    super.add(lowerName(name), value)
  }

  override remove(name: string): void {
    this.unfold()
    super.remove(name)
  }

  override setEach(group: HeaderGroup, values: readonly (string | null | undefined)[]): void {
    this.unfold()
    this.replaceEach(group, group.lowerNames, values)
  }

  override entries(): IterableIterator<readonly [name: string, value: string]> {
    this.unfold()
    return super.entries()
  }

  override removeWhere(drop: (lowerName: string) => boolean): void {
    this.unfold()
    super.removeWhere(drop)
  }

  /** Makes a list of the text. */
  unfold(): void {
    if (this.text === '') return
    const { text } = this
    this.text = ''
    for (let start = 0; start < text.length;) {
      const colon = text.indexOf(':', start)
      const end = text.indexOf('\r\n', colon)
      this.names.push(lowerName(text.slice(start, colon)))
      this.values.push(trimmed(text, colon + 1, end))
      start = end + 2
    }
  }
}
