// White space and comments of YAML.

/** The first offset from `offset` on that is neither white space nor part of a comment. */
export function skipBlank(text: string, offset: number): number {
  let at = offset
  for (;;) {
    while (isSpace(text[at])) at++
    if (text[at] !== '#' || (at > 0 && !isSpace(text[at - 1]))) return at
    while (at < text.length && text[at] !== '\n' && text[at] !== '\r') at++
  }
}

export function isSpace(character: string | undefined): boolean {
  return character === ' ' || character === '\t' || character === '\n' || character === '\r'
}
