// All that a hint may go by: a fault, what the file holds at its place, and the entity around it.
import type { PluginSpec } from '../../plugin/contract.js'
import type { Collection } from '../entities/collection.js'
import { childrenOf, collectionOf } from '../entities/collections.js'
import type { Document } from '../document.js'
import { isSecret, placeOf, type Fault } from '../faults.js'
import type { DocumentPath } from '../places.js'
import type { PluginLookup } from '../plugin-lookup.js'
import { isRecord } from '../settle.js'

export interface Clue {
  readonly message: string
  readonly path: DocumentPath
  /** The field in question: the last name of the path, indexes aside. */
  readonly field: string
  /** What the file holds at the place that the fault points to. */
  readonly value: unknown
  /** An unquoted scalar as it stands in the file; undefined for anything else. */
  readonly plain: string | undefined
  /** Whether the value may be a secret: then a hint must not quote it. */
  readonly isSecret: boolean
  /** The entity around it; null at the top level. */
  readonly entity: Surrounding | null
  /** The path below the entity. */
  readonly within: DocumentPath
  /** The plugin that the entity is a use of. */
  readonly plugin: PluginSpec | undefined
  readonly plugins: PluginLookup
  readonly root: Readonly<Record<string, unknown>>
}

export interface Surrounding {
  readonly collection: Collection
  readonly fields: Readonly<Record<string, unknown>>
  /** The entities that it is nested in, the nearest first. */
  readonly parents: readonly Collection[]
}

/** The way out, if this is a fault that the rule knows. */
export type HintRule = (clue: Clue) => string | undefined

export function clueOf(fault: Fault, document: Document, plugins: PluginLookup): Clue {
  const { path, message } = fault
  const at = placeOf(fault)
  const root = isRecord(document.value) ? document.value : {}
  const { entity, within } = surrounding(path, root)
  const name = entity?.collection.name === 'plugins' ? entity.fields.name : undefined
  return {
    message,
    path,
    field: path.findLast((step) => typeof step === 'string') ?? '',
    value: valueAt(root, at),
    plain: plainScalar(document.written(at)),
    isSecret: isSecret(path) || isSecret(at),
    entity,
    within,
    plugin: typeof name === 'string' ? plugins.spec(name) : undefined,
    plugins,
    root,
  }
}

function surrounding(
  path: DocumentPath,
  root: Record<string, unknown>,
): Pick<Clue, 'entity' | 'within'> {
  const chain: Collection[] = []
  let depth = 0
  for (;;) {
    const [name, index] = path.slice(depth, depth + 2)
    const parent = chain[0]
    if (typeof name !== 'string' || typeof index !== 'number') break
    if (parent !== undefined && !childrenOf(parent.name).has(name)) break
    const collection = collectionOf(name)
    if (collection === undefined) break
    chain.unshift(collection)
    depth += 2
  }
  const [collection, ...parents] = chain
  const fields = valueAt(root, path.slice(0, depth))
  const entity =
    collection === undefined
      ? null
      : { collection, parents, fields: isRecord(fields) ? fields : {} }
  return { entity, within: path.slice(depth) }
}

export function valueAt(root: unknown, path: DocumentPath): unknown {
  let found = root
  for (const step of path) {
    if (typeof step === 'number')
      found = Array.isArray(found) ? (found as unknown[])[step] : undefined
    else found = isRecord(found) && Object.hasOwn(found, step) ? found[step] : undefined
  }
  return found
}

/** Up to what ends an unquoted scalar without spaces: those are the ones that turn out to be something else. */
function plainScalar(source: string | undefined): string | undefined {
  return /^[^\s"'[\]{}&*!|>,#](?:[^\s,[\]{}:#]|:(?!\s|$))*/.exec(source ?? '')?.[0]
}
