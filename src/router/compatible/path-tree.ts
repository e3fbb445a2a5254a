// Plain paths and the literal beginnings of regex paths as a radix tree over characters: prefixes match anywhere in
// a segment, so segments are of no use.
import type { RouteQuestion } from '../contract.js'
import type { Candidate } from './candidate.js'
import type { Search } from './search.js'

interface PathNode {
  /** The characters between the parent and this node. */
  label: string
  /** In order of trial. */
  candidates: Candidate[]
  /** By the first character of their label. */
  children: Map<number, PathNode> | null
  /** The first in order among the candidates here and below. */
  first: number
}

const NO_CANDIDATES: Candidate[] = []

export class PathTree {
  readonly #root: PathNode = newNode('')

  /** Takes candidates in order of trial. */
  insert(candidate: Candidate): void {
    insert(this.#root, candidate)
  }

  /** Puts every candidate to the search whose text the path begins with, as far as one can still win. */
  // HOT PATH
  walk(search: Search, question: RouteQuestion): void {
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

function newNode(label: string): PathNode {
  return { label, candidates: NO_CANDIDATES, children: null, first: Infinity }
}

function insert(root: PathNode, candidate: Candidate): void {
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
function childFor(node: PathNode, text: string, at: number): PathNode {
  const key = text.charCodeAt(at)
  node.children ??= new Map<number, PathNode>()
  const child = node.children.get(key)
  if (child === undefined) {
    const leaf = newNode(text.slice(at))
    node.children.set(key, leaf)
    return leaf
  }
  let shared = 1
  while (shared < child.label.length && child.label[shared] === text[at + shared]) shared++
  if (shared === child.label.length) return child

  const upper = newNode(child.label.slice(0, shared))
  upper.first = child.first
  upper.children = new Map([[child.label.charCodeAt(shared), child]])
  child.label = child.label.slice(shared)
  node.children.set(key, upper)
  return upper
}
