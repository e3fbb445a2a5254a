// An entity between the file and the snapshot: found, but not yet resolved.
import type { Collection, Fields } from './entities/collection.js'
import type { DocumentPath } from './places.js'

export interface Draft {
  readonly collection: Collection
  /** Where it stands in the document. */
  readonly path: DocumentPath
  /** Its own fields; complete once its schema has been applied. */
  readonly fields: Fields
  /** For a use of a plugin the fields of `config` that the file itself has, before defaults are filled in. */
  readonly written: readonly string[]
  /** Fields that the file leaves out and that are made up, new at every load. */
  readonly madeUp: readonly string[]
  readonly id: string
  /** Whether the id is the same in every process. */
  readonly hasStableId: boolean
  /** For a nested entity the field that names its parent; null at the top level. */
  readonly parentField: string | null
  /** By field; null for a reference that is not set, or wrong and already reported. */
  readonly references: Map<string, Reference | null>
}

export type Reference =
  /** The entity that this one is nested in. */
  | { readonly kind: 'parent'; readonly draft: Draft }
  /** A name or an id, written as text. */
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'id'; readonly id: string }
  /** What one of the above turned out to be. */
  | { readonly kind: 'resolved'; readonly draft: Draft }
