// Content types as Kong compares them: the parameters of both have to be the same.

export interface MediaType {
  readonly type: string
  readonly subtype: string
  readonly parameters: ReadonlyMap<string, string>
}

const TOKEN = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+"
const TYPE = new RegExp(`^\\s*(${TOKEN})/(${TOKEN})\\s*`)
const PARAMETER = new RegExp(`;\\s*(${TOKEN})=(?:(${TOKEN})|"((?:[^"\\\\]|\\\\.)*)")\\s*`, 'y')

/** Null for what is none. */
export function parseMediaType(text: string): MediaType | null {
  const match = TYPE.exec(text)
  if (match === null) return null
  const [whole, type = '', subtype = ''] = match
  const parameters = new Map<string, string>()
  let at = whole.length
  while (at < text.length) {
    PARAMETER.lastIndex = at
    const parameter = PARAMETER.exec(text)
    if (parameter === null) return null
    const [, name = '', token, quoted = ''] = parameter
    parameters.set(name.toLowerCase(), token ?? quoted.replace(/\\(.)/g, '$1'))
    at = PARAMETER.lastIndex
  }
  return { type: type.toLowerCase(), subtype: subtype.toLowerCase(), parameters }
}

/** @param wanted may have `*` for its type or subtype */
export function includes(wanted: MediaType, actual: MediaType): boolean {
  return (
    (wanted.type === '*' || wanted.type === actual.type) &&
    (wanted.subtype === '*' || wanted.subtype === actual.subtype) &&
    wanted.parameters.size === actual.parameters.size &&
    [...wanted.parameters].every(([name, value]) => actual.parameters.get(name) === value)
  )
}
