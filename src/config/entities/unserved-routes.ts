// Routes that Kong serves under another flavour of its router, and that this version can check but not match yet; and
// paths that only some flavours have.
import { fieldsOf, parseExpression } from '../../util/expression/parser.js'
import { regexFault } from '../../util/regex/regex.js'
import type { Draft } from '../draft.js'
import type { Fault } from '../faults.js'

/** Whether a path has what Rust's dialect has not: look-around, back-references and other things of PCRE. */
export function isPcreOnly(path: unknown): boolean {
  return (
    typeof path === 'string' &&
    path.startsWith('~') &&
    regexFault(path.slice(1), 'rust') !== undefined
  )
}

/** Whether an expression asks for what no engine here tells: the client's port, the gateway's own address. */
export function asksForUnknown(expression: unknown): boolean {
  if (typeof expression !== 'string') return false
  const fields = fieldsOf(parseExpression(expression))
  return fields.some(({ kind }) => kind === 'sourcePort' || kind === 'destinationAddress')
}

export function unservedRoutes(drafts: readonly Draft[]): Fault[] {
  return drafts.flatMap(({ collection, fields, path }): Fault[] => {
    if (collection.name !== 'routes') return []
    if (asksForUnknown(fields.expression)) {
      const message = 'routes by net.src.port or net.dst.ip are not built yet'
      return [{ path: [...path, 'expression'], message }]
    }
    return []
  })
}
