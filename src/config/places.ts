// Where each part of a document stands: a tree of offsets beside the tree of values. It is made only when there is a
// problem to point at, so that a good file pays nothing for it.

export type DocumentPath = readonly (string | number)[]

export interface PlaceNode {
  /** Offset of the first character; -1 for a node without any, such as the value of `key:`. */
  readonly offset: number
  readonly entries?: ReadonlyMap<string, PlaceEntry>
  readonly items?: readonly PlaceNode[]
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

/** Turns offsets into lines and columns, and lines into their text. Lines end with LF, CRLF or CR. */
export class LineIndex {
  readonly #text: string
  readonly #starts: number[] = [0]
  /** How far the last line asked for has been counted: many faults may stand in one line of megabytes. */
  #counted = { start: 0, offset: 0, column: 1 }

  constructor(text: string) {
    this.#text = text
    for (const match of text.matchAll(/\r\n|\n|\r/g)) {
      this.#starts.push(match.index + match[0].length)
    }
  }

  placeOf(offset: number): Place {
    let low = 0
    let high = this.#starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.#starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: this.#columnOf(this.#starts[low] ?? 0, offset) }
  }

  /** Without what ends it; undefined for a line that the text does not have. */
  line(number: number): string | undefined {
    const start = this.#starts[number - 1]
    if (start === undefined) return undefined
    let end = this.#starts[number] ?? this.#text.length
    if (end > start && this.#text[end - 1] === '\n') end--
    if (end > start && this.#text[end - 1] === '\r') end--
    return this.#text.slice(start, end)
  }

  #columnOf(start: number, offset: number): number {
    const isFurther = this.#counted.start === start && this.#counted.offset <= offset
    const from = isFurther ? this.#counted : { offset: start, column: 1 }
    const column = from.column + countCharacters(this.#text, from.offset, offset)
    this.#counted = { start, offset, column }
    return column
  }

  /** The way back. */
  offsetOf({ line, column }: Place): number {
    const start = this.#starts[line - 1] ?? this.#text.length
    const before = Array.from(this.#text.slice(start, this.#starts[line])).slice(0, column - 1)
    return start + before.join('').length
  }
}

/** A pair of surrogates is one character. */
function countCharacters(text: string, from: number, to: number): number {
  let count = 0
  for (let at = from; at < to; at = nextCharacter(text, at)) count++
  return count
}

/** The offset behind the character at an offset. */
export function nextCharacter(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? at + 2 : at + 1
}
