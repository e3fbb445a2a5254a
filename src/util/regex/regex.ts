// The regular expressions of a configuration, written for Rust's regex crate or PCRE, as JavaScript ones.
//
// JavaScript's `v` mode carries the Rust dialect best: characters are code points, and classes nest, intersect and
// subtract. What Rust refuses (look-around, back-references), and so Kong too, is refused here.
import { parseRegex } from './regex-parser.js'
import { emitRegex, literalPrefix, type RegexNode } from './regex-tree.js'

/** A regex path: checked, but compiled when first asked, as a Unicode class costs up to 0.16 ms. */
export class PathRegex {
  /** Text that every match begins with; may be empty. */
  readonly literalPrefix: string
  readonly #tree: RegexNode
  #regex: RegExp | null = null

  /**
   * @param source the path without its `~`
   * @throws Error that says what is wrong with it
   */
  constructor(source: string) {
    this.#tree = parseRegex(source)
    this.literalPrefix = literalPrefix(this.#tree)
  }

  /** Matches from the start of the path, not necessarily to its end. */
  // HOT PATH
  exec(path: string): RegExpExecArray | null {
    return (this.#regex ??= this.compile()).exec(path)
  }

  compile(): RegExp {
    // Kong puts a bare `^` in front, which leaves all but the first of several top-level alternatives free to match
    // anywhere in the path. Anchoring them all is what its documentation says.
    return new RegExp(`^(?:${emitRegex(this.#tree)})`, 'v')
  }
}

/**
 * @param source a header value of a route without its `~*`; matches anywhere in the lower-cased value
 * @throws Error that says what is wrong with it
 */
export function compileHeaderRegex(source: string): RegExp {
  // Kong lower-cases the pattern as well, and with it turns `\D` into `\d`.
  return compileRegex(source.toLowerCase())
}

/**
 * Matches anywhere in a text.
 * @throws Error that says what is wrong with it
 */
export function compileRegex(source: string): RegExp {
  return new RegExp(emitRegex(parseRegex(source)), 'v')
}
