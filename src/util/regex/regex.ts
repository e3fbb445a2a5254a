// The regular expressions of a configuration as matchers, whatever dialect they are written in.
//
// JavaScript's `v` mode carries the dialects best: characters are code points, and classes nest, intersect and subtract.
// What Rust refuses (look-around, back-references), and so Kong's default flavour too, is refused in its dialect.
import { ByteMatcher, fromBytes, toBytes } from './byte-matcher.js'
import { Matcher, type TextMatcher } from './matcher.js'
import { UnsupportedRegex } from './pcre-escape.js'
import { parsePcre } from './pcre-parser.js'
import { parseRegex } from './regex-parser.js'
import { literalPrefix, type RegexNode } from './regex-tree.js'

export type { TextMatcher }

/** Rust's in the flavours traditional_compatible and expressions, PCRE's in traditional. */
export type RegexDialect = 'rust' | 'pcre'

/** A regex path: checked, but compiled when first asked. */
export class PathRegex {
  /** Text that every match begins with; may be empty. */
  readonly literalPrefix: string
  readonly #matcher: TextMatcher

  /**
   * @param source the path without its `~`
   * @throws Error that says what is wrong with it
   */
  constructor(source: string, dialect: RegexDialect = 'rust') {
    const prefix = literalPrefix(treeOf(source, dialect))
    this.literalPrefix = dialect === 'pcre' ? wholeCharacters(prefix) : prefix
    this.#matcher = matcherOf(source, dialect, true)
  }

  /** Matches from the start of the path, not necessarily to its end. */
  // HOT PATH
  exec(path: string): RegExpExecArray | null {
    return this.#matcher.exec(path)
  }
}

/**
 * @param source a header value of a route without its `~*`; matches anywhere in the lower-cased value
 * @throws Error that says what is wrong with it
 */
export function compileHeaderRegex(source: string): TextMatcher {
  // Kong lower-cases the pattern as well, and with it turns `\D` into `\d`.
  return compileRegex(source.toLowerCase())
}

/**
 * Matches anywhere in a text.
 * @throws Error that says what is wrong with it
 */
export function compileRegex(source: string, dialect: RegexDialect = 'rust'): TextMatcher {
  treeOf(source, dialect) // or it throws
  return matcherOf(source, dialect, false)
}

/** What PCRE says of a pattern; undefined for one that it takes, even where it cannot be carried over. */
export function pcreFault(source: string): string | undefined {
  try {
    treeOf(source, 'pcre')
    return undefined
  } catch (error) {
    return error instanceof UnsupportedRegex ? undefined : messageOf(error)
  }
}

/** Why a pattern that PCRE takes cannot be served; undefined for one that can. */
export function regexFault(source: string, dialect: RegexDialect): string | undefined {
  try {
    treeOf(source, dialect)
    return undefined
  } catch (error) {
    return messageOf(error)
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function treeOf(source: string, dialect: RegexDialect): RegexNode {
  return PARSERS[dialect](source)
}

const PARSERS: Readonly<Record<RegexDialect, (source: string) => RegexNode>> = {
  rust: parseRegex,
  pcre: (source) => parsePcre(toBytes(source), { bytes: true }),
}

function matcherOf(source: string, dialect: RegexDialect, isAnchored: boolean): TextMatcher {
  const matcher = new Matcher(source, PARSERS[dialect], isAnchored)
  return dialect === 'rust' ? matcher : new ByteMatcher(matcher)
}

/** Without what is left of a character at the end. */
function wholeCharacters(bytes: string): string {
  const [whole = ''] = fromBytes(bytes).split('\ufffd', 1)
  return whole
}
