// Mangles the text of an HTTP message where parsers have gone wrong before: at line ends, blanks, colons, digits and
// framing lines. One character per byte.
import type { Random } from './random.js'

type Mutation = (random: Random, text: string) => string

const ODD_BYTES = '\r\n\r\n\0 \t:;,"=-+_/%?#&@[]{}\\0159afxXZ\x0b\x0c\x1f\x7f\x80\x85\xa0\xe9\xff'

const ODD_TEXTS: readonly [string, ...string[]] = [
  '\r\n',
  '\r\n\r\n',
  '\n\n',
  '\r\r\n',
  '\n\r',
  '\r\n ',
  '\r\n\t',
  ' \r\n',
  '\r\n0\r\n\r\n',
  '0\r\n\r\n',
  'Content-Length: 1\r\n',
  'Content-Length: 5\r\n',
  'Content-Length: 0\r\n',
  'Content-Length: +1\r\n',
  'Content-Length: 1, 1\r\n',
  'Content-Length:\r\n',
  'Content-Length: 18446744073709551616\r\n',
  'Content-Length : 3\r\n',
  'Content-Length: 3\t\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Transfer-Encoding: chunked\t\r\n',
  'Transfer-Encoding: gzip\r\n',
  'Transfer-Encoding: gzip, chunked\r\n',
  'Transfer-Encoding: chunked, identity\r\n',
  'Transfer-Encoding: xchunked\r\n',
  'Transfer-Encoding: chunked,\r\n',
  'Transfer-Encoding:\r\n',
  'Transfer_Encoding: chunked\r\n',
  'Connection: close\r\n',
  'Connection: keep-alive\r\n',
  'Connection: close, keep-alive\r\n',
  'Connection: content-length\r\n',
  'Connection: upgrade\r\nUpgrade: websocket\r\n',
  'Host: b\r\n',
  'Host:\r\n',
  'Trailer: Content-Length\r\n',
  'Expect: 100-continue\r\n',
  'HTTP/1.1',
  'HTTP/1.0',
  'HTTP/0.9',
  'HTTP/2.0',
  ' HTTP/1.1\r\n',
  'http://b',
  'ffffffffffffffff',
  '00000000000000000',
  '0x1',
]

const insertByte: Mutation = (random, text) =>
  replaced(text, place(random, text), 0, random.text(ODD_BYTES, 1, 1))

const overwriteByte: Mutation = (random, text) =>
  replaced(text, place(random, text), 1, random.text(ODD_BYTES, 1, 1))

const anyByte: Mutation = (random, text) =>
  replaced(text, place(random, text), random.below(2), String.fromCharCode(random.below(256)))

const flipBit: Mutation = (random, text) => {
  const at = place(random, text)
  return replaced(text, at, 1, String.fromCharCode(text.charCodeAt(at) ^ (1 << random.below(8))))
}

const removeBytes: Mutation = (random, text) =>
  replaced(text, place(random, text), random.pick([1, 1, 1, 2, 2, 3, 8]), '')

const insertText: Mutation = (random, text) =>
  replaced(text, place(random, text), random.pick([0, 0, 1, 2]), random.pick(ODD_TEXTS))

/** At the beginning of a line, where most of the texts belong. */
const insertLine: Mutation = (random, text) =>
  replaced(text, lineStart(random, text), 0, random.pick(ODD_TEXTS))

const doubleLine: Mutation = (random, text) => {
  const at = lineStart(random, text)
  const line = text.slice(at, lineEnd(text, at))
  return replaced(text, lineStart(random, text), 0, line)
}

const removeLine: Mutation = (random, text) => {
  const at = lineStart(random, text)
  return replaced(text, at, lineEnd(text, at) - at, '')
}

const swapLines: Mutation = (random, text) => {
  const one = lineStart(random, text)
  const two = lineEnd(text, one)
  const end = lineEnd(text, two)
  return text.slice(0, one) + text.slice(two, end) + text.slice(one, two) + text.slice(end)
}

const changeDigit: Mutation = (random, text) => {
  const at = find(random, text, isDigit)
  return at < 0 ? text : replaced(text, at, 1, random.text('0123456789', 1, 1))
}

const changeCase: Mutation = (random, text) => {
  const at = find(random, text, isLetter)
  return at < 0 ? text : replaced(text, at, 1, String.fromCharCode(text.charCodeAt(at) ^ 0x20))
}

/** A line break that others might take for one. */
const changeBreak: Mutation = (random, text) => {
  const at = find(random, text, (code) => code === 13)
  return at < 0 ? text : replaced(text, at, 2, random.pick(['\n', '\r', '\r\r\n', '\n\r', ' \r\n']))
}

const repeat: Mutation = (random, text) => {
  const at = place(random, text)
  const piece = text.slice(at, at + 1 + random.below(12))
  return replaced(text, at, 0, piece.repeat(random.pick([1, 1, 2, 10, 40])))
}

const cutOff: Mutation = (random, text) => text.slice(0, place(random, text))

// A mutation that stands twice comes twice as often.
const MUTATIONS: readonly [Mutation, ...Mutation[]] = [
  insertByte,
  insertByte,
  insertByte,
  overwriteByte,
  overwriteByte,
  anyByte,
  flipBit,
  removeBytes,
  removeBytes,
  insertText,
  insertLine,
  insertLine,
  insertLine,
  doubleLine,
  removeLine,
  swapLines,
  changeDigit,
  changeDigit,
  changeCase,
  changeCase,
  changeBreak,
  repeat,
  cutOff,
]

/** The text with some changes, mostly one. */
export function mutate(random: Random, text: string): string {
  let result = text
  for (let left = random.pick([1, 1, 1, 1, 2, 2, 3]); left > 0; left--) {
    result = random.pick(MUTATIONS)(random, result)
  }
  return result
}

/** The beginning of one text and the end of another. */
export function splice(random: Random, first: string, second: string): string {
  return first.slice(0, place(random, first)) + second.slice(place(random, second))
}

/** Anywhere; every other time just where something begins or ends. */
function place(random: Random, text: string): number {
  const at = random.below(text.length + 1)
  if (random.percent(50)) return at
  const found = find(random, text, isBoundary)
  return found < 0 ? at : found + random.below(2)
}

/** A character of that kind, the next one from anywhere; -1 when there is none behind. */
function find(random: Random, text: string, isWanted: (code: number) => boolean): number {
  for (let at = random.below(text.length + 1); at < text.length; at++) {
    if (isWanted(text.charCodeAt(at))) return at
  }
  return -1
}

function isBoundary(code: number): boolean {
  return !isDigit(code) && !isLetter(code)
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

function isLetter(code: number): boolean {
  const lower = code | 0x20
  return lower >= 97 && lower <= 122
}

function lineStart(random: Random, text: string): number {
  return text.lastIndexOf('\n', random.below(text.length + 1) - 1) + 1
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at)
  return end < 0 ? text.length : end + 1
}

function replaced(text: string, at: number, length: number, put: string): string {
  return text.slice(0, at) + put + text.slice(at + length)
}
