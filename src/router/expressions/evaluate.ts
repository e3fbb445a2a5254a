// Expressions as functions of a request, made at load.
import { BlockList, isIP } from 'node:net'
import { compileRegex, type TextMatcher } from '../../util/regex/regex.js'
import type { Comparison, Expression, Field, Predicate } from '../../util/expression/tree.js'
import type { RouteQuestion } from '../contract.js'
import { readAddress, readList, readNumber, readText } from './values.js'

/** What a test leaves behind: what strip_path and captures are made of. */
export interface Findings {
  /** What the path was last compared with and matched; '' without. */
  prefix: string
  /** Of every regex that has matched, whatever field it was for. */
  readonly groups: RegExpExecArray[]
}

/** Whether a request matches; adds to the findings, as Kong does, even where another part then fails. */
export type Test = (question: RouteQuestion, findings: Findings) => boolean

export function compileExpression(expression: Expression): Test {
  switch (expression.kind) {
    case 'predicate':
      return compilePredicate(expression)
    case 'not': {
      const inner = compileExpression(expression.item)
      return (question, findings) => !inner(question, findings)
    }
    case 'all':
      return compileAll(expression.items.map(compileExpression))
    case 'any':
      return compileAny(expression.items.map(compileExpression))
  }
}

function compileAll(tests: readonly Test[]): Test {
  return (question, findings) => {
    for (const test of tests) if (!test(question, findings)) return false
    return true
  }
}

function compileAny(tests: readonly Test[]): Test {
  return (question, findings) => {
    for (const test of tests) if (test(question, findings)) return true
    return false
  }
}

function compilePredicate({ field, lower, any, comparison }: Predicate): Test {
  switch (comparison.type) {
    case 'number': {
      const read = readNumber(field)
      const matches = compareNumber(comparison)
      return (question) => matches(read(question))
    }
    case 'address': {
      const read = readAddress(field)
      const matches = compareAddress(comparison)
      return (question) => matches(read(question))
    }
    case 'text': {
      const matches = compareText(comparison, field)
      return compileText(field, any, lower ? lowered(matches) : matches)
    }
  }
}

type TextTest = (value: string, findings: Findings) => boolean

function lowered(test: TextTest): TextTest {
  return (value, findings) => test(value.toLowerCase(), findings)
}

function compileText(field: Field, any: boolean, matches: TextTest): Test {
  const readAll = readList(field)
  if (readAll === null) {
    const read = readText(field)
    return (question, findings) => {
      const value = read(question)
      return value !== undefined && matches(value, findings)
    }
  }
  return (question, findings) => {
    const values = readAll(question)
    for (const value of values) if (matches(value, findings) === any) return any
    return !any && values.length > 0
  }
}

type Of<T extends Comparison['type']> = Extract<Comparison, { readonly type: T }>

function compareText({ operator, value }: Of<'text'>, { kind }: Field): TextTest {
  const noting = (test: (text: string) => boolean): TextTest =>
    kind === 'path' ? (text, findings) => test(text) && note(findings, value) : test
  switch (operator) {
    case '==':
      return noting((text) => text === value)
    case '^=':
      return noting((text) => text.startsWith(value))
    case '=^':
      // Kong: as many characters are cut off the front of the path.
      return noting((text) => text.endsWith(value))
    case '!=':
      return (text) => text !== value
    case 'contains':
      return (text) => text.includes(value)
    case '~':
      return matchRegex(compileRegex(value), kind === 'path')
  }
}

function note(findings: Findings, prefix: string): true {
  findings.prefix = prefix
  return true
}

function matchRegex(regex: TextMatcher, isPath: boolean): TextTest {
  return (text, findings) => {
    const groups = regex.exec(text)
    if (groups === null) return false
    findings.groups.push(groups)
    if (isPath) findings.prefix = groups[0]
    return true
  }
}

function compareNumber({ operator, value }: Of<'number'>): (number: number | undefined) => boolean {
  switch (operator) {
    case '==':
      return (number) => number === value
    case '!=':
      return (number) => number !== undefined && number !== value
    case '>':
      return (number) => number !== undefined && number > value
    case '>=':
      return (number) => number !== undefined && number >= value
    case '<':
      return (number) => number !== undefined && number < value
    case '<=':
      return (number) => number !== undefined && number <= value
  }
}

function compareAddress({
  operator,
  value,
}: Of<'address'>): (address: string | undefined) => boolean {
  const block = new BlockList()
  block.addSubnet(value.address, value.bits, value.family)
  const isWanted = operator === '==' || operator === 'in'
  return (address) =>
    address !== undefined &&
    block.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4') === isWanted
}
