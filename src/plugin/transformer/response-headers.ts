// The headers of the answer. Kong judges every condition on the headers as they came, and works on those that are there.
import type { Headers } from '../../util/header-list.js'
import { textOf } from '../../util/lua/run/values.js'
import { namedValue, type NamedValue } from './named-value.js'

interface Lists {
  readonly headers: readonly string[]
}

/** What the configurations of the plugins that change answers say of headers. */
export type HeaderConfig = Readonly<
  Record<'remove' | 'rename' | 'replace' | 'add' | 'append', Lists>
>

/** Takes single values out of a header; changes what `headers` holds of it. */
export type ValueRemoval = (headers: Headers) => void

/** What is to be done, in the order in which it is done; only what has a value. */
export interface HeaderSteps {
  readonly remove: readonly string[]
  readonly removeValues: readonly ValueRemoval[]
  readonly rename: readonly NamedValue[]
  readonly replace: readonly NamedValue[]
  readonly add: readonly NamedValue[]
  readonly append: readonly NamedValue[]
}

/**
 * Null when there is nothing to do.
 * @param removal what an entry of `remove` with a value asks for; left out: the whole header is removed, whatever stands
 *   behind its name, as Kong's response-transformer does
 */
export function headerSteps(
  { remove, rename, replace, add, append }: HeaderConfig,
  removal?: (entry: NamedValue, place: number) => ValueRemoval,
): HeaderSteps | null {
  const removals = remove.headers.map(namedValue).map(withHeaderName)
  const isWhole = ({ value }: NamedValue): boolean => removal === undefined || value === ''
  const steps = {
    remove: removals.filter(isWhole).map(({ name }) => name),
    removeValues:
      removal === undefined
        ? []
        : removals.flatMap((entry, i) => (isWhole(entry) ? [] : [removal(entry, i)])),
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
    .map(withHeaderName)
}

function withHeaderName({ name, value }: NamedValue): NamedValue {
  return { name: headerName(name), value }
}

/** nginx's Lua module writes `_` in the names of an answer's headers as `-`. */
function headerName(name: string): string {
  return name.replaceAll('_', '-')
}

/** HOT PATH */
export function changeAnswerHeaders(headers: Headers, steps: HeaderSteps): void {
  const { remove, removeValues, rename, replace, add, append } = steps
  const replaces = presenceOf(headers, replace)
  const adds = presenceOf(headers, add)
  for (const removal of removeValues) removal(headers)
  const renamed = valuesOf(headers, rename)
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
  // Kept as bytes, while a header is set as text.
  for (const { name } of pairs) all.push(headers.getAll(name).map(textOf))
  return all
}

function presenceOf(headers: Headers, pairs: readonly NamedValue[]): readonly boolean[] {
  if (pairs.length === 0) return NO_ANSWERS
  const all: boolean[] = []
  for (const { name } of pairs) all.push(headers.has(name))
  return all
}
