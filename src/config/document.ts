// A declarative file as text -> a tree of plain values that share nothing, and the places to point at.
import { ConfigError, WHOLE_FILE } from '../errors/config-error.js'
import { jsonPlaces, JsonFault } from './json.js'
import {
  LineIndex,
  nodeAt,
  offsetOf,
  repeatedKeys,
  type DocumentPath,
  type Place,
  type PlaceNode,
  type RepeatedKey,
} from './places.js'
import { MAX_BYTES } from './max-bytes.js'
import { yamlPlaces } from './yaml/places.js'
import { parseYaml, SyntaxFault, type Yaml } from './yaml/yaml.js'

/** `auto`: JSON if it is some, else YAML; for text that has no file name. */
export type Format = 'json' | 'yaml' | 'auto'

/** Counted with what aliases repeat. A file of 10,000 services has about 400,000. */
const MAX_VALUES = 3_000_000
/** Fields of one map; what has more is no entity. */
const MAX_KEYS = 10_000
/** More than a file of that size has unless most are empty. */
const MAX_LINES = 4_000_000
// The readers stop at 100; aliases of aliases can nest further.
const MAX_DEPTH = 200
// Beyond that, more of them say nothing new.
const MAX_REPEATED = 100
// Enough to see how a value begins.
const MAX_WRITTEN = 200
const PARSE_FAILED = 'failed parsing declarative configuration'

export interface Document {
  readonly value: unknown
  /** Of a value or its key; of the nearest part around it for what is not there. */
  place(path: DocumentPath, part: 'key' | 'value'): Place
  /** Keys of which Kong takes the last without a word. */
  readonly repeatedKeys: readonly RepeatedKey[]
  placeAt(offset: number): Place
  /** The source from where a value begins, cut short; undefined for what is not there. */
  written(path: DocumentPath): string | undefined
}

/**
 * @param format left out, the ending of the file's name decides, as in Kong
 * @throws ConfigError when the text cannot be read
 */
export function readDocument(text: string, file: string, format?: Format): Document {
  const how = format ?? formatOf(file)
  // A byte order mark is no part of the document, and would shift every offset.
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text
  if (Buffer.byteLength(source) > MAX_BYTES) {
    throw fault(file, `${PARSE_FAILED}: larger than ${MAX_BYTES / 1024 / 1024} MB`)
  }
  if (hasTooManyLines(source)) throw fault(file, `${PARSE_FAILED}: more than ${MAX_LINES} lines`)
  const { value, isJson, hasRepeatedKeys } = parse(source, file, how)
  measure(value, file)
  // Without an anchor nothing is shared.
  const isShared = !isJson && source.includes('&')
  const lines = lazily(() => new LineIndex(source))
  const root = lazily<PlaceNode>(() => (isJson ? jsonPlaces(source) : yamlPlaces(source)))
  return {
    value: isShared ? unshare(value) : value,
    repeatedKeys: hasRepeatedKeys ? repeatedKeys(root(), MAX_REPEATED) : [],
    placeAt: (offset) => lines().placeOf(offset),
    place: (path, part) => lines().placeOf(offsetOf(root(), path, part)),
    written: (path) => {
      const offset = nodeAt(root(), path)?.offset ?? -1
      return offset < 0 ? undefined : source.slice(offset, offset + MAX_WRITTEN)
    },
  }
}

/** By the name's ending, as Kong; beyond Kong, `.example` behind it does not count. */
function formatOf(file: string): Format {
  const name = file.replace(/\.example$/, '')
  if (name.endsWith('json')) return 'json'
  if (name.endsWith('yml') || name.endsWith('yaml')) return 'yaml'
  throw fault(file, `unknown file type: ${file}. (Accepted types: json, yaml)`)
}

interface Parsed extends Yaml {
  readonly isJson: boolean
}

function parse(text: string, file: string, format: Format): Parsed {
  if (format !== 'yaml') {
    try {
      // Whether keys are repeated, only the places tell.
      return { value: JSON.parse(text) as unknown, isJson: true, hasRepeatedKeys: true }
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
      if (format === 'json') throw jsonError(text, file)
    }
  }
  try {
    return { ...parseYaml(text), isJson: false }
  } catch (error) {
    if (!(error instanceof SyntaxFault)) throw error
    throw syntaxError(file, error.message, error.place, error.hint)
  }
}

function jsonError(text: string, file: string): ConfigError {
  try {
    jsonPlaces(text)
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error
    const place = new LineIndex(text).placeOf(error.offset)
    return syntaxError(file, `${place.line}:${place.column}: ${error.message}`, place)
  }
  return fault(file, `${PARSE_FAILED}: not JSON`)
}

/** @param message begins with a place, as in Kong */
function syntaxError(file: string, message: string, place: Place, hint?: string): ConfigError {
  const { line, column } = place
  const problem = { file, path: WHOLE_FILE, line, column, message: `${PARSE_FAILED}: ${message}` }
  return new ConfigError([hint === undefined ? problem : { ...problem, hint }])
}

function fault(file: string, message: string): ConfigError {
  return new ConfigError([{ file, path: WHOLE_FILE, line: 0, column: 0, message }])
}

/** Holds a value to the limits; what aliases repeat counts as often as it is repeated. */
function measure(value: unknown, file: string): void {
  let left = MAX_VALUES
  const visit = (item: unknown, depth: number): void => {
    if (--left < 0)
      throw fault(
        file,
        `${PARSE_FAILED}: more than ${MAX_VALUES} values, with those that aliases repeat`,
      )
    if (typeof item !== 'object' || item === null) return
    if (depth > MAX_DEPTH) throw fault(file, `${PARSE_FAILED}: nested too deeply`)
    if (Array.isArray(item)) {
      for (const each of item) visit(each, depth + 1)
      return
    }
    const values: unknown[] = Object.values(item)
    if (values.length > MAX_KEYS)
      throw fault(file, `${PARSE_FAILED}: a map with more than ${MAX_KEYS} keys`)
    for (const each of values) visit(each, depth + 1)
  }
  visit(value, 0)
}

/**
 * A copy in which no two places share an object, as they do after an alias: defaults filled in at one place must not
 * show at another.
 */
function unshare(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(unshare)
  const copy: Record<string, unknown> = {}
  for (const [key, item] of Object.entries(value)) {
    // Plain assignment of this one name would set the prototype.
    if (key !== '__proto__') copy[key] = unshare(item)
    else {
      const own = { value: unshare(item), enumerable: true, configurable: true, writable: true }
      Object.defineProperty(copy, key, own)
    }
  }
  return copy
}

function hasTooManyLines(text: string): boolean {
  // Short ones cannot have as many.
  if (text.length <= MAX_LINES) return false
  let lines = 0
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++
  return lines > MAX_LINES
}

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => (made ??= { value: make() }).value
}
