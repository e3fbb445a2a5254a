// An entity by itself that is wrong, as Kong says it (kong/db/errors.lua, schema_violation).
import type { Fault } from '../../config/faults.js'
import type { CollectionName } from '../../config/entities/collection.js'
import { json, type PageAnswer } from '../pages/page.js'
import { fileFaults, nameOf, toJson, type FaultBranch, type FaultTree } from './fault-tree.js'
import { luaBlock } from './lua-text.js'

/** @param faults with paths below the entity */
export function schemaViolation(
  collection: CollectionName,
  faults: readonly Pick<Fault, 'path' | 'message'>[],
): PageAnswer {
  const filed = fileFaults(
    faults.map(({ path, message }) => ({ steps: [collection, 0, ...path], message })),
  )
  const tree = below(below(filed, collection), 0)
  const texts = textsOf(tree)
  const count = texts.length === 1 ? 'schema violation' : `${texts.length} schema violations`
  return json(400, {
    code: 2,
    name: 'schema violation',
    message: `${count} (${texts.join('; ')})`,
    fields: toJson(tree),
  })
}

function below(tree: FaultBranch, step: string | number): FaultBranch {
  const found = tree.get(step)
  if (found instanceof Map) return found
  return new Map(found === undefined ? [] : [['@entity', new Map([[0, found]])]])
}

/** One for each fault, but what is deeper than two steps is printed as it is. */
function textsOf(tree: FaultBranch): string[] {
  const names = [...tree.keys()].map(String).sort()
  return names.flatMap((name) => {
    const fault = tree.get(name)
    if (fault === undefined) return []
    if (typeof fault === 'string') return [`${name}: ${fault}`]
    if (name === '@entity') return [...fault.values()].map(printed)
    const inner = [...fault].map(([key, value]): [string, FaultTree] => [nameOf(key), value])
    inner.sort(([a], [b]) => (a < b ? -1 : 1))
    return inner.map(([key, value]) => `${name}.${key}: ${printed(value)}`)
  })
}

function printed(fault: FaultTree): string {
  return typeof fault === 'string' ? fault : luaBlock(fault)
}
