// Routes that Kong serves under another flavour of its router, and that this version can check but not match yet.
import { compilePattern } from '../../plugin/pcre.js'
import { fieldsOf, parseExpression } from '../../util/expression/parser.js'
import { PathRegex } from '../../util/regex/regex.js'
import type { Draft } from '../draft.js'
import type { Fault } from '../faults.js'

/**
 * Flavour traditional has PCRE, with look-around and back-references; the others Rust's dialect, and so has the router
 * here.
 */
export function isPcreOnly(path: unknown): boolean {
  if (typeof path !== 'string' || !path.startsWith('~')) return false
  const source = path.slice(1)
  return (
    !succeeds(() => new PathRegex(source)) && succeeds(() => compilePattern(withoutExtras(source)))
  )
}

/** Whether an expression asks for what no engine here tells: the client's port, the gateway's own address. */
export function asksForUnknown(expression: unknown): boolean {
  if (typeof expression !== 'string') return false
  const fields = fieldsOf(parseExpression(expression))
  return fields.some(({ kind }) => kind === 'sourcePort' || kind === 'destinationAddress')
}

/** Only whether the expression is well formed is asked: what JavaScript lacks becomes what it has. */
function withoutExtras(source: string): string {
  return EXTRAS.reduce((text, [extra, plain]) => text.replace(extra, plain), source)
}

/** Atomic groups and branch resets, `\K`, named back-references, possessive quantifiers. */
const EXTRAS: readonly (readonly [extra: RegExp, plain: string])[] = [
  [/\(\?[>|]/g, '(?:'],
  [/\\K/g, ''],
  [/\(\?P=(\w+)\)/g, '\\k<$1>'],
  [/([*+?}])\+/g, '$1'],
]

export function unservedRoutes(drafts: readonly Draft[]): Fault[] {
  return drafts.flatMap(({ collection, fields, path }): Fault[] => {
    if (collection.name !== 'routes') return []
    if (asksForUnknown(fields.expression)) {
      const message = 'routes by net.src.port or net.dst.ip are not built yet'
      return [{ path: [...path, 'expression'], message }]
    }
    const paths: readonly unknown[] = Array.isArray(fields.paths) ? fields.paths : []
    const message = 'look-around and back-references in paths are not built yet'
    return paths.flatMap((text, index) =>
      isPcreOnly(text) ? [{ path: [...path, 'paths', index], message }] : [],
    )
  })
}

function succeeds(attempt: () => unknown): boolean {
  try {
    attempt()
    return true
  } catch {
    return false
  }
}
