// The body of a JSON answer: an object or a list whose members are changed by name, or by path.
import { JsonObject, parseJson } from '../json-object.js'
import {
  addAt,
  appendAt,
  jsonPath,
  keepOnly,
  removeAt,
  renameAt,
  replaceAt,
  type JsonPath,
} from './json-path.js'
import { namedValue } from './named-value.js'
import { typedJson, type ValueType } from './typed-value.js'

interface Names {
  readonly json: readonly string[]
}

interface Values extends Names {
  readonly json_types: readonly ValueType[]
}

/** What the configurations of the plugins that change answers say of JSON. */
export interface JsonConfig {
  readonly remove: Names
  readonly rename?: { readonly json?: readonly string[] }
  readonly replace: Values
  readonly add: Values
  readonly append: Values
  readonly allow?: { readonly json?: readonly string[] | undefined }
  /** Left out: true. */
  readonly dots_in_keys?: boolean
}

interface Member {
  readonly path: JsonPath
  readonly json: string
}

/** What is to be done, in the order in which it is done. */
export interface JsonSteps {
  readonly remove: readonly JsonPath[]
  readonly rename: readonly { readonly path: JsonPath; readonly to: string }[]
  readonly replace: readonly Member[]
  readonly add: readonly Member[]
  readonly append: readonly Member[]
  /** All that may be left; empty for anything. */
  readonly allow: readonly JsonPath[]
  /** Lists have members that paths lead to. */
  readonly takesLists: boolean
}

/** Null when nothing is configured for the body. */
export function jsonSteps(config: JsonConfig): JsonSteps | null {
  const { remove, replace, add, append, dots_in_keys: dotsInKeys = true } = config
  const renames = config.rename?.json ?? []
  const allow = config.allow?.json ?? []
  const lists = [remove.json, renames, replace.json, add.json, append.json, allow]
  if (lists.every(({ length }) => length === 0)) return null
  const path = (name: string): JsonPath => jsonPath(name, dotsInKeys)
  return {
    remove: remove.json.map((entry) => path(namedValue(entry).name)),
    rename: renames
      .map(namedValue)
      .flatMap(({ name, value }) => (value === '' ? [] : [{ path: path(name), to: value }])),
    replace: membersOf(replace, path),
    add: membersOf(add, path),
    append: membersOf(append, path),
    allow: allow.map(path),
    takesLists: !dotsInKeys || allow.length > 0,
  }
}

/** Types belong to the entries by their place; one that its type cannot take is left out. */
function membersOf({ json, json_types }: Values, path: (name: string) => JsonPath): Member[] {
  return json.flatMap((entry, i) => {
    const { name, value } = namedValue(entry)
    const type = json_types[i] ?? 'string'
    // Kong: no value at all is the text of nothing.
    const typed = typedJson(type === 'string' && value === '' ? 'null' : value, type)
    return typed === null ? [] : [{ path: path(name), json: typed }]
  })
}

/** Null for a body that is no JSON object, nor a list where those are taken. */
export function changedJson(body: Buffer, steps: JsonSteps): Buffer | null {
  const root = steps.takesLists ? parseJson(body) : JsonObject.parse(body)
  if (root === null) return null
  for (const path of steps.remove) removeAt(root, path)
  for (const { path, to } of steps.rename) renameAt(root, path, to, true)
  for (const { path, json } of steps.replace) replaceAt(root, path, json)
  for (const { path, json } of steps.add) addAt(root, path, json)
  for (const { path, json } of steps.append) appendAt(root, path, json)
  if (steps.allow.length > 0) keepOnly(root, steps.allow)
  return root.toBuffer()
}

const JSON_TYPE = /^[ \t]*application\/(?:[^\s;,/]*\+)?json[ \t]*(?:;|$)/i

/** One of a list is enough. */
export function isJson(contentType: string | undefined): boolean {
  return contentType?.split(',').some((type) => JSON_TYPE.test(type)) ?? false
}
