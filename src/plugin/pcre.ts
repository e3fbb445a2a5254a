// Regular expressions that plugins of a kong.yml have, written for PCRE, as JavaScript's. One that would quietly mean
// something else never gets through.
import { isLinear, Matcher, type TextMatcher } from '../util/regex/matcher.js'
import { emitRegex } from '../util/regex/regex-emit.js'
import { parsePcre } from '../util/regex/pcre-parser.js'
import type { RegexNode } from '../util/regex/regex-tree.js'
import { costPower } from '../util/regex/runaway.js'

interface Options {
  /** The pattern has to match the whole text, not just a part of it. */
  readonly whole?: boolean
}

/**
 * Called at load. The groups of a pattern with atomic groups or branch resets have other numbers in what is returned.
 * @throws SyntaxError for a pattern that is wrong, or that uses what JavaScript does not have
 */
export function compilePattern(pattern: string, { whole = false }: Options = {}): RegExp {
  const source = sourceOf(pattern)
  return new RegExp(whole ? `^(?:${source})$` : source, 'v')
}

function sourceOf(pattern: string): string {
  try {
    return emitRegex(parsePcre(pattern, { bytes: false })).source
  } catch (error) {
    throw new SyntaxError(error instanceof Error ? error.message : String(error))
  }
}

/**
 * A pattern that texts of clients are held against, anywhere in them: however long such a text is, the time grows with
 * its length and no faster. Characters are code points.
 * @throws SyntaxError for a pattern that is wrong, that JavaScript does not have, or that could take longer
 */
export function compileLinearPattern(pattern: string): TextMatcher {
  const parse = (source: string) => parsePcre(source, { bytes: false })
  let tree: RegexNode
  try {
    tree = parse(pattern)
    emitRegex(tree)
  } catch (error) {
    throw new SyntaxError(error instanceof Error ? error.message : String(error))
  }
  const isAnchored = beginsAtStart(tree)
  if (!isLinear(tree, isAnchored) && costPower(tree, isAnchored) > 1) {
    throw new SyntaxError('for some texts its time would grow faster than their length')
  }
  return new Matcher(pattern, parse, isAnchored)
}

/** Such a pattern is tried at one place, not at all of them. */
function beginsAtStart(tree: RegexNode): boolean {
  const [first] = tree.kind === 'sequence' ? tree.items : [tree]
  return first?.kind === 'assertion' && first.source === '^'
}
