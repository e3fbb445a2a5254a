// A YAML or JSON text as nodes that know their place in it, and what a fixer asks of them: the fields of a map with
// aliases and merge keys followed, and the lines that a part takes up.
import {
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  parseAllDocuments,
  type Alias,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml'

export interface Entry {
  readonly key: string
  readonly keyNode: Scalar
  /** As it stands; an alias is not followed. Null where nothing is written, as in `{a}`. */
  readonly raw: Node | null
  /** The map the entry is written in: with `<<`, another than the one asked. */
  readonly owner: YAMLMap
}

/** What stands on its own in front of a key on its line: indentation and the dashes of lists. */
const BEFORE_KEY = /^[ -]*$/

export class Tree {
  readonly text: string
  readonly root: Node | null
  /** Keys and texts that are added need quotes. */
  readonly isJson: boolean
  readonly eol: string
  readonly #targets = new Map<Alias, Node>()
  readonly #aliases = new Map<Node, Alias[]>()
  readonly #inFlow = new Set<Node>()

  /** @throws SyntaxError, which says where */
  constructor(text: string) {
    this.text = text
    // YAML 1.1 and the first document only, as Kong reads it; of a key given twice the last one counts.
    const options = { version: '1.1', merge: true, uniqueKeys: false, prettyErrors: false } as const
    const documents = parseAllDocuments(text, options)
    const first = Array.isArray(documents) ? documents[0] : undefined
    const fault = first?.errors[0]
    // The code alone: the message may quote the text.
    if (fault !== undefined) throw new SyntaxError(`not understood (${fault.code})`)
    this.root = first?.contents ?? null
    this.isJson = /^\s*[[{]/.test(text)
    this.eol = /\r?\n/.exec(text)?.[0] ?? '\n'
    if (this.root !== null) this.#index(this.root, new Map(), false)
  }

  /** Notes what each alias stands for: the last anchor of that name before it. */
  #index(node: Node, anchors: Map<string, Node>, inFlow: boolean): void {
    if (isAlias(node)) {
      const target = anchors.get(node.source)
      if (target === undefined) return
      this.#targets.set(node, target)
      const others = this.#aliases.get(target)
      if (others === undefined) this.#aliases.set(target, [node])
      else others.push(node)
      return
    }
    if (node.anchor !== undefined) anchors.set(node.anchor, node)
    if (inFlow) this.#inFlow.add(node)
    if (!isCollection(node)) return
    const within = inFlow || node.flow === true
    for (const child of childrenOf(node)) this.#index(child, anchors, within)
  }

  /** The aliases that stand for a node. */
  aliasesOf(node: Node): readonly Alias[] {
    return this.#aliases.get(node) ?? []
  }

  /** Whether the node stands in `{…}` or `[…]`, where more characters need quotes. */
  isInFlow(node: Node): boolean {
    return this.#inFlow.has(node)
  }

  resolve(node: Node | null | undefined): Node | null {
    let at = node ?? null
    while (isAlias(at)) at = this.#targets.get(at) ?? null
    return at
  }

  mapAt(node: Node | null | undefined): YAMLMap | null {
    const found = this.resolve(node)
    return isMap(found) ? found : null
  }

  seqAt(node: Node | null | undefined): YAMLSeq | null {
    const found = this.resolve(node)
    return isSeq(found) ? found : null
  }

  scalarAt(node: Node | null | undefined): Scalar | null {
    const found = this.resolve(node)
    return isScalar(found) ? found : null
  }

  /** A scalar's text; of a plain one as it is written, so that 1.0 stays 1.0. Undefined for null and for no scalar. */
  textOf(node: Node | null | undefined): string | undefined {
    const scalar = this.scalarAt(node)
    if (scalar === null || scalar.value === null) return undefined
    return typeof scalar.value === 'string' ? scalar.value : scalar.source
  }

  /** The map's own entries in order; entries with keys that are no plain text, such as `<<`, are left out. */
  entries(map: YAMLMap): Entry[] {
    return map.items.flatMap((pair) => {
      const { key: keyNode, value } = pair as Pair<Node, Node | null>
      if (!isScalar(keyNode) || isMerge(keyNode)) return []
      const key = typeof keyNode.value === 'string' ? keyNode.value : keyNode.source
      return key === undefined ? [] : [{ key, keyNode, raw: value ?? null, owner: map }]
    })
  }

  /** What a reader finds under each key: merged maps included, the map's own entries first. */
  fields(map: YAMLMap): Map<string, Entry> {
    const found = new Map<string, Entry>()
    this.#collect(map, found, new Set())
    return found
  }

  #collect(map: YAMLMap, found: Map<string, Entry>, seen: Set<YAMLMap>): void {
    if (seen.has(map)) return
    seen.add(map)
    const own = new Map(this.entries(map).map((entry) => [entry.key, entry]))
    for (const [key, entry] of own) if (!found.has(key)) found.set(key, entry)
    for (const source of this.#mergedInto(map)) this.#collect(source, found, seen)
  }

  #mergedInto(map: YAMLMap): YAMLMap[] {
    return map.items.flatMap((pair) => {
      const { key, value } = pair as Pair<Node, Node | null>
      if (!isScalar(key) || !isMerge(key)) return []
      const sources = this.seqAt(value)?.items ?? [value]
      return sources.flatMap((source) => this.mapAt(source as Node | null) ?? [])
    })
  }

  /** Whether an anchor stands in or at the node: its text cannot be rewritten without asking who else reads it. */
  hasAnchor(node: Node): boolean {
    if (isAlias(node)) return false
    if (node.anchor !== undefined) return true
    return isCollection(node) && childrenOf(node).some((child) => this.hasAnchor(child))
  }

  /** Offset past the last character of an entry, without spaces and comments behind it. */
  endOf({ keyNode, raw }: Pick<Entry, 'keyNode' | 'raw'>): number {
    return raw === null ? endOf(keyNode) : Math.max(this.endOfNode(raw), endOf(keyNode))
  }

  endOfNode(node: Node): number {
    if (isCollection(node) && node.flow !== true) {
      const last = childrenOf(node).at(-1)
      if (last !== undefined) return this.endOfNode(last)
    }
    const [start, end] = [startOf(node), endOf(node)]
    return start + this.text.slice(start, end).trimEnd().length
  }

  lineStart(offset: number): number {
    return this.text.lastIndexOf('\n', offset - 1) + 1
  }

  /** Past the line's break; at the end of the text when there is none. */
  lineEnd(offset: number): number {
    const found = this.text.indexOf('\n', offset)
    return found < 0 ? this.text.length : found + 1
  }

  columnOf(offset: number): number {
    return offset - this.lineStart(offset)
  }

  /** Whether nothing but indentation and dashes stands before this place on its line. */
  opensLine(offset: number): boolean {
    return BEFORE_KEY.test(this.text.slice(this.lineStart(offset), offset))
  }

  /** Whether nothing but indentation stands before this place on its line. */
  ownsLine(offset: number): boolean {
    return this.text.slice(this.lineStart(offset), offset).trim() === ''
  }
}

export function startOf(node: Node): number {
  return node.range?.[0] ?? 0
}

export function endOf(node: Node): number {
  return node.range?.[1] ?? 0
}

function isMerge(key: Scalar): boolean {
  return key.source === '<<' && key.type === 'PLAIN'
}

function childrenOf(node: YAMLMap | YAMLSeq): Node[] {
  const items = node.items as (Node | Pair<Node, Node | null>)[]
  return items.flatMap((item) => {
    if (!('key' in item)) return [item]
    return item.value === null ? [item.key] : [item.key, item.value]
  })
}
