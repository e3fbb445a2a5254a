// References written as maps: `service: {name: x}`, where Kong takes the name alone.
import { isMap } from 'yaml'
import { collectionOf } from '../entities/collections.js'
import { entities, type Entity } from './entities.js'
import { draft, type Draft, type Fixer } from './fix.js'
import { startOf, type Entry, type Tree } from './tree.js'

export const fixReferences: Fixer = (tree) =>
  entities(tree).flatMap((entity) => {
    const collection = collectionOf(entity.collection)
    if (collection === undefined) return []
    return Object.entries(collection.references).flatMap(([field, target]) => {
      const entry = entity.fields.get(field)
      const endpointKey = collectionOf(target)?.endpointKey
      if (entry === undefined || !endpointKey) return []
      return toName(tree, entity, entry, endpointKey)
    })
  })

function toName(tree: Tree, entity: Entity, entry: Entry, endpointKey: string): Draft[] {
  const map = entry.raw
  if (!isMap(map) || tree.hasAnchor(map) || map.items.length !== 1) return []
  const name = tree.entries(map)[0]
  if (name?.key !== endpointKey || name.raw === null) return []
  const end = tree.endOfNode(map)
  const start = startOf(name.raw)
  const value = tree.text.slice(start, tree.endOf(name))
  if (value.includes('\n')) return []
  // In block style the name moves up to its key; a comment in between would be lost.
  const from = map.flow === true ? startOf(map) : afterColon(tree, entry)
  if (from === null || tree.text.slice(from, start).includes('#')) return []
  const text = map.flow === true ? value : ` ${value}`
  const message = `a reference is the ${endpointKey} alone`
  return draft([...entity.path, entry.key], startOf(map), [{ start: from, end, text }], message)
}

function afterColon(tree: Tree, { keyNode, raw }: Entry): number | null {
  const start = keyNode.range?.[1] ?? 0
  const colon = tree.text.indexOf(':', start)
  return raw !== null && colon >= 0 && colon < startOf(raw) ? colon + 1 : null
}
