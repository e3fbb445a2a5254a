// Values of a file held against each other.
import { isRecord } from '../../config/settle.js'

export type Fields = Record<string, unknown>

/** One text for one value, whatever order its keys have. */
export function stable(value: unknown): string {
  // Nothing is no value of JSON.
  if (value === undefined) return ''
  return JSON.stringify(value, (_, item: unknown) => (isRecord(item) ? inOrder(item) : item))
}

export function isSame(a: unknown, b: unknown): boolean {
  return a === b || stable(a) === stable(b)
}

/** For lists in which order says nothing. */
export function sorted(list: readonly unknown[]): unknown[] {
  return list
    .map((item) => ({ item, key: stable(item) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ item }) => item)
}

export function mapValues(record: Fields, map: (value: unknown, key: string) => unknown): Fields {
  const mapped: Fields = {}
  for (const [key, value] of Object.entries(record)) put(mapped, key, map(value, key))
  return mapped
}

/** For a key of any name; plain assignment of `__proto__` would do something else. */
export function put(record: Fields, key: string, value: unknown): void {
  if (key !== '__proto__') record[key] = value
  else Object.defineProperty(record, key, { value, enumerable: true, configurable: true })
}

/** What stands at `a.b.c`; undefined for nothing. */
export function valueAt(value: unknown, path: string): unknown {
  let found = value
  for (const step of path.split('.')) {
    found = isRecord(found) && Object.hasOwn(found, step) ? found[step] : undefined
  }
  return found
}

export interface ValueChange {
  readonly path: readonly string[]
  /** Undefined where it is not set. */
  readonly old: unknown
  readonly new: unknown
}

/** Field by field, down into records; a list counts as one value. */
export function changesBetween(a: Fields, b: Fields): ValueChange[] {
  const found: ValueChange[] = []
  collect(a, b, [], found)
  return found
}

function collect(a: Fields, b: Fields, path: readonly string[], found: ValueChange[]): void {
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const [before, after] = [own(a, key), own(b, key)]
    if (isSame(before, after)) continue
    const at = [...path, key]
    const isDeep = [before, after].every((value) => value === undefined || isRecord(value))
    if (isDeep) collect(asRecord(before), asRecord(after), at, found)
    else found.push({ path: at, old: before, new: after })
  }
}

function own(record: Fields, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : undefined
}

function asRecord(value: unknown): Fields {
  return isRecord(value) ? value : {}
}

function inOrder(record: Fields): Fields {
  const ordered: Fields = {}
  for (const key of Object.keys(record).sort()) put(ordered, key, record[key])
  return ordered
}
