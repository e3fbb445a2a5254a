// Scalars that YAML, or the writer, took for another type: `on` is true, `3.0` a number, `"80"` text.
import type { Clue } from './clue.js'

const ORDINARY_NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$/
const WITH_UNIT = /^([0-9]+(?:\.[0-9]+)?)\s*(ms|s|sec|seconds|m|min|h|[kmg]b?)$/i

export function hintOnScalar(clue: Clue): string | undefined {
  const { message, value } = clue
  if (message.startsWith('expected a string') || message.startsWith('expected one of')) {
    if (typeof value === 'boolean' || typeof value === 'number') return quoteIt(clue, value)
    return undefined
  }
  if (message === 'expected a boolean') return writeBoolean(clue)
  if (message === 'expected an integer' || message === 'expected a number') {
    return writeNumber(clue)
  }
  if (message === 'required field missing' && clue.plain !== undefined && isNull(clue.plain)) {
    return 'null is no value: write one, or leave the field out if it has a default'
  }
  return undefined
}

function quoteIt({ plain, isSecret }: Clue, value: boolean | number): string {
  const type = typeof value === 'boolean' ? 'a boolean' : 'a number'
  if (plain === undefined || isSecret) return `it is read as ${type}; put quotes around it`
  const isPlainSpelling = plain === String(value) || ORDINARY_NUMBER.test(plain)
  const read = isPlainSpelling ? `it is read as ${type}` : `YAML reads ${plain} as ${String(value)}`
  return `${read}; put quotes around it: "${plain}"`
}

function writeBoolean({ value }: Clue): string | undefined {
  if (value === 0 || value === 1) return 'write true or false'
  if (typeof value !== 'string') return undefined
  if (/^(?:true|false|yes|no|on|off)$/i.test(value)) {
    return `take the quotes away: ${value}`
  }
  return /^[yn]$/i.test(value) ? 'y and n are text here; write true or false' : undefined
}

function writeNumber({ value, field, isSecret }: Clue): string | undefined {
  if (typeof value === 'number') return 'write a whole number'
  if (typeof value !== 'string') return undefined
  if (ORDINARY_NUMBER.test(value)) {
    return isSecret ? 'take the quotes away' : `take the quotes away: ${value}`
  }
  if (!WITH_UNIT.test(value)) return undefined
  const unit = field.endsWith('_timeout') ? ', in milliseconds' : ''
  return `write the number without a unit${unit}`
}

function isNull(plain: string): boolean {
  return /^(?:~|null)$/i.test(plain)
}
