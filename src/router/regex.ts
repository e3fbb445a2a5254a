// The regular expressions of a configuration, written for Rust's regex crate or PCRE, as JavaScript ones.
//
// JavaScript's `v` mode carries the Rust dialect best: characters are code points, and classes nest, intersect and
// subtract. What Rust refuses (look-around, back-references), and so Kong too, is refused here.
import { emitRegex, literalPrefix } from './regex-tree.js'
import { parseRegex } from './regex-parser.js'

/** A regex path, ready for the table. */
export interface PathRegex {
  /** Anchored at the start, not at the end; keeps no state between calls. */
  readonly regex: RegExp
  /** Text that every match begins with; may be empty. */
  readonly literalPrefix: string
}

/**
 * @param source the path without its `~`
 * @throws Error that says what is wrong with it
 */
export function readPathRegex(source: string): PathRegex {
  const tree = parseRegex(source)
  // Kong puts a bare `^` in front, which leaves all but the first of several top-level alternatives free to match
  // anywhere in the path. Anchoring them all is what its documentation says.
  const regex = new RegExp(`^(?:${emitRegex(tree)})`, 'v')
  return { regex, literalPrefix: literalPrefix(tree) }
}

/**
 * @param source the path without its `~`
 * @throws Error that says what is wrong with it
 */
export function compilePathRegex(source: string): RegExp {
  return readPathRegex(source).regex
}

/**
 * @param source a header value of a route without its `~*`; matches anywhere in the lower-cased value
 * @throws Error that says what is wrong with it
 */
export function compileHeaderRegex(source: string): RegExp {
  // Kong lower-cases the pattern as well, and with it turns `\D` into `\d`.
  return new RegExp(emitRegex(parseRegex(source.toLowerCase())), 'v')
}
