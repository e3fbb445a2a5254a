// References to what is not there: the name that was probably meant.
import { closest } from '../../util/closest.js'
import { childrenOf, collectionOf, COLLECTIONS } from '../entities/collections.js'
import type { CollectionName } from '../entities/collection.js'
import { isRecord } from '../settle.js'
import type { Clue } from './clue.js'

export function hintOnReference({ message, value, root }: Clue): string | undefined {
  const target = /^invalid reference .* \(no such entry in '([a-z_]+)'\)$/.exec(message)?.[1]
  const collection = collectionOf(target ?? '')
  if (collection === undefined || collection.isCredential || typeof value !== 'string') {
    return undefined
  }
  const names = new Set<string>()
  collectNames(root, collection.name, collection.endpointKey ?? 'id', names)
  const meant = closest(value, names)
  if (meant !== undefined) return `did you mean ${meant}?`
  return names.size === 0 && collection.endpointKey !== null
    ? `the file has no ${collection.name} with a name`
    : undefined
}

/** Wherever entities of that collection may stand. */
function collectNames(
  from: Readonly<Record<string, unknown>>,
  target: CollectionName,
  key: string,
  names: Set<string>,
  lists: readonly CollectionName[] = COLLECTIONS.map(({ name }) => name),
): void {
  for (const list of lists) {
    const entries = from[list]
    if (!Array.isArray(entries)) continue
    for (const entry of entries) {
      if (!isRecord(entry)) continue
      const name = entry[key]
      if (list === target && typeof name === 'string') names.add(name)
      const inside = [...childrenOf(list).keys()] as CollectionName[]
      collectNames(entry, target, key, names, inside)
    }
  }
}
