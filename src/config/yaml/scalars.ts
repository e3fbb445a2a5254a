// What an unquoted YAML scalar is, read as Kong reads it: YAML 1.1 with the habits of its reader, lyaml.
import yaml from 'js-yaml'

const WORDS = new Map<string, boolean | null | number>([
  ['~', null],
  ...spellings('null', null),
  ...spellings('true', true),
  ...spellings('yes', true),
  ...spellings('on', true),
  ...spellings('false', false),
  ...spellings('no', false),
  ...spellings('off', false),
  ...spellings('.inf', Infinity),
  ...spellings('+.inf', Infinity),
  ...spellings('-.inf', -Infinity),
  ['.nan', NaN],
  ['.NaN', NaN],
  ['.NAN', NaN],
])

const OCTAL = /^[+-]?0_*[0-7][0-7_]*$/
const DECIMAL = /^[+-]?_*[0-9][0-9_]*$/
const FLOAT = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/
const HEX = /^[+-]?0x_*[0-9a-fA-F][0-9a-fA-F_]*$/
const BINARY = /^[+-]?0b_*[01][01_]+$/
const SEXAGESIMAL = /^[+-]?[0-9]+:[0-5]?[0-9][:0-9]*(?:\.[0-9]+)?$/
// What every form above begins with: a first look that spares most text the patterns.
const MAY_BE_TYPED = /^[-+.0-9_~nNtTfFyYoO]/

// Nobody's number is longer; reading one digit by digit takes time.
const MAX_NUMBER = 400
const MAY_BE_NUMBER = /^[-+.0-9_]/

/** The value of an unquoted scalar: null, a boolean, a number, or the text itself. */
export function readScalar(text: string): string | number | boolean | null {
  if (text === '') return null
  if (!MAY_BE_TYPED.test(text)) return text
  const word = WORDS.get(text)
  if (word !== undefined) return word
  return text.length <= MAX_NUMBER && MAY_BE_NUMBER.test(text) ? (readNumber(text) ?? text) : text
}

function readNumber(text: string): number | undefined {
  const sign = text.startsWith('-') ? -1 : 1
  const digits = text.replace(/^[+-]/, '').replaceAll('_', '')
  if (OCTAL.test(text)) return sign * Number.parseInt(digits, 8)
  if (DECIMAL.test(text)) return sign * Number(digits)
  if (FLOAT.test(digits) && /[.eE]/.test(digits)) return sign * Number(digits)
  if (HEX.test(text)) return sign * Number.parseInt(digits.slice(2), 16)
  if (BINARY.test(text)) return sign * Number.parseInt(digits.slice(2), 2)
  if (SEXAGESIMAL.test(text)) return sign * readSexagesimal(digits)
  return undefined
}

/** `1:30` is 90, `1:30.5` is 90.5: groups of sixty. */
function readSexagesimal(digits: string): number {
  const [whole = '', fraction] = digits.split('.')
  const groups = whole.split(':').filter(Boolean)
  const total = groups.reduce((sum, group) => sum * 60 + Number(group), 0)
  return fraction === undefined ? total : total + Number(`0.${fraction}`)
}

/** lower, Capitalised and UPPER: the three that YAML 1.1 knows of each word. */
function spellings<T>(word: string, value: T): [string, T][] {
  const at = word.search(/[a-z]/)
  const capitalised = word.slice(0, at) + word.charAt(at).toUpperCase() + word.slice(at + 1)
  return [word, capitalised, word.toUpperCase()].map((spelling) => [spelling, value])
}

let lastText = ''
let lastValue: ReturnType<typeof readScalar> = null

/** js-yaml asks every type in turn whether a scalar is its own. */
function readOnce(text: string | null): ReturnType<typeof readScalar> {
  if (text !== lastText) {
    lastText = text ?? ''
    lastValue = readScalar(lastText)
  }
  return lastValue
}

function scalarType(tag: string, accepts: (value: unknown) => boolean): yaml.Type {
  return new yaml.Type(`tag:yaml.org,2002:${tag}`, {
    kind: 'scalar',
    // js-yaml hands in null for a node without content.
    resolve: (text: string | null) => accepts(readOnce(text)),
    construct: readOnce,
  })
}

const merge = new yaml.Type('tag:yaml.org,2002:merge', {
  kind: 'scalar',
  resolve: (text: string | null) => text === '<<',
})

export const KONG_YAML = yaml.FAILSAFE_SCHEMA.extend({
  implicit: [
    scalarType('null', (value) => value === null),
    scalarType('bool', (value) => typeof value === 'boolean'),
    scalarType('int', (value) => Number.isInteger(value)),
    scalarType('float', (value) => typeof value === 'number'),
    merge,
  ],
})
