// The headers of the answer. Kong judges every condition on the headers as they came, and works on those that are there.
import { namedValue, type ConfigOf, type Headers, type NamedValue } from 'gw/plugin'
import type { schema } from './schema.js'

type Config = ConfigOf<typeof schema>

/** What is to be done, in the order in which it is done; only what has a value. */
export interface HeaderSteps {
  readonly remove: readonly string[]
  readonly rename: readonly NamedValue[]
  readonly replace: readonly NamedValue[]
  readonly add: readonly NamedValue[]
  readonly append: readonly NamedValue[]
}

/** Null when there is nothing to do. */
export function headerSteps({ remove, rename, replace, add, append }: Config): HeaderSteps | null {
  const steps = {
    // Kong: what stands behind the name is ignored.
    remove: remove.headers.map((entry) => headerName(namedValue(entry).name)),
    rename: pairsOf(rename.headers).map(({ name, value }) => ({ name, value: headerName(value) })),
    replace: pairsOf(replace.headers),
    add: pairsOf(add.headers),
    append: pairsOf(append.headers),
  }
  return Object.values(steps).some((list) => list.length > 0) ? steps : null
}

function pairsOf(entries: readonly string[]): NamedValue[] {
  return entries
    .map(namedValue)
    .filter(({ value }) => value !== '')
    .map(({ name, value }) => ({ name: headerName(name), value }))
}

/** nginx's Lua module writes `_` in the names of an answer's headers as `-`. */
function headerName(name: string): string {
  return name.replaceAll('_', '-')
}

/** HOT PATH */
export function changeHeaders(headers: Headers, steps: HeaderSteps): void {
  const { remove, rename, replace, add, append } = steps
  const renamed = valuesOf(headers, rename)
  const replaces = presenceOf(headers, replace)
  const adds = presenceOf(headers, add)
  for (const name of remove) headers.remove(name)
  for (let i = 0; i < rename.length; i++) {
    const { name = '', value = '' } = rename[i] ?? {}
    const values = renamed[i] ?? NO_VALUES
    if (values.length === 0) continue
    headers.set(value, values)
    // Kong: a name that only changes its case is gone.
    headers.remove(name)
  }
  for (let i = 0; i < replace.length; i++) if (replaces[i] === true) set(headers, replace[i])
  for (let i = 0; i < add.length; i++) if (adds[i] === false) set(headers, add[i])
  for (const { name, value } of append) headers.add(name, value)
}

function set(headers: Headers, pair: NamedValue | undefined): void {
  if (pair !== undefined) headers.set(pair.name, pair.value)
}

const NO_VALUES: readonly string[] = []
const NO_LISTS: readonly (readonly string[])[] = []
const NO_ANSWERS: readonly boolean[] = []

function valuesOf(headers: Headers, pairs: readonly NamedValue[]): readonly (readonly string[])[] {
  if (pairs.length === 0) return NO_LISTS
  const all: (readonly string[])[] = []
  for (const { name } of pairs) all.push(headers.getAll(name))
  return all
}

function presenceOf(headers: Headers, pairs: readonly NamedValue[]): readonly boolean[] {
  if (pairs.length === 0) return NO_ANSWERS
  const all: boolean[] = []
  for (const { name } of pairs) all.push(headers.has(name))
  return all
}
