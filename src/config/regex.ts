// Whether a regular expression in PCRE's dialect is well formed. Nothing is matched with it here.

// Pieces that PCRE has and JavaScript writes otherwise or lacks; escapes and classes are named first so that they are
// passed over. Possessive quantifiers and atomic groups change what matches, not what is well formed.
const PIECES =
  /\\.|\[\^?\]?(?:\\.|\[:\^?[a-z]+:\]|[^\]\\])*\]|\(\?#[^)]*\)|\(\?[imsxnJU-]+\)|\(\?(?:[imsxnJU-]+:|>|\|)|\(\?P?<(?=[A-Za-z_])|\(\?'(\w+)'|([*+?}])\+/gs

/** What is wrong with the expression, in PCRE's words where they are known; undefined for a good one. */
export function regexFault(source: string): string | undefined {
  try {
    new RegExp(toJavaScript(source))
    return undefined
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return describe(error.message)
  }
}

function toJavaScript(source: string): string {
  return source.replace(PIECES, (piece, name?: string, quantifier?: string) => {
    if (name !== undefined) return `(?<${name}>`
    if (quantifier !== undefined) return quantifier
    if (!piece.startsWith('(?')) return piece
    if (piece.endsWith('<')) return '(?<'
    return piece.endsWith(')') ? '' : '(?:'
  })
}

function describe(message: string): string {
  const reason = message.slice(message.lastIndexOf(': ') + 2)
  switch (reason) {
    case 'Unterminated group':
      return 'missing closing parenthesis'
    case "Unmatched ')'":
      return 'unmatched closing parenthesis'
    case 'Unterminated character class':
      return 'missing terminating ] for character class'
    case 'Nothing to repeat':
      return 'quantifier does not follow a repeatable item'
    case 'Range out of order in character class':
      return 'range out of order in character class'
    default:
      return reason
  }
}
