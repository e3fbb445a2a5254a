// The JavaScript source of a tree, for a RegExp with flag `v`.
//
// JavaScript has no atomic groups: a look-ahead with a group inside, and a reference to what that has matched, are the
// same, as a look-ahead is never entered a second time. Such groups, and those that share a number in PCRE, move the
// numbers of all others; `slots` says where they have gone.
import { foldsOf } from './regex-class.js'
import { childrenOf, isNullable, type Capture, type RegexNode } from './regex-tree.js'

/** Where the groups of the pattern are among those of the RegExp. */
export interface Slots {
  /** By the pattern's number of a group, those that may hold its text; at most one does. */
  readonly byNumber: readonly (readonly number[])[]
  /** In order of the pattern, one entry for each group that has a name. */
  readonly names: readonly (readonly [name: string, number: number])[]
}

export interface Emitted {
  readonly source: string
  /** Null when the groups of the RegExp are those of the pattern. */
  readonly slots: Slots | null
}

export function emitRegex(tree: RegexNode): Emitted {
  const captures = [...capturesIn(tree)]
  const given = captures.flatMap(({ name }) => (name === null ? [] : [name]))
  const isPlain =
    !hasAtomic(tree) &&
    captures.every(({ number }, index) => number === index + 1) &&
    new Set(given).size === given.length
  const emitter = new Emitter(isPlain)
  const source = emitter.emit(tree)
  if (isPlain) return { source, slots: null }
  const names = new Map(
    captures.flatMap(({ name, number }) =>
      name === null ? [] : [[`${number} ${name}`, [name, number] as const]],
    ),
  )
  return { source, slots: { byNumber: emitter.places, names: [...names.values()] } }
}

function* capturesIn(node: RegexNode): Generator<Capture> {
  if (node.kind === 'group' && node.capture !== null) yield node.capture
  for (const child of childrenOf(node)) yield* capturesIn(child)
}

function hasAtomic(node: RegexNode): boolean {
  return node.kind === 'atomic' || childrenOf(node).some(hasAtomic)
}

const SYNTAX_CHARACTER = /[\^$\\.*+?()[\]{}|/]/

class Emitter {
  /** By the pattern's number, the groups of the RegExp; 0 is the whole match. */
  readonly places: number[][] = [[0]]
  readonly #keepsNames: boolean
  #groups = 0

  constructor(keepsNames: boolean) {
    this.#keepsNames = keepsNames
  }

  emit(node: RegexNode): string {
    switch (node.kind) {
      case 'literal':
        return emitLiteral(node.char, node.fold)
      case 'class':
      case 'assertion':
        return node.source
      case 'group':
        return `${this.#open(node.capture)}${this.emit(node.body)})`
      case 'sequence':
        return node.items.map((item) => this.#emitItem(item)).join('')
      case 'choice':
        return node.items.map((item) => this.emit(item)).join('|')
      case 'repeat':
        // What can match nothing need not be left out: JavaScript would then forget its groups.
        if (node.mark === '?' && isNullable(node.item, true)) return this.#emitItem(node.item)
        return this.#emitRepeated(node.item) + node.mark
      case 'look':
        return `${node.open}${this.emit(node.body)})`
      case 'atomic': {
        const number = ++this.#groups
        return `(?:(?=(${this.emit(node.body)}))\\${number})`
      }
      case 'reference':
        // What has not taken part matches nothing, so of several the one that has is what counts. The group keeps a
        // digit that follows apart.
        return `(?:${(this.places[node.number] ?? []).map((place) => `\\${place}`).join('')})`
    }
  }

  #open(capture: Capture | null): string {
    if (capture === null) return '(?:'
    const place = ++this.#groups
    const places = (this.places[capture.number] ??= [])
    places.push(place)
    return this.#keepsNames && capture.name !== null ? `(?<${capture.name}>` : '('
  }

  #emitItem(node: RegexNode): string {
    return node.kind === 'choice' ? `(?:${this.emit(node)})` : this.emit(node)
  }

  #emitRepeated(node: RegexNode): string {
    const { kind } = node
    const isOneAtom = kind === 'literal' || kind === 'class' || kind === 'group'
    return isOneAtom ? this.emit(node) : `(?:${this.emit(node)})`
  }
}

function emitLiteral(char: string, fold: boolean): string {
  const escaped = SYNTAX_CHARACTER.test(char) ? `\\${char}` : char
  const others = fold ? foldsOf(char) : []
  return others.length === 0 ? escaped : `[${char}${others.join('')}]`
}
