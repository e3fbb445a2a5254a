// How lists and objects are written in parameters: the styles of OpenAPI 3.0 (RFC 6570 beneath them).
import type { ReadonlyQuery } from 'gw/plugin'

export type Style =
  'simple' | 'label' | 'matrix' | 'form' | 'spaceDelimited' | 'pipeDelimited' | 'deepObject'

export type Shape = 'scalar' | 'array' | 'object'

/** A value taken apart: texts, with the names of members where it is an object. */
export type Parts = readonly (readonly [name: string, text: string])[]

interface Written {
  readonly style: Style
  readonly explode: boolean
  readonly shape: Shape
  /** Percent-encoded, so that an escaped separator is none. */
  readonly isEscaped: boolean
}

/**
 * @param values as they stand: several only for the arguments of a query that go by one name
 * @returns 'malformed' for what is not written in that style
 */
export function partsOf(
  values: readonly string[],
  name: string,
  { style, explode, shape, isEscaped }: Written,
): Parts | 'malformed' {
  const [value = ''] = values
  switch (style) {
    case 'simple':
      return split(value, ',', { shape, explode, isEscaped })
    case 'label':
      if (!value.startsWith('.')) return 'malformed'
      return split(value.slice(1), explode ? '.' : ',', { shape, explode, isEscaped })
    case 'matrix':
      return matrix(value, name, shape, explode)
    case 'form':
    case 'spaceDelimited':
    case 'pipeDelimited':
    case 'deepObject':
      return query(values, style, shape, explode)
  }
}

const SEPARATORS = { form: ',', spaceDelimited: ' ', pipeDelimited: '|', deepObject: ',' } as const

function query(
  values: readonly string[],
  style: keyof typeof SEPARATORS,
  shape: Shape,
  explode: boolean,
): Parts | 'malformed' {
  if (shape === 'scalar' || (shape === 'array' && explode)) return values.map((text) => ['', text])
  const [value = '', ...more] = values
  if (more.length > 0) return 'malformed'
  return split(value, SEPARATORS[style], { shape, explode: false, isEscaped: false })
}

/** Members of an object that are arguments of their own; null when there are none. */
export function formMembers(
  args: ReadonlyQuery,
  memberOf: (arg: string) => string | null,
): Parts | null {
  const parts: (readonly [string, string])[] = []
  for (const arg of args.names()) {
    const member = memberOf(arg)
    if (member === null) continue
    for (const value of args.getAll(arg)) parts.push([member, value === true ? '' : value])
  }
  return parts.length === 0 ? null : parts
}

interface Splitting {
  readonly shape: Shape
  /** Members of objects are written `name=value`. */
  readonly explode: boolean
  readonly isEscaped: boolean
}

function split(
  value: string,
  separator: string,
  { shape, explode, isEscaped }: Splitting,
): Parts | 'malformed' {
  if (shape === 'scalar') return decoded([['', value]], isEscaped)
  const texts = value === '' ? [] : value.split(separator).map((text) => text.trim())
  if (shape === 'array')
    return decoded(
      texts.map((text) => ['', text]),
      isEscaped,
    )
  return decoded(explode ? namedParts(texts) : pairs(texts), isEscaped)
}

function pairs(texts: readonly string[]): Parts | 'malformed' {
  if (texts.length % 2 !== 0) return 'malformed'
  return texts.flatMap((text, i) => (i % 2 === 0 ? [[text, texts[i + 1] ?? ''] as const] : []))
}

/** `name=value` each. */
function namedParts(texts: readonly string[]): Parts | 'malformed' {
  const parts = texts.map((text): readonly [string, string] | null => {
    const equals = text.indexOf('=')
    return equals < 0 ? null : [text.slice(0, equals), text.slice(equals + 1)]
  })
  return parts.every((part) => part !== null) ? parts : 'malformed'
}

/** `;name=1,2`, or with explode `;name=1;name=2`, and the members of objects `;a=1;b=2`. */
function matrix(value: string, name: string, shape: Shape, explode: boolean): Parts | 'malformed' {
  if (!value.startsWith(';')) return 'malformed'
  const texts = value.slice(1).split(';')
  const named = namedParts(shape === 'object' && explode ? texts : texts.map(withEquals))
  if (named === 'malformed') return named
  if (shape === 'object' && explode) return decoded(named, true)
  if (named.some(([own]) => own !== name)) return 'malformed'
  if (shape === 'array' && explode) return decoded(named, true)
  const [only, ...more] = named
  if (only === undefined || more.length > 0) return 'malformed'
  return split(only[1], ',', { shape, explode: false, isEscaped: true })
}

/** `;name` alone is an empty value. */
function withEquals(text: string): string {
  return text.includes('=') ? text : `${text}=`
}

function decoded(parts: Parts | 'malformed', isEscaped: boolean): Parts | 'malformed' {
  if (parts === 'malformed' || !isEscaped) return parts
  try {
    return parts.map(([name, text]) => [decodeURIComponent(name), decodeURIComponent(text)])
  } catch {
    return 'malformed'
  }
}
