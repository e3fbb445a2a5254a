// Where each part of a document stands: a tree of offsets beside the tree of values. It is made only when there is a
// problem to point at, so that a good file pays nothing for it.

export type DocumentPath = readonly (string | number)[]

export interface PlaceNode {
  /** Offset of the first character; -1 for a node without any, such as the value of `key:`. */
  readonly offset: number
  readonly entries?: ReadonlyMap<string, PlaceEntry>
  readonly items?: readonly PlaceNode[]
  /** Keys that are there more than once, each with the offset of its first; `entries` has the last. */
  readonly repeated?: ReadonlyMap<string, number>
}

export interface PlaceEntry {
  /** Offset of the key. */
  readonly key: number
  readonly value: PlaceNode
}

export interface Place {
  /** 1-based; a column is a character, whatever its bytes. */
  readonly line: number
  readonly column: number
}

/** The offset of a value, or of its key; of the nearest part around it for what the document does not hold. */
export function offsetOf(root: PlaceNode, path: DocumentPath, part: 'key' | 'value'): number {
  let node = root
  let offset = Math.max(root.offset, 0)
  for (const [index, step] of path.entries()) {
    if (typeof step === 'number') {
      const item = node.items?.[step]
      if (item === undefined) return offset
      node = item
      offset = item.offset >= 0 ? item.offset : offset
      continue
    }
    const entry = node.entries?.get(step)
    if (entry === undefined) return offset
    node = entry.value
    const wantsKey = part === 'key' && index === path.length - 1
    offset = wantsKey || node.offset < 0 ? entry.key : node.offset
  }
  return offset
}

/** The node at that very path; undefined for what the document does not hold. */
export function nodeAt(root: PlaceNode, path: DocumentPath): PlaceNode | undefined {
  let node: PlaceNode | undefined = root
  for (const step of path) {
    node = typeof step === 'number' ? node?.items?.[step] : node?.entries?.get(step)?.value
  }
  return node
}

/** Keeps the place of the first; there is no map before there is a need. */
export function noteRepeated(
  repeated: Map<string, number> | undefined,
  key: string,
  before: PlaceEntry,
): Map<string, number> {
  const noted = repeated ?? new Map<string, number>()
  if (!noted.has(key)) noted.set(key, before.key)
  return noted
}

/** A key that stands in its map more than once. */
export interface RepeatedKey {
  readonly path: DocumentPath
  /** Offset of the first one. */
  readonly first: number
}

/** In file order, each once however many aliases lead there; at most `limit`. */
export function repeatedKeys(root: PlaceNode, limit: number): RepeatedKey[] {
  const found: RepeatedKey[] = []
  const seen = new Set<unknown>()
  const walk = (node: PlaceNode, path: DocumentPath): void => {
    const parts = node.entries ?? node.items
    if (parts === undefined || seen.has(parts) || found.length >= limit) return
    seen.add(parts)
    for (const [index, item] of (node.items ?? []).entries()) walk(item, [...path, index])
    for (const [key, { value }] of node.entries ?? []) {
      const first = node.repeated?.get(key)
      if (first !== undefined && found.length < limit) found.push({ path: [...path, key], first })
      walk(value, [...path, key])
    }
  }
  walk(root, [])
  return found
}

// A note each so many characters keeps both the search and the memory small, for a million lines and for one alike.
const STRIDE = 4096
const LF = 10
const CR = 13

/** Turns offsets into lines and columns, and lines into their text. Lines end with LF, CRLF or CR. */
export class LineIndex {
  readonly #text: string
  /** Of every so-many-th character. */
  readonly #places: Place[] = []

  constructor(text: string) {
    this.#text = text
    const walk = new PlaceWalk(text, 0, { line: 1, column: 1 })
    for (let offset = 0; offset <= text.length; offset += STRIDE) {
      walk.to(offset)
      this.#places.push(walk.place())
    }
  }

  placeOf(offset: number): Place {
    const near = Math.floor(Math.min(offset, this.#text.length) / STRIDE)
    const walk = this.#walkFrom(near)
    walk.to(offset)
    return walk.place()
  }

  /** Without the line break; undefined for a line that the text does not have. */
  textOf(line: number): string | undefined {
    const walk = this.#walkTo(line)
    if (walk === undefined) return undefined
    let end = walk.offset
    while (end < this.#text.length && !isLineBreak(this.#text.charCodeAt(end))) end++
    return this.#text.slice(walk.offset, end)
  }

  /** The way back from a place in the text. */
  offsetOf({ line, column }: Place): number {
    const walk = this.#walkTo(line)
    if (walk === undefined) return this.#text.length
    let offset = walk.offset
    for (let left = column - 1; left > 0; left--) offset = nextCharacter(this.#text, offset)
    return offset
  }

  #walkTo(line: number): PlaceWalk | undefined {
    let low = 0
    let high = this.#places.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.#places[middle]?.line ?? 0) < line) low = middle
      else high = middle - 1
    }
    const walk = this.#walkFrom(low)
    return walk.toLine(line) ? walk : undefined
  }

  #walkFrom(note: number): PlaceWalk {
    const place = this.#places[note] ?? { line: 1, column: 1 }
    return new PlaceWalk(this.#text, note * STRIDE, place)
  }
}

/** Counts lines and columns from a place that is known. */
class PlaceWalk {
  readonly #text: string
  #offset: number
  #line: number
  #column: number

  constructor(text: string, offset: number, { line, column }: Place) {
    this.#text = text
    this.#offset = offset
    this.#line = line
    this.#column = column
  }

  get offset(): number {
    return this.#offset
  }

  place(): Place {
    return { line: this.#line, column: this.#column }
  }

  to(offset: number): void {
    const end = Math.min(offset, this.#text.length)
    while (this.#offset < end) this.#step()
  }

  /** To the beginning of that line; false when the text ends before. */
  toLine(line: number): boolean {
    while (this.#line < line && this.#offset < this.#text.length) this.#step()
    return this.#line === line
  }

  #step(): void {
    const code = this.#text.charCodeAt(this.#offset++)
    const next = this.#text.charCodeAt(this.#offset)
    if (code === LF || (code === CR && next !== LF)) {
      this.#line++
      this.#column = 1
    } else if (!isHighHalf(code) || !isLowHalf(next)) {
      // A column is a character; those beyond U+FFFF take two places in a string.
      this.#column++
    }
  }
}

/** The offset behind the character at an offset; a pair of surrogates is one character. */
export function nextCharacter(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? at + 2 : at + 1
}

function isLineBreak(code: number): boolean {
  return code === LF || code === CR
}

function isHighHalf(code: number): boolean {
  return code >= 0xd800 && code < 0xdc00
}

function isLowHalf(code: number): boolean {
  return code >= 0xdc00 && code < 0xe000
}
