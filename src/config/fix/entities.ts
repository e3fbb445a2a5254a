// The entities of a document, wherever they are nested, and the configurations of its plugins.
import type { Node, YAMLMap, YAMLSeq } from 'yaml'
import { collectionOf } from '../entities/collections.js'
import type { DocumentPath } from '../places.js'
import type { Entry, Tree } from './tree.js'

export interface Entity {
  /** As in `services`. */
  readonly collection: string
  readonly map: YAMLMap
  readonly fields: ReadonlyMap<string, Entry>
  readonly path: DocumentPath
  readonly parent: Entity | null
}

export interface EntityList {
  readonly collection: string
  readonly entry: Entry
  readonly seq: YAMLSeq
  readonly path: DocumentPath
  readonly parent: Entity | null
}

export interface PluginConfig {
  readonly name: string
  readonly map: YAMLMap
  readonly fields: ReadonlyMap<string, Entry>
  readonly path: DocumentPath
  /** The plugin entry itself. */
  readonly plugin: Entity
}

/** Every list of entities; one that is reached through several aliases comes once. */
export function entityLists(tree: Tree): EntityList[] {
  const root = tree.mapAt(tree.root)
  if (root === null) return []
  const found: EntityList[] = []
  const seen = new Set<Node>()
  const visit = (fields: ReadonlyMap<string, Entry>, path: DocumentPath, parent: Entity | null) => {
    for (const [collection, entry] of fields) {
      if (collectionOf(collection) === undefined) continue
      const seq = tree.seqAt(entry.raw)
      if (seq === null || seen.has(seq)) continue
      seen.add(seq)
      const list = { collection, entry, seq, path: [...path, collection], parent }
      found.push(list)
      for (const entity of entitiesIn(tree, list)) visit(entity.fields, entity.path, entity)
    }
  }
  visit(tree.fields(root), [], null)
  return found
}

export function entitiesIn(tree: Tree, list: EntityList): Entity[] {
  const { collection, seq, parent } = list
  return seq.items.flatMap((item, index) => {
    const map = tree.mapAt(item as Node)
    if (map === null) return []
    return [{ collection, map, fields: tree.fields(map), path: [...list.path, index], parent }]
  })
}

export function entities(tree: Tree, collection?: string): Entity[] {
  return entityLists(tree)
    .filter((list) => collection === undefined || list.collection === collection)
    .flatMap((list) => entitiesIn(tree, list))
}

export function pluginConfigs(tree: Tree): PluginConfig[] {
  return entities(tree, 'plugins').flatMap((plugin) => {
    const name = tree.textOf(plugin.fields.get('name')?.raw)
    const map = tree.mapAt(plugin.fields.get('config')?.raw)
    if (name === undefined || map === null) return []
    return [{ name, map, fields: tree.fields(map), path: [...plugin.path, 'config'], plugin }]
  })
}
