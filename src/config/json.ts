// JSON text: where its parts stand, and what is wrong with it. The values themselves come from JSON.parse, whose
// messages neither name a place on every Node nor keep the text to themselves.
import { noteRepeated, type PlaceEntry, type PlaceNode } from './places.js'

const STRING = /"[^"\\\0-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\0-\x1f]*)*"/y
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y
const WORD = /true|false|null/y
const SPACE = /[ \t\r\n]*/y
// As for YAML: far beyond any real file, and safe for a recursive reader.
const MAX_DEPTH = 100

/** What is wrong with a JSON text, and at which offset. */
export class JsonFault extends Error {
  override readonly name = 'JsonFault'
  readonly offset: number

  constructor(message: string, offset: number) {
    super(message)
    this.offset = offset
  }
}

/** @throws JsonFault */
export function jsonPlaces(text: string): PlaceNode {
  const scanner = new Scanner(text)
  const root = scanner.value(0)
  scanner.end()
  return root
}

class Scanner {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  value(depth: number): PlaceNode {
    if (depth > MAX_DEPTH) throw new JsonFault(`nested more than ${MAX_DEPTH} deep`, this.#at)
    this.#take(SPACE)
    const offset = this.#at
    const first = this.#text[offset]
    if (first === '{') return { offset, ...this.#entries(depth) }
    if (first === '[') return { offset, items: this.#items(depth) }
    const matched = this.#take(first === '"' ? STRING : WORD) ?? this.#take(NUMBER)
    if (matched === undefined) throw new JsonFault('expected a value', offset)
    return { offset }
  }

  end(): void {
    this.#take(SPACE)
    if (this.#at < this.#text.length) throw new JsonFault('expected the end', this.#at)
  }

  #entries(depth: number): Pick<PlaceNode, 'entries' | 'repeated'> {
    const entries = new Map<string, PlaceEntry>()
    let repeated: Map<string, number> | undefined
    this.#list('}', () => {
      const key = this.#at
      const name = this.#take(STRING)
      if (name === undefined) throw new JsonFault('expected a key in double quotes', key)
      this.#take(SPACE)
      this.#expect(':')
      // The pattern has seen to it that this is a JSON string.
      const field = JSON.parse(name) as string
      const value = this.value(depth + 1)
      const before = entries.get(field)
      if (before !== undefined) repeated = noteRepeated(repeated, field, before)
      entries.set(field, { key, value })
    })
    return repeated === undefined ? { entries } : { entries, repeated }
  }

  #items(depth: number): PlaceNode[] {
    const items: PlaceNode[] = []
    this.#list(']', () => items.push(this.value(depth + 1)))
    return items
  }

  #list(close: string, readOne: () => void): void {
    this.#at++
    this.#take(SPACE)
    if (this.#text[this.#at] === close) {
      this.#at++
      return
    }
    for (;;) {
      this.#take(SPACE)
      readOne()
      this.#take(SPACE)
      if (this.#text[this.#at] !== ',') break
      this.#at++
    }
    this.#expect(close)
  }

  #expect(character: string): void {
    if (this.#text[this.#at] !== character) {
      throw new JsonFault(`expected '${character}'`, this.#at)
    }
    this.#at++
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0]
    this.#at += found?.length ?? 0
    return found
  }
}
