// Regular expressions that plugins of a kong.yml have, written for PCRE, as JavaScript's. One that would quietly mean
// something else never gets through.
import { emitRegex } from '../util/regex/regex-emit.js'
import { parsePcre } from '../util/regex/pcre-parser.js'

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
