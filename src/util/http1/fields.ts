// Small readers of header lines that are still text: names without regard to case, white space as RFC 9110 means it.

const TAB = 9
const SPACE = 32

/** @param name in lower case; not longer than the one in the line */
export function isName(head: string, start: number, name: string): boolean {
  // 0x20 makes letters lower-case; no other character of a token becomes one of those in `name`.
  for (let i = 0; i < name.length; i++) {
    if ((head.charCodeAt(start + i) | 0x20) !== name.charCodeAt(i)) return false
  }
  return true
}

/** The first position from `from` on that is neither space nor tab, at most `to`. */
export function skipBlanks(text: string, from: number, to: number): number {
  let at = from
  while (at < to && (text.charCodeAt(at) === SPACE || text.charCodeAt(at) === TAB)) at++
  return at
}

/** Text between two positions without the blanks around it. Not trim(): that takes U+00A0 as well, which is a byte of some other character here. */
export function trimmed(text: string, start: number, end: number): string {
  const from = skipBlanks(text, start, end)
  let to = end
  while (to > from && (text.charCodeAt(to - 1) === SPACE || text.charCodeAt(to - 1) === TAB)) to--
  return text.slice(from, to)
}

const NAMES_NOTHING = /^(?:keep-alive|close|upgrade)?$/i

/** Whether a Connection field can name other fields; nearly all say one of three words that do not. */
export function mayNameFields(connection: string): boolean {
  return !NAMES_NOTHING.test(connection)
}
