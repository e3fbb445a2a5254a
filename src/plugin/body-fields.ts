// The fields of a request body, for plugins that look for one by name or take one out: forms, JSON objects and
// multipart forms. Taking one out leaves every other byte as it was.
import { decodedBytes } from './form-arguments.js'

export type BodyKind = 'form' | 'json' | 'multipart'

/** How much of a body is read for its fields; a longer one answers 413. Kong reads none past 8 KB. */
export const MAX_FIELDS_BYTES = 1024 * 1024

/** What kind of fields a Content-Type promises, its parameters aside; null for any other type or none. */
export function bodyKind(contentType: string | undefined): BodyKind | null {
  const end = contentType?.indexOf(';') ?? -1
  const type = (end < 0 ? contentType : contentType?.slice(0, end))?.trim().toLowerCase()
  switch (type) {
    case 'application/x-www-form-urlencoded':
      return 'form'
    case 'application/json':
      return 'json'
    case 'multipart/form-data':
      return 'multipart'
    default:
      return null
  }
}

/**
 * The fields by name. Text for forms (true for a name without `=`), any value for JSON, a list for a name that comes
 * more than once. Null when the body is not what its Content-Type says, or has no named fields.
 */
export function readFields(
  contentType: string | undefined,
  body: Buffer,
): ReadonlyMap<string, unknown> | null {
  const split = splitBody(contentType, body)
  if (split === null) return null
  const fields = new Map<string, unknown>()
  const lists = new Map<string, unknown[]>()
  for (const { name, value } of split.pieces) {
    const list = lists.get(name)
    if (list !== undefined) list.push(value)
    else if (fields.has(name)) lists.set(name, [fields.get(name), value])
    else fields.set(name, value)
  }
  for (const [name, list] of lists) fields.set(name, list)
  return fields
}

/** The body without the field; the same buffer when it has no such field, or no fields that can be read. */
export function withoutField(contentType: string | undefined, body: Buffer, name: string): Buffer {
  const split = splitBody(contentType, body)
  if (split === null) return body
  const kept = split.pieces.filter((piece) => piece.name !== name)
  if (kept.length === split.pieces.length) return body
  const text = split.head + kept.map((piece) => piece.text).join(split.separator) + split.tail
  return Buffer.from(text, 'latin1')
}

/** A body taken apart: head, pieces with the separator between them, tail. One character per byte. */
export interface SplitBody {
  readonly head: string
  readonly pieces: readonly Piece[]
  readonly separator: string
  readonly tail: string
}

export interface Piece {
  readonly name: string
  readonly value: unknown
  readonly text: string
}

function splitBody(contentType: string | undefined, body: Buffer): SplitBody | null {
  switch (bodyKind(contentType)) {
    case 'form':
      return splitForm(body.toString('latin1'))
    case 'json':
      return splitJson(body)
    case 'multipart':
      return splitMultipart(body.toString('latin1'), contentType ?? '')
    case null:
      return null
  }
}

function utf8(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8')
}

// --- application/x-www-form-urlencoded

function splitForm(bytes: string): SplitBody {
  const pieces = bytes
    .split('&')
    .filter((text) => text !== '')
    .map((text) => {
      const equals = text.indexOf('=')
      const name = utf8(decodedBytes(equals < 0 ? text : text.slice(0, equals)))
      return { name, value: equals < 0 ? true : utf8(decodedBytes(text.slice(equals + 1))), text }
    })
  return { head: '', pieces, separator: '&', tail: '' }
}

// --- application/json

function splitJson(body: Buffer): SplitBody | null {
  if (!isJsonObject(body.toString('utf8'))) return null
  const bytes = body.toString('latin1')
  const open = bytes.indexOf('{') + 1
  const close = bytes.lastIndexOf('}')
  const pieces: Piece[] = []
  for (const text of splitMembers(bytes.slice(open, close))) {
    const { name, json } = splitMember(text)
    pieces.push({ name, value: JSON.parse(utf8(json)), text })
  }
  return { head: bytes.slice(0, open), pieces, separator: ',', tail: bytes.slice(close) }
}

/** @param text one member of a JSON object, one character per byte */
export function splitMember(text: string): { readonly name: string; readonly json: string } {
  const open = text.indexOf('"')
  const close = closingQuote(text, open)
  const json = text.slice(text.indexOf(':', close) + 1)
  const name = text.slice(open + 1, close)
  // HOT PATH: with paths once for each member on the way.
  if (PLAIN_NAME.test(name)) return { name, json }
  return { name: String(JSON.parse(utf8(text.slice(open, close + 1)))), json }
}

