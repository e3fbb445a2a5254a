// From the tree of a document to one flat list of entities, nested ones linked to their parents, each held against
// its schema on the way.
import type { RouterFlavour } from '../../schemas/route.js'
import type { JSONSchema } from '../../schemas/types.js'
import type { Collection, Fields } from './entities/collection.js'
import { collectionOf, childrenOf, COLLECTIONS, FORMAT_VERSIONS } from './entities/collections.js'
import type { Draft, Reference } from './draft.js'
import type { Fault, Report } from './faults.js'
import { Identities } from './identity.js'
import { maskFaults } from './masks.js'
import type { DocumentPath } from './places.js'
import { checkSchema } from './schema-check.js'
import { isRecord } from './settle.js'
import { unknownField } from './translate.js'

const NONE: readonly string[] = []
/** Shared by all entities that have none, and so never written to. */
const NO_REFERENCES = new Map<string, Reference | null>()
const NONE_NESTED: [collection: Collection, list: unknown][] = []
const META_FIELDS = ['_format_version', '_transform', '_comment', '_ignore']
const KNOWN_FIELDS = [...META_FIELDS, ...COLLECTIONS.map(({ name }) => name)]

/** Beyond these nothing is looked for any more: a file may have a million. */
const MAX_FAULTS = 10_000

export interface Flat {
  /** In file order, parents before their children. */
  readonly drafts: readonly Draft[]
  readonly faults: Fault[]
  readonly warnings: Fault[]
}

export interface FlattenContext {
  /** Milliseconds since the epoch. */
  readonly now: number
  /** Whether that plugin may be used; some collections are there only with theirs. */
  isEnabled(plugin: string): boolean
  readonly routerFlavour: RouterFlavour
}

/** @param root the document, already migrated to format 3.0 */
export function flatten(root: Record<string, unknown>, context: FlattenContext): Flat {
  const flattener = new Flattener(context)
  flattener.readRoot(root)
  return flattener
}

class Flattener implements Flat {
  readonly drafts: Draft[] = []
  readonly faults: Fault[] = []
  readonly warnings: Fault[] = []
  readonly #context: FlattenContext
  readonly #identities = new Identities()

  constructor(context: FlattenContext) {
    this.#context = context
  }

  readRoot(root: Record<string, unknown>): void {
    this.#readMeta(root)
    for (const [key, value] of Object.entries(root)) {
      if (META_FIELDS.includes(key)) continue
      const collection = this.#enabled(key)
      if (collection !== undefined) this.#readList(collection, value, [key], null)
      else this.faults.push(unknownField([], key, KNOWN_FIELDS))
    }
  }

  #enabled(name: string): Collection | undefined {
    const collection = collectionOf(name)
    if (collection === undefined || collection.plugin === null) return collection
    return this.#context.isEnabled(collection.plugin) ? collection : undefined
  }

  #readMeta(root: Record<string, unknown>): void {
    const { _format_version: version, _transform: transform } = root
    const report = (field: string, message: string, hint?: string) => {
      const fault = { path: [field], message }
      this.faults.push(hint === undefined ? fault : { ...fault, hint })
    }
    if (version === undefined || version === null) {
      report(
        '_format_version',
        'required field missing',
        'begin the file with _format_version: "3.0"',
      )
    } else if (typeof version !== 'string') {
      report('_format_version', 'expected a string')
    } else if (!FORMAT_VERSIONS.includes(version)) {
      report('_format_version', `expected one of: ${FORMAT_VERSIONS.join(', ')}`)
    }
    if (transform === null) report('_transform', 'required field missing')
    else if (transform !== undefined && typeof transform !== 'boolean') {
      report('_transform', 'expected a boolean')
    }
    this.#readNotes(root, [])
  }

  /** `_comment` and `_ignore`, which any entity may have. */
  #readNotes({ _comment, _ignore }: Record<string, unknown>, path: DocumentPath): void {
    if ((_comment ?? null) !== null && typeof _comment !== 'string') {
      this.faults.push({ path: [...path, '_comment'], message: 'expected a string' })
    }
    if ((_ignore ?? null) !== null && !Array.isArray(_ignore)) {
      this.faults.push({ path: [...path, '_ignore'], message: 'expected an array' })
    }
  }

  #readList(
    collection: Collection,
    list: unknown,
    path: DocumentPath,
    parent: Parent | null,
  ): void {
    // Kong reads what is empty in any way as an empty list.
    if (list === null || (isRecord(list) && Object.keys(list).length === 0)) return
    if (!Array.isArray(list)) {
      this.faults.push({ path, message: 'expected an array' })
      return
    }
    for (const [index, item] of list.entries()) {
      if (this.faults.length > MAX_FAULTS) return
      const at = [...path, index]
      if (isRecord(item)) this.#readEntity(collection, item, at, parent)
      else this.faults.push({ path: at, message: 'expected a record' })
    }
  }

  #readEntity(
    collection: Collection,
    raw: Record<string, unknown>,
    path: DocumentPath,
    parent: Parent | null,
  ): void {
    this.#readNotes(raw, path)
    const { fields, references, nested } = this.#split(collection, raw)
    const report: Report = (fault) => {
      const place = fault.place === undefined ? {} : { place: [...path, ...fault.place] }
      this.faults.push({ ...fault, ...place, path: [...path, ...fault.path] })
    }
    // In what was read, since a key may be kept in another form.
    for (const fault of maskFaults(collection, raw)) report(fault)
    const madeUp = this.#identities.makeUp(collection, fields, parent?.draft.id ?? '')
    const canGoOn = collection.read?.(fields, report) ?? true
    for (const field of referenceFields(collection)) {
      references.set(field, readReference(collection, field, raw[field], parent, report))
    }
    const { id, hasStableId } = this.#identities.identify(collection, fields, references)
    const draft: Draft = {
      collection,
      path,
      fields,
      written: writtenIn(fields.config),
      madeUp,
      id,
      hasStableId,
      parentField: parent?.field ?? null,
      references,
    }
    this.drafts.push(draft)
    if (canGoOn) this.#check(draft, raw, report)
    for (const [child, list] of nested) {
      const field = childrenOf(collection.name).get(child.name) ?? ''
      this.#readList(child, list, [...path, child.name], { draft, field })
    }
  }

  #check({ collection, fields, references, path }: Draft, raw: Fields, report: Report): void {
    const { faults, warnings } = checkSchema(this.#schemaOf(collection), fields)
    for (const warning of warnings) {
      this.warnings.push({ ...warning, path: [...path, ...warning.path] })
    }
    for (const fault of faults) {
      if (fault.message === 'unknown field' && fault.path.length === 1) {
        report(this.#unknownIn(collection, String(fault.path[0])))
      } else {
        report(placeInShorthand(fault, raw, collection))
      }
    }
    for (const field of collection.requiredReferences) {
      const isMissing = references.get(field) === null && (raw[field] ?? null) === null
      if (isMissing) report({ path: [field], message: 'required field missing' })
    }
    if (collection.check === undefined) return
    const { now, routerFlavour } = this.#context
    const links = new Set(Array.from(references.keys()).filter((field) => references.get(field)))
    collection.check(fields, report, { now, routerFlavour, links })
  }

  #schemaOf({ schema, expressionSchema }: Collection): JSONSchema {
    return this.#context.routerFlavour === 'expressions' ? (expressionSchema ?? schema) : schema
  }

  #unknownIn(collection: Collection, name: string): Fault {
    return unknownField([], name, [
      ...Object.keys(this.#schemaOf(collection).properties ?? {}),
      ...Object.keys(collection.references),
      ...childrenOf(collection.name).keys(),
      ...Object.keys(collection.shorthands),
    ])
  }

  /** Tells an entity's own fields from its references and from what is nested in it. */
  #split(collection: Collection, raw: Record<string, unknown>): SplitEntity {
    const foreign = referenceFields(collection)
    const children = childrenOf(collection.name)
    const fields: Fields = {}
    let nested: [collection: Collection, list: unknown][] = NONE_NESTED
    for (const key of Object.keys(raw)) {
      if (key === '_comment' || key === '_ignore' || foreign.includes(key)) continue
      const child = children.has(key) ? this.#enabled(key) : undefined
      if (child === undefined) define(fields, key, raw[key])
      else if (nested === NONE_NESTED) nested = [[child, raw[key]]]
      else nested.push([child, raw[key]])
    }
    const references = foreign.length === 0 ? NO_REFERENCES : new Map<string, Reference | null>()
    return { fields, references, nested }
  }
}

