// A route's expression, checked: what it says, without how it was written.

/** Where a value comes from. Names of headers are written with dashes here. */
export type Field =
  | { readonly kind: 'protocol' | 'serverName' | 'method' | 'host' | 'path' }
  | { readonly kind: 'header' | 'query'; readonly name: string }
  /** From one segment to another, both included, counted from 0. */
  | { readonly kind: 'segments'; readonly from: number; readonly to: number }
  | { readonly kind: 'segmentCount' | 'sourcePort' | 'destinationPort' }
  | { readonly kind: 'sourceAddress' | 'destinationAddress' }

export type TextOperator = '==' | '!=' | '~' | '^=' | '=^' | 'contains'
export type NumberOperator = '==' | '!=' | '>' | '>=' | '<' | '<='
export type AddressOperator = '==' | '!=' | 'in' | 'not in'

/** What is compared with what. */
export type Comparison =
  | { readonly type: 'text'; readonly operator: TextOperator; readonly value: string }
  | { readonly type: 'number'; readonly operator: NumberOperator; readonly value: number }
  | { readonly type: 'address'; readonly operator: AddressOperator; readonly value: Block }

/** An address, or all that begin with the same bits. */
export interface Block {
  readonly address: string
  readonly family: 'ipv4' | 'ipv6'
  readonly bits: number
}

export interface Predicate {
  readonly kind: 'predicate'
  readonly field: Field
  /** Values are compared in lower case. */
  readonly lower: boolean
  /** Of several values one is enough; else all have to match. */
  readonly any: boolean
  readonly comparison: Comparison
}

export type Expression =
  | Predicate
  | { readonly kind: 'all' | 'any'; readonly items: readonly Expression[] }
  | { readonly kind: 'not'; readonly item: Expression }

/** What is wrong with an expression, and where. Lines and columns are counted from 1. */
export class ExpressionError extends Error {
  readonly line: number
  readonly column: number

  constructor(text: string, offset: number, fault: string) {
    const before = text.slice(0, offset).split('\n')
    const line = before.length
    const column = (before.at(-1) ?? '').length + 1
    super(`line ${line}, column ${column}: ${fault}`)
    this.line = line
    this.column = column
  }
}
