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

/** Turns offsets into lines and columns. Lines end with LF, CRLF or CR. */
export class LineIndex {
  readonly #text: string
  readonly #starts: number[] = [0]

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
    const start = this.#starts[low] ?? 0
    return { line: low + 1, column: Array.from(this.#text.slice(start, offset)).length + 1 }
  }
}
