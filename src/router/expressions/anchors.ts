// What every request that matches an expression has in common, so that routes can be filed by it.
import { PathRegex } from '../../util/regex/regex.js'
import type { Expression, Field, TextOperator } from '../../util/expression/tree.js'

/** Each request that matches has one of the hosts, and a path that begins with one of the texts; null for any. */
export interface Anchors {
  readonly hosts: readonly string[] | null
  readonly paths: readonly string[] | null
}

export function anchorsOf(expression: Expression): Anchors {
  return {
    hosts: anchors(expression, 'host', ['==']),
    paths: anchors(expression, 'path', ['==', '^=', '~']),
  }
}

function anchors(
  expression: Expression,
  kind: Field['kind'],
  operators: readonly TextOperator[],
): readonly string[] | null {
  switch (expression.kind) {
    case 'predicate': {
      const { field, lower, comparison } = expression
      if (field.kind !== kind || lower || comparison.type !== 'text') return null
      if (!operators.includes(comparison.operator)) return null
      return comparison.operator === '~' ? regexAnchors(comparison.value) : [comparison.value]
    }
    case 'all': {
      const found = expression.items.map((item) => anchors(item, kind, operators))
      return found.find((list) => list !== null) ?? null
    }
    case 'any': {
      const found = expression.items.map((item) => anchors(item, kind, operators))
      return found.every((list) => list !== null) ? [...new Set(found.flat())] : null
    }
    case 'not':
      return null
  }
}

/** Of several alternatives only the first would be held by the `^`. */
function regexAnchors(source: string): readonly string[] | null {
  return source.startsWith('^') && !source.includes('|')
    ? [new PathRegex(source).literalPrefix]
    : null
}