interface Parent {
  readonly draft: Draft
  /** The child's field that names the parent. */
  readonly field: string
}

interface SplitEntity {
  readonly fields: Fields
  readonly references: Map<string, Reference | null>
  readonly nested: readonly (readonly [collection: Collection, list: unknown])[]
}

const fieldsOf = new WeakMap<Collection, readonly string[]>()

/** Asked for once per entity, of which a file may have a million. */
function referenceFields(collection: Collection): readonly string[] {
  const known = fieldsOf.get(collection)
  if (known !== undefined) return known
  const fields = Object.keys(collection.references)
  fieldsOf.set(collection, fields)
  return fields
}

function readReference(
  collection: Collection,
  field: string,
  value: unknown,
  parent: Parent | null,
  report: Report,
): Reference | null {
  const isEmpty = value === undefined || value === null
  if (field === parent?.field) {
    // Kong takes any name here and then the parent all the same; one that means another entity is a mistake.
    if (!isEmpty && !meansParent(value, parent.draft)) {
      const hint = 'it belongs to the entity that it is nested in'
      report({ path: [field], message: 'value must be null', hint })
    }
    return { kind: 'parent', draft: parent.draft }
  }
  if (isEmpty) return null
  if (typeof value === 'string') return { kind: 'text', text: value }
  if (!isRecord(value)) {
    report({ path: [field], message: 'expected a record', hint: 'write the name or the id' })
    return null
  }
  if (typeof value.id === 'string') return { kind: 'id', id: value.id }
  const target = collectionOf(collection.references[field] ?? '')
  const hint =
    target?.endpointKey === null
      ? `write the id itself, as in ${field}: ID`
      : `write the name itself, as in ${field}: NAME`
  report({ path: [field, 'id'], message: 'missing primary key', hint })
  return null
}

function meansParent(value: unknown, { collection, fields, id }: Draft): boolean {
  if (isRecord(value)) return value.id === id
  const { endpointKey } = collection
  return value === id || (endpointKey !== null && value === fields[endpointKey])
}

/** A field that the file does not hold was made from a shorthand: point there. */
function placeInShorthand(fault: Fault, raw: Fields, { shorthands }: Collection): Fault {
  const [field] = fault.path
  const source = Object.keys(shorthands).find((name) => raw[name] !== undefined)
  if (source === undefined || typeof field !== 'string' || Object.hasOwn(raw, field)) return fault
  return { ...fault, place: [source] }
}

/** Sets a key whatever its name; plain assignment of `__proto__` would do something else. */
function define(fields: Fields, key: string, value: unknown): void {
  if (key !== '__proto__') fields[key] = value
  else Object.defineProperty(fields, key, { value, enumerable: true, configurable: true })
}

/** Null says nothing, as if the field were not there. */
function writtenIn(config: unknown): readonly string[] {
  return isRecord(config) ? Object.keys(config).filter((key) => config[key] !== null) : NONE
}
