// Values with `$(...)` in them, as request-transformer takes them (Kong: Penlight's templates): what stands between the
// parentheses is a Lua expression, all else is text.
import { compileExpression, type LuaExpression, type LuaNames } from '../util/lua/run/expression.js'
import { bytesOf, isTrue, LuaError, luaText } from '../util/lua/run/values.js'

export interface Template {
  readonly source: string
  /** Names that its expressions may look at; the others are nil. */
  mentions(name: string): boolean
  /** One character for each byte. Throws an Error that says why when an expression fails. */
  render(names: LuaNames): string
}

/** Throws SyntaxError for an expression that is none, and BeyondExpressions for one that is not carried over. */
export function compileTemplate(source: string): Template {
  const parts = partsOf(source)
  const [first = ''] = parts
  if (parts.length <= 1 && typeof first === 'string') {
    return { source, mentions: () => false, render: () => first }
  }
  return {
    source,
    mentions: (name) => source.includes(name),
    render: (names) => rendered(source, parts, names),
  }
}

/** HOT PATH */
function rendered(
  source: string,
  parts: readonly (string | LuaExpression)[],
  names: LuaNames,
): string {
  let out = ''
  try {
    for (const part of parts) {
      if (typeof part === 'string') {
        out += part
        continue
      }
      const value = part(names)
      if (isTrue(value)) out += luaText(value)
    }
  } catch (cause) {
    if (!(cause instanceof LuaError)) throw cause
    throw new Error(`failed to render the template ${source}, error: ${cause.message}`)
  }
  return out
}

/** Texts, as bytes, and expressions in turn. */
function partsOf(source: string): (string | LuaExpression)[] {
  const parts: (string | LuaExpression)[] = []
  let done = 0
  for (let at = source.indexOf('$('); at >= 0; at = source.indexOf('$(', at)) {
    const end = closingOf(source, at + 1)
    if (end < 0) {
      // Unbalanced from here on; what follows may still be balanced in itself.
      at++
      continue
    }
    if (at > done) parts.push(bytesOf(source.slice(done, at)))
    parts.push(compileExpression(source.slice(at + 2, end)))
    at = done = end + 1
  }
  if (done < source.length) parts.push(bytesOf(source.slice(done)))
  return parts
}

/** Where the parenthesis closes that opens at `open`, be it in a text or not (Lua's %b()); -1 when it does not. */
function closingOf(source: string, open: number): number {
  let depth = 0
  for (let i = open; i < source.length; i++) {
    if (source[i] === '(') depth++
    else if (source[i] === ')' && --depth === 0) return i
  }
  return -1
}
