// Patterns that look at bytes: Kong's flavour traditional does not tell PCRE that paths are UTF-8.
import type { TextMatcher } from './matcher.js'

/** A text with one character, up to U+00FF, for each byte of the given one. */
export function toBytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1')
}

/** What ends within a character shows as a replacement character. */
export function fromBytes(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8')
}

const NOT_ASCII = /[^\0-\x7f]/

export class ByteMatcher implements TextMatcher {
  readonly #inner: TextMatcher

  /** @param inner is given a character for each byte */
  constructor(inner: TextMatcher) {
    this.#inner = inner
  }

  // HOT PATH
  exec(text: string): RegExpExecArray | null {
    if (!NOT_ASCII.test(text)) return this.#inner.exec(text)
    const match = this.#inner.exec(toBytes(text))
    if (match === null) return null
    for (const [number, bytes] of match.entries()) {
      // Groups that took no part are undefined, whatever the type says.
      if ((bytes as string | undefined) !== undefined) match[number] = fromBytes(bytes)
    }
    const groups = match.groups ?? {}
    for (const [name, bytes] of Object.entries(groups)) {
      if ((bytes as string | undefined) !== undefined) groups[name] = fromBytes(bytes)
    }
    match.input = text
    return match
  }

  // HOT PATH
  test(text: string): boolean {
    return this.#inner.test(NOT_ASCII.test(text) ? toBytes(text) : text)
  }
}
