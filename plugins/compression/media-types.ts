// Media types that are worth compressing.

const TYPE = /^[ \t]*([^\s;,/]+\/[^\s;,/]+)[ \t]*(?:;|$)/
const PATTERN = /^(?:\*\/\*|[!#$&^_.+\-0-9a-z]+\/(?:\*|(?:\*\+)?[!#$&^_.+\-0-9a-z]+))$/i

export function isTypePattern(text: string): boolean {
  return PATTERN.test(text)
}

export class MediaTypes {
  readonly #exact: ReadonlySet<string>
  /** `type/` and the end of the subtype. */
  readonly #patterns: readonly (readonly [start: string, end: string])[]

  constructor(patterns: readonly string[]) {
    const lower = patterns.map((pattern) => pattern.toLowerCase())
    this.#exact = new Set(lower.filter((pattern) => !pattern.includes('*')))
    this.#patterns = lower
      .filter((pattern) => pattern.includes('*'))
      .map((pattern) => [
        pattern === '*/*' ? '' : pattern.slice(0, pattern.indexOf('*')),
        pattern.slice(pattern.lastIndexOf('*') + 1),
      ])
  }

  has(contentType: string | undefined): boolean {
    const type = TYPE.exec(contentType ?? '')?.[1]?.toLowerCase()
    if (type === undefined) return false
    if (this.#exact.has(type)) return true
    return this.#patterns.some(([start, end]) => type.startsWith(start) && type.endsWith(end))
  }
}
