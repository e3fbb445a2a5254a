// What every request that matches an expression has in common, so that routes can be filed by it.
import type { Expression, Field, TextOperator } from '../../util/expression/tree.js'

/** Each request that matches has one of the hosts, and a path that begins with one of the texts; null for any. */
export interface Anchors {
  readonly hosts: readonly string[] | null
  readonly paths: readonly string[] | null
}

export function anchorsOf(expression: Expression): Anchors {
  return {
    hosts: anchors(expression, 'host', ['==']),
    paths: anchors(expression, 'path', ['==', '^=']),
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
      return operators.includes(comparison.operator) ? [comparison.value] : null
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
