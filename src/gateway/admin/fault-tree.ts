// Faults as Kong's answers hold them: a tree of the document's fields, with messages for leaves.
import { ENTITY_CHECKS } from '../../plugin/rules/entity-checks.js'
import { collectionOf } from '../../config/entities/collections.js'
import type { DocumentPath } from '../../config/places.js'

export interface FaultAt {
  /** From the root of the document. */
  readonly steps: DocumentPath
  readonly message: string
}

/** A message, or what is below a field: numbers are indexes from 0, texts are names of fields. */
export type FaultTree = string | FaultBranch
export type FaultBranch = Map<string | number, FaultTree>

/** Where Kong files what is wrong with an entity as a whole. */
const ENTITY = '@entity'
/** Of a use of a plugin. */
const CONFIG = 'config'

/** What is said of an entity as a whole, and yet stands in its place in the list. */
const OF_THE_ENTRY = /^(?:uniqueness violation: |expected a record$)/
const UNIQUENESS = 'uniqueness violation: '

export function fileFaults(faults: readonly FaultAt[]): FaultBranch {
  const root: FaultBranch = new Map()
  for (const { steps, message } of faults) put(root, filedUnder({ steps, message }), message)
  return root
}

/** Whether Kong says it of the entity, not of one of its fields. */
export function isOfEntity({ steps, message }: FaultAt): boolean {
  const last = steps.at(-1)
  if (last === CONFIG) return steps.at(-3) === 'plugins' && ENTITY_CHECKS.test(message)
  return typeof last === 'number' && collectionOf(String(steps.at(-2))) !== undefined
}

function filedUnder(fault: FaultAt): DocumentPath {
  const { steps, message } = fault
  // Kong finds these in flat lists, and counts what is nested from the beginning of its own.
  if (message.startsWith(UNIQUENESS)) return steps.slice(-2)
  if (OF_THE_ENTRY.test(message) || !isOfEntity(fault)) return steps
  return [...(steps.at(-1) === CONFIG ? steps.slice(0, -1) : steps), ENTITY]
}

/**
 * What has no place of its own stands with what is said of the entity. Of a configuration as a whole Kong says something
 * only while its fields are right.
 */
function put(root: FaultBranch, steps: DocumentPath, message: string): void {
  const leaf = steps.at(-1) ?? ENTITY
  const branch = steps.slice(0, -1).reduce<FaultBranch>(branchAt, root)
  if (leaf === ENTITY) {
    addToEntity(branch, message)
    return
  }
  const known = branch.get(leaf)
  if (known === undefined) branch.set(leaf, message)
  else if (typeof known !== 'string' && leaf !== CONFIG) addToEntity(known, message)
}

function branchAt(around: FaultBranch, step: string | number): FaultBranch {
  const known = around.get(step)
  if (known !== undefined && typeof known !== 'string') return known
  const branch: FaultBranch = new Map()
  if (known !== undefined && step !== CONFIG) addToEntity(branch, known)
  around.set(step, branch)
  return branch
}

function addToEntity(branch: FaultBranch, message: string): void {
  const list = branch.get(ENTITY)
  if (list instanceof Map) list.set(list.size, message)
  else branch.set(ENTITY, new Map([[0, message]]))
}

/** From which index on, and how much emptier than full, cjson writes a list as an object. */
const SPARSE = { from: 10, ratio: 2 }

/** For JSON: lists begin with nulls where the first entries are right. */
export function toJson(tree: FaultTree): unknown {
  if (typeof tree === 'string') return tree
  const indexes = [...tree.keys()].filter((key) => typeof key === 'number')
  if (indexes.length === tree.size && tree.size > 0) {
    const length = Math.max(...indexes) + 1
    if (length <= SPARSE.from || length <= tree.size * SPARSE.ratio) {
      return Array.from({ length }, (_, index) => {
        const below = tree.get(index)
        return below === undefined ? null : toJson(below)
      })
    }
  }
  const entries = [...tree].map(([key, below]) => [nameOf(key), toJson(below)])
  return Object.fromEntries(entries) as unknown
}

/** Lua counts from 1. */
export function nameOf(key: string | number): string {
  return typeof key === 'number' ? String(key + 1) : key
}
