// Which media types requests may have. Type, subtype, the names of parameters and charsets are compared without their
// case (RFC 9110, 8.3.1); of several parameters the first counts, as in Kong.

interface MediaType {
  /** In lower case; `*` for any. */
  readonly type: string
  readonly subtype: string
  /** `name=value`; empty without one. */
  readonly parameter: string
}

const TOKEN = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+"
const PARAMETER = `[ \\t]*;[ \\t]*(?:(${TOKEN})=(?:(${TOKEN})|"((?:[^"\\\\]|\\\\.)*)"))?`
const MEDIA_TYPE = new RegExp(`^[ \\t]*(${TOKEN})/(${TOKEN})(?:${PARAMETER})?`)
const REST = new RegExp(`^(?:${PARAMETER})*[ \\t]*$`)

function parse(text: string): MediaType | null {
  const found = MEDIA_TYPE.exec(text)
  if (found === null || !REST.test(text.slice(found[0].length))) return null
  const [, type = '', subtype = '', name, token, quoted] = found
  const value = token ?? quoted?.replace(/\\(.)/g, '$1') ?? ''
  const lowerName = name?.toLowerCase() ?? ''
  const kept = lowerName === 'charset' ? value.toLowerCase() : value
  return {
    type: type.toLowerCase(),
    subtype: subtype.toLowerCase(),
    parameter: name === undefined ? '' : `${lowerName}=${kept}`,
  }
}

/** What is wrong with an entry of `allowed_content_types`; null when nothing is. */
export function contentTypeFault(text: string): string | null {
  const media = parse(text)
  if (media === null) return 'is no media type, such as application/json'
  return media.type === '*' && media.subtype !== '*' ? `'${text}' has a subtype of any type` : null
}

export class ContentTypes {
  readonly #allowed: readonly MediaType[]
  readonly #comparesParameters: boolean

  constructor(allowed: readonly string[], comparesParameters: boolean) {
    this.#allowed = allowed.map(parse).filter((media) => media !== null)
    this.#comparesParameters = comparesParameters
  }

  /**
   * @param values of all Content-Type lines: with more than one, target and gateway might go by different ones
   * @returns whether the body is JSON, or null when its type is not allowed
   */
  examine(values: readonly string[]): 'json' | 'other' | null {
    const [value] = values
    if (value === undefined || values.length > 1) {
      const takesAll = this.#allowed.some(({ type, parameter }) => type === '*' && parameter === '')
      return values.length === 0 && takesAll ? 'other' : null
    }
    const media = parse(value)
    if (media === null || !this.#allowed.some((allowed) => this.#fits(media, allowed))) return null
    return isJson(media) ? 'json' : 'other'
  }

  #fits(media: MediaType, allowed: MediaType): boolean {
    if (allowed.type !== '*' && allowed.type !== media.type) return false
    if (allowed.subtype !== '*' && allowed.subtype !== media.subtype) return false
    // The boundary of a form is new each time.
    if (!this.#comparesParameters || media.type === 'multipart') return true
    return allowed.parameter === media.parameter
  }
}

/** As Kong from 3.6 on: also subtypes that end with `+json`. */
function isJson({ type, subtype }: MediaType): boolean {
  return (type === 'application' && subtype === 'json') || subtype.endsWith('+json')
}
