// The places of a YAML document, taken from js-yaml itself: its listener tells when it opens and closes each node.
// It tries some nodes twice (a scalar might turn out to be a key), so what comes is tidied here.
import yaml from 'js-yaml'
import { isSpace, skipBlank } from './blank.js'
import { noteRepeated, type PlaceEntry, type PlaceNode } from '../places.js'
import { YAML_OPTIONS } from './options.js'

/** A node while its children are being collected. */
interface Frame {
  /** Where the reader stood: before white space and comments that may precede the node. */
  readonly opened: number
  readonly children: SeenNode[]
}

interface SeenNode extends PlaceNode {
  readonly opened: number
  /** Just behind the node. */
  readonly end: number
  readonly value: unknown
  readonly isMerge: boolean
}

/** @param text without a byte order mark, and known to be good YAML */
export function yamlPlaces(text: string): PlaceNode {
  const recorder = new Recorder(text)
  yaml.loadAll(text, null, {
    ...YAML_OPTIONS,
    listener: (event, state) => {
      if (event === 'open') recorder.open(state.position)
      else recorder.close(state)
    },
  })
  return recorder.root ?? { offset: 0 }
}

interface ReaderState {
  readonly position: number
  readonly kind: string | null
  readonly result: unknown
  readonly tag?: string | null
}

class Recorder {
  root: PlaceNode | null = null
  readonly #text: string
  readonly #stack: Frame[] = []
  /** By value, since an alias has the very object of its anchor. */
  readonly #collections = new Map<object, PlaceNode>()

  constructor(text: string) {
    this.#text = text
  }

  open(position: number): void {
    this.#stack.push({ opened: position, children: [] })
  }

  close(state: ReaderState): void {
    const frame = this.#stack.pop()
    if (frame === undefined) return
    const node = this.#finish(frame, state)
    const parent = this.#stack.at(-1)
    if (parent === undefined) {
      // Only the first document of a stream counts.
      this.root ??= node
      return
    }
    // The reader has gone back and reads this stretch again: what it saw the first time does not count.
    while ((parent.children.at(-1)?.end ?? 0) > node.opened) parent.children.pop()
    parent.children.push(node)
  }

  #finish({ opened, children }: Frame, state: ReaderState): SeenNode {
    const value = state.result
    const start = skipBlank(this.#text, opened)
    const seen = {
      opened,
      offset: start < state.position ? start : -1,
      end: state.position,
      value,
      isMerge: state.tag === 'tag:yaml.org,2002:merge',
    }
    if (typeof value !== 'object' || value === null) return seen
    const [first] = children
    if (first?.value === value) return { ...first, ...seen }
    if (state.kind === 'mapping') {
      return this.#keep(value, { ...seen, ...this.#entries(children) })
    }
    if (state.kind === 'sequence') {
      return this.#keep(value, { ...seen, items: this.#items(start, children) })
    }
    return { ...this.#collections.get(value), ...seen }
  }

  #keep(value: object, node: SeenNode): SeenNode {
    this.#collections.set(value, node)
    return node
  }

  #entries(children: readonly SeenNode[]): Pick<PlaceNode, 'entries' | 'repeated'> {
    const entries = new Map<string, PlaceEntry>()
    let repeated: Map<string, number> | undefined
    const merged: SeenNode[] = []
    for (let i = 0; i < children.length; i++) {
      const key = children[i]
      if (key === undefined || key.offset < 0) continue
      const next = this.#isKey(key) ? children[i + 1] : undefined
      if (next !== undefined) i++
      const value = next ?? { offset: -1 }
      if (key.isMerge && next !== undefined) {
        merged.push(next)
        continue
      }
      const name = String(key.value)
      const before = entries.get(name)
      if (before !== undefined) repeated = noteRepeated(repeated, name, before)
      entries.set(name, { key: key.offset, value })
    }
    for (const source of merged) addMissing(entries, source)
    return repeated === undefined ? { entries } : { entries, repeated }
  }

  #items(offset: number, children: readonly SeenNode[]): PlaceNode[] {
    const start = skipProperties(this.#text, offset)
    if (this.#text[start] === '-') return this.#dashedItems(start, children)
    const items: PlaceNode[] = []
    for (let i = 0; i < children.length; i++) {
      const child = children[i]
      if (child === undefined) continue
      const value = this.#isKey(child) ? children[i + 1] : undefined
      if (value === undefined) {
        items.push(child)
        continue
      }
      // `[key: value]`: a mapping of one pair without braces.
      i++
      const entry = { key: child.offset, value }
      items.push({ offset: child.offset, entries: new Map([[String(child.value), entry]]) })
    }
    return items
  }

  /** js-yaml does not tell of items that are empty, so the dashes are counted. */
  #dashedItems(start: number, children: readonly SeenNode[]): PlaceNode[] {
    const items: PlaceNode[] = []
    const filled = children.filter(({ offset }) => offset >= 0)
    let dash = start
    for (const child of filled) {
      for (let next = dash; next < child.offset; next = skipBlank(this.#text, dash + 1)) {
        // Between two dashes there was nothing.
        if (next !== dash) items.push({ offset: dash })
        dash = next
      }
      items.push(child)
      dash = skipBlank(this.#text, child.end)
    }
    return items
  }

  #isKey(node: SeenNode): boolean {
    return node.offset >= 0 && this.#text[skipBlank(this.#text, node.end)] === ':'
  }
}

/** `<<`: keys that the mapping itself has win, then those of the earlier source. */
function addMissing(entries: Map<string, PlaceEntry>, source: PlaceNode): void {
  for (const item of source.items ?? []) addMissing(entries, item)
  for (const [key, entry] of source.entries ?? []) {
    if (!entries.has(key)) entries.set(key, entry)
  }
}

/** Past anchor and tag, which come before what they belong to. */
function skipProperties(text: string, offset: number): number {
  let at = offset
  while (text[at] === '&' || text[at] === '!') {
    while (at < text.length && !isSpace(text[at])) at++
    at = skipBlank(text, at)
  }
  return at
}
