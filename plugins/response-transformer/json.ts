// The body of a JSON answer: an object whose members are changed by name.
import { JsonObject, jsonOf, namedValue, type ConfigOf } from 'gw/plugin'
import type { schema } from './schema.js'

type Config = ConfigOf<typeof schema>
type ValueType = Config['add']['json_types'][number]

interface Member {
  readonly name: string
  readonly json: string
}

/** What is to be done, in the order in which it is done. */
export interface JsonSteps {
  readonly remove: readonly string[]
  readonly rename: readonly { readonly from: string; readonly to: string }[]
  readonly replace: readonly Member[]
  readonly add: readonly Member[]
  readonly append: readonly Member[]
}

/** Null when nothing is configured for the body. */
export function jsonSteps({ remove, rename, replace, add, append }: Config): JsonSteps | null {
  if ([remove, rename, replace, add, append].every(({ json }) => json.length === 0)) return null
  return {
    remove: remove.json.map((entry) => namedValue(entry).name),
    rename: rename.json
      .map(namedValue)
      .flatMap(({ name, value }) => (value === '' ? [] : [{ from: name, to: value }])),
    replace: membersOf(replace),
    add: membersOf(add),
    append: membersOf(append),
  }
}

/** Types belong to the entries by their place; one that its type cannot take is left out. */
function membersOf({ json, json_types }: Config['add']): Member[] {
  return json.flatMap((entry, i) => {
    const { name, value } = namedValue(entry)
    const typed = valueOf(value, json_types[i] ?? 'string')
    return typed === null ? [] : [{ name, json: jsonOf(typed) }]
  })
}

function valueOf(value: string, type: ValueType): string | number | boolean | null {
  switch (type) {
    case 'boolean':
      return value === 'true'
    case 'number': {
      const number = value.trim() === '' ? Number.NaN : Number(value)
      return Number.isFinite(number) ? number : null
    }
    case 'string':
      // Kong: no value at all is the text of nothing.
      return value === '' ? 'null' : value
  }
}

/** Null for a body that is no JSON object. */
export function changedJson(body: Buffer, steps: JsonSteps): Buffer | null {
  const object = JsonObject.parse(body)
  if (object === null) return null
  for (const name of steps.remove) object.remove(name)
  for (const { from, to } of steps.rename) object.rename(from, to)
  for (const { name, json } of steps.replace) if (object.hasValue(name)) object.set(name, json)
  for (const { name, json } of steps.add) if (!object.hasValue(name)) object.set(name, json)
  for (const { name, json } of steps.append) object.append(name, json)
  return object.toBuffer()
}

const JSON_TYPE = /^[ \t]*application\/(?:[^\s;,/]*\+)?json[ \t]*(?:;|$)/i

/** One of a list is enough. */
export function isJson(contentType: string | undefined): boolean {
  return contentType?.split(',').some((type) => JSON_TYPE.test(type)) ?? false
}
