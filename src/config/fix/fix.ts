// What a fixer is, and what it reports.
import type { DocumentPath } from '../places.js'
import type { Splice } from './splice.js'
import type { Tree } from './tree.js'

/** One change, while it is still splices of the text at hand. */
export interface Draft {
  readonly path: DocumentPath
  /** Offset of what is wrong. */
  readonly at: number
  /** What was done. Never shows a value that may be a secret. */
  readonly message: string
  /** What is not certain about it, or what else to do. */
  readonly note?: string
  readonly splices: readonly Splice[]
}

/** Finds one kind of mistake. Drafts that overlap are made one after the other, each in a round of its own. */
export type Fixer = (tree: Tree) => Draft[]

/** A change that was made. */
export interface Fix {
  /** As in `services[0].routes[1].paths[0]`. */
  readonly path: string
  /** In the text before all changes; 1-based. */
  readonly line: number
  readonly column: number
  readonly message: string
  readonly note?: string
}

/** A draft, or none where the writer does not know the layout. */
export function draft(
  path: DocumentPath,
  at: number,
  splices: readonly Splice[] | null,
  message: string,
  note?: string,
): Draft[] {
  if (splices === null) return []
  return [
    note === undefined ? { path, at, message, splices } : { path, at, message, note, splices },
  ]
}
