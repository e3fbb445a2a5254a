// Single values taken out of a header: by what they are, or by a regular expression between slashes.
import { compilePattern, ConfigFault, textOf, type NamedValue, type ValueRemoval } from 'gw/plugin'

/**
 * @param place of the entry in `remove.headers`
 * @throws ConfigFault for a regular expression that is none
 */
export function valueRemoval({ name, value }: NamedValue, place: number): ValueRemoval {
  const matches = matcherOf(value, place)
  // Commas are part of a cookie (RFC 6265, 3).
  const isList = name.toLowerCase() !== 'set-cookie'
  return (headers) => {
    const lines = headers.getAll(name)
    const kept = lines.flatMap((line) => withoutValues(line, isList, matches))
    if (kept.length === lines.length && kept.every((line, i) => line === lines[i])) return
    // Kept as bytes, while a header is set as text.
    headers.set(name, kept.map(textOf))
  }
}

type Matcher = (value: string) => boolean

function withoutValues(line: string, isList: boolean, matches: Matcher): readonly string[] {
  const values = isList ? line.split(',') : [line]
  const kept = values.filter((value) => !matches(textOf(value.trim())))
  if (kept.length === values.length) return [line]
  return kept.length === 0 ? [] : [kept.join(',').trim()]
}

function matcherOf(value: string, place: number): Matcher {
  const [, pattern] = /^\/(.*)\/$/s.exec(value) ?? []
  if (pattern === undefined) {
    const values = new Set(value.split(',').map((one) => one.trim()))
    return (one) => values.has(one)
  }
  const regex = patternOf(pattern, place)
  return (one) => regex.test(one)
}

function patternOf(pattern: string, place: number): RegExp {
  try {
    return compilePattern(pattern)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    const field = `remove.headers[${String(place)}]`
    throw new ConfigFault(field, `not a valid regex: ${pattern}`, why)
  }
}
