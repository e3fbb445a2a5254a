// JSON read so that no two parsers can take it for two things: a name that an object has twice, bytes that are no UTF-8,
// a number that none can hold and endless nesting are faults. Values come from JSON.parse, behind this check.

/** As deep as a configuration may be nested; Kong's parser goes to 1000. */
export const MAX_DEPTH = 100

/** What is wrong with a JSON text, and at which offset. */
export class JsonFault extends Error {
  override readonly name = 'JsonFault'
  readonly offset: number

  constructor(message: string, offset: number) {
    super(message)
    this.offset = offset
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** @throws JsonFault */
export function parseJsonBytes(bytes: Buffer): unknown {
  let text: string
  try {
    text = UTF8.decode(bytes)
  } catch {
    throw new JsonFault('is no UTF-8', 0)
  }
  return parseJson(text)
}

/**
 * @param places filled with the offset of every value, by its JSON Pointer
 * @throws JsonFault
 */
export function parseJson(text: string, places?: Map<string, number>): unknown {
  new Scan(text, places).whole()
  return JSON.parse(text)
}

const STRING = /"[^"\\\0-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\0-\x1f]*)*"/y
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y
const WORD = /true|false|null/y

class Scan {
  readonly #text: string
  readonly #places: Map<string, number> | undefined
  #at = 0

  constructor(text: string, places: Map<string, number> | undefined) {
    this.#text = text
    this.#places = places
  }

  whole(): void {
    this.#value(0, '')
    this.#space()
    if (this.#at < this.#text.length) throw new JsonFault('expected the end', this.#at)
  }

  #value(depth: number, pointer: string): void {
    if (depth > MAX_DEPTH) throw new JsonFault(`nested more than ${MAX_DEPTH} deep`, this.#at)
    this.#space()
    this.#places?.set(pointer, this.#at)
    switch (this.#text[this.#at]) {
      case '{':
        this.#object(depth, pointer)
        break
      case '[':
        this.#array(depth, pointer)
        break
      case '"':
        this.#string('expected a value')
        break
      default:
        this.#wordOrNumber()
    }
  }

  #wordOrNumber(): void {
    const start = this.#at
    const number = this.#take(NUMBER)
    if (number === '') {
      if (this.#take(WORD) === '') throw new JsonFault('expected a value', start)
      return
    }
    // JSON.parse makes Infinity of it, which is beyond every bound, or within those that are not there.
    if (number.length > 300 || /e/i.test(number)) {
      if (!Number.isFinite(Number(number))) throw new JsonFault('a number is too large', start)
    }
  }

  #object(depth: number, pointer: string): void {
    const names = new Set<string>()
    this.#list('}', () => {
      const start = this.#at
      const quoted = this.#string('expected a name in double quotes')
      // The pattern has seen to it that this is a JSON string.
      const name = quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1)
      if (names.has(name)) throw new JsonFault('a name is there twice', start)
      names.add(name)
      this.#space()
      this.#expect(':')
      this.#value(depth + 1, this.#places === undefined ? '' : `${pointer}/${escaped(name)}`)
    })
  }

  #array(depth: number, pointer: string): void {
    let index = 0
    this.#list(']', () => {
      this.#value(depth + 1, this.#places === undefined ? '' : `${pointer}/${index++}`)
    })
  }

  #list(close: string, readOne: () => void): void {
    this.#at++
    this.#space()
    if (this.#text[this.#at] === close) {
      this.#at++
      return
    }
    for (;;) {
      this.#space()
      readOne()
      this.#space()
      if (this.#text[this.#at] !== ',') break
      this.#at++
    }
    this.#expect(close)
  }

  #string(fault: string): string {
    const text = this.#take(STRING)
    if (text === '') throw new JsonFault(fault, this.#at)
    return text
  }

  #expect(character: string): void {
    if (this.#text[this.#at] !== character) {
      throw new JsonFault(`expected '${character}'`, this.#at)
    }
    this.#at++
  }

  // HOT PATH: between any two tokens.
  #space(): void {
    for (let code = this.#text.charCodeAt(this.#at); isSpace(code);) {
      code = this.#text.charCodeAt(++this.#at)
    }
  }

  /** Empty when the pattern does not match here. */
  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0] ?? ''
    this.#at += found.length
    return found
  }
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09
}

/** A step of a JSON Pointer (RFC 6901). */
export function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}
