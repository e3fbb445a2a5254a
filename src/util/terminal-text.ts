// Text that others wrote, made fit for a terminal: nothing in it is obeyed, and its width is known.

// Controls (with DEL and C1, which begins escape sequences as well), marks that reorder or hide text, halves of pairs.
// Left out: the joiners, which emoji and several scripts need.
const UNSAFE = /(?![\u200C\u200D])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\uFFFE\uFFFF]/gu

/** Shows what a terminal would obey or hide: ESC becomes `\x1b`, a line break `\n`. `kept` holds exceptions. */
export function visible(text: string, kept = ''): string {
  return text.replace(UNSAFE, (character) =>
    kept.includes(character) ? character : name(character),
  )
}

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

function name(character: string): string {
  const code = character.codePointAt(0) ?? 0
  const hex = code.toString(16)
  return SHORT[character] ?? (code < 256 ? `\\x${hex.padStart(2, '0')}` : `\\u{${hex}}`)
}

// Made when it is first needed: it takes 10 ms, which a start of the gateway need not wait for.
let segmenter: Intl.Segmenter | undefined

/** What is seen as one character: letters with their accents, emoji with all their parts. */
export function graphemes(text: string): string[] {
  if (/^[\t\x20-\x7e]*$/.test(text)) return text.split('')
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' })
  return Array.from(segmenter.segment(text), ({ segment }) => segment)
}

const NARROW = /^[\x20-\x7e]$/
const WIDE =
  /\p{Emoji_Presentation}|\uFE0F|[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uA960-\uA97C\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6B\uFF01-\uFF60\uFFE0-\uFFE6\u{16FE0}-\u{1B2FB}\u{20000}-\u{3FFFD}]/u
const NO_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}]*$/u

/** Cells that a grapheme takes: two for East Asian wide characters and emoji. A tab counts as one. */
export function cellsOf(grapheme: string): number {
  if (NARROW.test(grapheme)) return 1
  if (WIDE.test(grapheme)) return 2
  return NO_WIDTH.test(grapheme) ? 0 : 1
}
