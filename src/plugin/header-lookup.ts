// Request headers as Kong's plugins find them: a `_` in the name that is asked for also stands for a `-`.
import type { ReadonlyHeaders } from '../util/header-list.js'

/** The spellings under which a configured header is looked for, first come first taken. Computed at load. */
export function headerSpellings(name: string): readonly string[] {
  const exact = name.toLowerCase()
  const dashed = exact.replaceAll('_', '-')
  return dashed === exact ? [exact] : [exact, dashed]
}

/** The first value of the header, or undefined when it is not there. HOT PATH */
export function valueOf(
  headers: ReadonlyHeaders,
  spellings: readonly string[],
): string | undefined {
  for (const spelling of spellings) {
    const value = headers.get(spelling)
    if (value !== undefined) return value
  }
  return undefined
}

/** The value of the header, or all of them when it comes more than once. HOT PATH */
export function valuesOf(
  headers: ReadonlyHeaders,
  spellings: readonly string[],
): string | readonly string[] | undefined {
  for (const spelling of spellings) {
    if (!headers.has(spelling)) continue
    const all = headers.getAll(spelling)
    return all.length === 1 ? all[0] : all
  }
  return undefined
}
