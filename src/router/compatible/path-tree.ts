// Plain paths and the literal beginnings of regex paths as a radix tree over characters: prefixes match anywhere in
// a segment, so segments are of no use.
import type { RouteQuestion } from '../contract.js'

/** What a tree holds, by the text that a path has to begin with. */
export interface Prefixed {
  /** Place in the order of trial. */
  readonly order: number
  readonly literalPrefix: string
}

/** Who looks at what the tree has for a path. */
export interface PathSearch<C> {
  /** Only a candidate before this place in the order can still win. */
  readonly bestOrder: number
  /** @param candidates in order of trial */
  consider(candidates: readonly C[], question: RouteQuestion): void
}

interface PathNode<C> {
  /** The characters between the parent and this node. */
  label: string
  /** In order of trial. */
  candidates: C[]
  /** By the first character of their label. */
  children: Map<number, PathNode<C>> | null
  /** The first in order among the candidates here and below. */
  first: number
}

const NO_CANDIDATES: never[] = []

export class PathTree<C extends Prefixed> {
  readonly #root: PathNode<C> = newNode('')

  /** Takes candidates in order of trial. */
  insert(candidate: C): void {
    insert(this.#root, candidate)
  }

  /** Puts every candidate to the search whose text the path begins with, as far as one can still win. */
  // HOT PATH
  walk(search: PathSearch<C>, question: RouteQuestion): void {
    const { path } = question
    let node = this.#root
    let at = 0
    while (node.first < search.bestOrder) {
      search.consider(node.candidates, question)
      const child = node.children?.get(path.charCodeAt(at))
      if (child === undefined) return
      const { label } = child
      for (let i = 1; i < label.length; i++) {
        // Past the end of the path this compares with NaN, and fails as it must.
        if (path.charCodeAt(at + i) !== label.charCodeAt(i)) return
      }
      at += label.length
      node = child
    }
  }
}

function newNode<C>(label: string): PathNode<C> {
  return { label, candidates: NO_CANDIDATES, children: null, first: Infinity }
}

function insert<C extends Prefixed>(root: PathNode<C>, candidate: C): void {
  const text = candidate.literalPrefix
  let node = root
  node.first = Math.min(node.first, candidate.order)
  for (let at = 0; at < text.length; at += node.label.length) {
    node = childFor(node, text, at)
    node.first = Math.min(node.first, candidate.order)
  }
  if (node.candidates === NO_CANDIDATES) node.candidates = [candidate]
  else node.candidates.push(candidate)
}

/** The child that the text goes on in; its label is all of it in the text, or is cut so that it is. */
function childFor<C>(node: PathNode<C>, text: string, at: number): PathNode<C> {
  const key = text.charCodeAt(at)
  node.children ??= new Map<number, PathNode<C>>()
  const child = node.children.get(key)
  if (child === undefined) {
    const leaf = newNode<C>(text.slice(at))
    node.children.set(key, leaf)
    return leaf
  }
  let shared = 1
  while (shared < child.label.length && child.label[shared] === text[at + shared]) shared++
  if (shared === child.label.length) return child

  const upper = newNode<C>(child.label.slice(0, shared))
  upper.first = child.first
  upper.children = new Map([[child.label.charCodeAt(shared), child]])
  child.label = child.label.slice(shared)
  node.children.set(key, upper)
  return upper
}
