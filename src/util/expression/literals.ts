// The values that an expression compares with: text, numbers, addresses and blocks of them.
import { isIP } from 'node:net'
import type { TextReader } from '../regex/text-reader.js'
import type { Block } from './tree.js'

export type Literal =
  | { readonly type: 'text'; readonly value: string }
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'address' | 'block'; readonly value: Block }

const RAW_TEXT = /r#"([^]*?)"#/y
const ADDRESS =
  /(?:\d{1,3}(?:\.\d{1,3}){3}|(?=[0-9A-Fa-f]*:)[0-9A-Fa-f:]+(?:\d{1,3}(?:\.\d{1,3}){3})?)(?:\/(\d{1,3}))?/y
const NUMBER = /-?(?:0x([0-9A-Fa-f]+)|0([0-7]+)|\d+)/y
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  n: '\n',
  r: '\r',
  t: '\t',
}

/** @returns null where no literal begins; text where one is wrong: what is wrong with it */
export function readLiteral(text: TextReader): Literal | string | null {
  const raw = text.match(RAW_TEXT)
  if (raw !== null) return { type: 'text', value: raw[1] ?? '' }
  if (text.peek() === '"') return readText(text)
  const address = text.match(ADDRESS)
  if (address !== null) return readAddress(address)
  const number = text.match(NUMBER)
  return number === null ? null : readNumber(number)
}

function readText(text: TextReader): Literal | string {
  text.skip(1)
  let value = ''
  for (;;) {
    if (text.isAtEnd) return 'the text is not closed'
    const char = text.take()
    if (char === '"') return { type: 'text', value }
    if (char !== '\\') {
      value += char
      continue
    }
    const letter = text.take()
    const escaped = ESCAPES[letter]
    if (escaped === undefined) return `unknown escape \\${letter}: write r#"..."# for text as it is`
    value += escaped
  }
}

function readAddress([whole, bits]: RegExpExecArray): Literal | string {
  const [address = ''] = whole.split('/')
  const version = isIP(address)
  const most = version === 4 ? 32 : 128
  if (version === 0 || Number(bits ?? 0) > most) return `not an address: ${whole}`
  const value: Block = {
    address,
    family: version === 4 ? 'ipv4' : 'ipv6',
    bits: Number(bits ?? most),
  }
  return { type: bits === undefined ? 'address' : 'block', value }
}

function readNumber([whole, hex, octal]: RegExpExecArray): Literal | string {
  const digits =
    hex !== undefined
      ? parseInt(hex, 16)
      : octal !== undefined
        ? parseInt(octal, 8)
        : Math.abs(Number(whole))
  if (!Number.isSafeInteger(digits)) return `the number is too large: ${whole}`
  return { type: 'number', value: whole.startsWith('-') ? -digits : digits }
}
