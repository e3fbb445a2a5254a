// Plain values -> YAML that reads back as the very same values, here and in Kong: block style, and quotes around all
// text that YAML 1.1 might take for something else.
import { readScalar } from './scalars.js'

/** Ends with a line break. */
export function printYaml(value: Readonly<Record<string, unknown>>): string {
  const lines: string[] = []
  printEntries(value, '', '', lines)
  return `${lines.join('\n')}\n`
}

/** @param lead what stands before the first key in place of the indentation, such as the dash of a list */
function printEntries(
  record: Readonly<Record<string, unknown>>,
  indent: string,
  lead: string,
  lines: string[],
): void {
  let before = lead
  for (const [key, value] of Object.entries(record)) {
    printNode(value, `${before}${printText(key)}:`, indent, lines)
    before = indent
  }
}

/** @param lead all that stands before the value on its first line, without a space behind */
function printNode(value: unknown, lead: string, indent: string, lines: string[]): void {
  const deeper = `${indent}  `
  if (Array.isArray(value)) {
    if (value.length === 0) lines.push(`${lead} []`)
    else {
      lines.push(lead)
      printItems(value, indent, lines)
    }
  } else if (typeof value === 'object' && value !== null) {
    if (Object.keys(value).length === 0) lines.push(`${lead} {}`)
    else {
      lines.push(lead)
      printEntries(value as Readonly<Record<string, unknown>>, deeper, deeper, lines)
    }
  } else if (typeof value === 'string' && isBlock(value)) {
    printBlock(value, lead, deeper, lines)
  } else {
    lines.push(`${lead} ${printScalar(value)}`)
  }
}

/** Dashes stand right below their key. */
function printItems(items: readonly unknown[], indent: string, lines: string[]): void {
  const deeper = `${indent}  `
  for (const item of items) {
    const isMap = typeof item === 'object' && item !== null && !Array.isArray(item)
    if (isMap && Object.keys(item).length > 0) {
      printEntries(item as Readonly<Record<string, unknown>>, deeper, `${indent}- `, lines)
    } else if (Array.isArray(item) && item.length > 0) {
      lines.push(`${indent}-`)
      printItems(item, deeper, lines)
    } else {
      printNode(item, `${indent}-`, indent, lines)
    }
  }
}

function printScalar(value: unknown): string {
  if (typeof value === 'string') return printText(value)
  if (value === Infinity) return '.inf'
  if (value === -Infinity) return '-.inf'
  if (typeof value === 'number') return Number.isNaN(value) ? '.nan' : printNumber(value)
  return String(value)
}

function printNumber(value: number): string {
  return Object.is(value, -0) ? '-0.0' : String(value)
}

// Letters, digits and what has no meaning of its own inside a text.
const PLAIN = /^[A-Za-z0-9_/.](?:[\w./@%+=()$^~;<>?*!'"|\\-]|:(?!\s|$)| (?=[\w/.(]))*$/

function printText(text: string): string {
  return PLAIN.test(text) && readScalar(text) === text ? text : quote(text)
}

// Not printable in YAML, or taken for a line break by some readers; JSON leaves them as they are.
const UNPRINTABLE = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g

function quote(text: string): string {
  return JSON.stringify(text).replace(
    UNPRINTABLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

// A line of a block: without control characters, and without white space at its end, which editors take away.
const BLOCK_LINE = /^(?:[^\p{C}\u2028\u2029]*[^\s\p{C}])?$/u

/** Keys, certificates and code: several lines that would be unreadable in quotes. */
function isBlock(text: string): boolean {
  const lines = text.replace(/\n$/, '').split('\n')
  // The first line says how far the block is indented; the last, whether it ends in a line break.
  const [first = ''] = lines
  const isFramed = lines.length > 1 && first !== '' && lines.at(-1) !== ''
  return isFramed && !first.startsWith(' ') && lines.every((line) => BLOCK_LINE.test(line))
}

function printBlock(text: string, lead: string, indent: string, lines: string[]): void {
  const endsLine = text.endsWith('\n')
  lines.push(`${lead} ${endsLine ? '|' : '|-'}`)
  const content = endsLine ? text.slice(0, -1) : text
  for (const line of content.split('\n')) lines.push(line === '' ? '' : `${indent}${line}`)
}