const PLAIN_NAME = /^[ !#-[\]-~]*$/

/** Where the text ends that begins at `open`, in valid JSON. */
function closingQuote(json: string, open: number): number {
  for (let at = json.indexOf('"', open + 1); at >= 0; at = json.indexOf('"', at + 1)) {
    let escapes = 0
    while (json.charCodeAt(at - 1 - escapes) === BACKSLASH) escapes++
    if (escapes % 2 === 0) return at
  }
  return json.length
}

/** A list, too. */
export function isJsonContainer(text: string): boolean {
  const value = parsed(text)
  return typeof value === 'object' && value !== null
}

function isJsonObject(text: string): boolean {
  const value = parsed(text)
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Undefined for what is no JSON: it is the target's to judge, and has no fields here. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const QUOTE = 0x22
const COMMA = 0x2c
const OPEN_LIST = 0x5b
const BACKSLASH = 0x5c
const CLOSE_LIST = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

/** Cuts the inside of an object or list, known to be valid, at the commas of its own level. */
export function splitMembers(inside: string): string[] {
  const members: string[] = []
  let depth = 0
  let start = 0
  // HOT PATH: once for each byte of a level.
  for (let i = 0; i < inside.length; i++) {
    switch (inside.charCodeAt(i)) {
      case QUOTE:
        i = closingQuote(inside, i)
        break
      case OPEN_OBJECT:
      case OPEN_LIST:
        depth++
        break
      case CLOSE_OBJECT:
      case CLOSE_LIST:
        depth--
        break
      case COMMA:
        if (depth > 0) break
        members.push(inside.slice(start, i))
        start = i + 1
        break
    }
  }
  if (inside.slice(start).trim() !== '') members.push(inside.slice(start))
  return members
}

// --- multipart/form-data (RFC 7578)

const BOUNDARY = /;\s*boundary=(?:"([^"]+)"|([^\s;"]+))/i

export function boundaryOf(contentType: string): string | undefined {
  const found = BOUNDARY.exec(contentType)
  return found?.[1] ?? found?.[2]
}

export function splitMultipart(bytes: string, contentType: string): SplitBody | null {
  const boundary = boundaryOf(contentType)
  if (boundary === undefined) return null
  const delimiter = `--${boundary}`
  const starts = delimiterLines(bytes, delimiter)
  const last = starts.at(-1)
  if (last === undefined || !bytes.startsWith(`${delimiter}--`, last)) return null
  const pieces: Piece[] = []
  for (let i = 0; i + 1 < starts.length; i++) {
    const text = bytes.slice(starts[i], starts[i + 1])
    const headersEnd = text.indexOf('\r\n\r\n')
    if (headersEnd < 0) return null
    const name = partName(text.slice(0, headersEnd))
    // The line break before the next delimiter is the delimiter's.
    pieces.push({ name, value: utf8(text.slice(headersEnd + 4, -2)), text })
  }
  return { head: bytes.slice(0, starts[0]), pieces, separator: '', tail: bytes.slice(last) }
}

/** Where each line that begins with the delimiter starts, up to the closing one. */
function delimiterLines(bytes: string, delimiter: string): number[] {
  const starts: number[] = []
  for (let at = bytes.indexOf(delimiter); at >= 0; at = bytes.indexOf(delimiter, at + 1)) {
    if (at > 0 && bytes.slice(at - 2, at) !== '\r\n') continue
    const after = bytes.slice(at + delimiter.length, at + delimiter.length + 2)
    if (after !== '\r\n' && after !== '--') continue // a longer boundary that begins like this one
    starts.push(at)
    if (after === '--') break
  }
  return starts
}

const DISPOSITION = /\r\ncontent-disposition:\s*form-data([^\r]*)/i
const PARAMETER = /;\s*([^=;\s]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]*))/g

/** The `name` of a part; empty without one. Parameters are read in order, so that a file name cannot fake it. */
function partName(headers: string): string {
  const parameters = DISPOSITION.exec(headers)?.[1] ?? ''
  for (const [, key, quoted, plain] of parameters.matchAll(PARAMETER)) {
    if (key?.toLowerCase() !== 'name') continue
    return utf8(quoted?.replace(/\\(.)/g, '$1') ?? plain?.trim() ?? '')
  }
  return ''
}
