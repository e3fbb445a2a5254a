// JSON objects and lists whose members can be changed. The values of the others stay the text that they came as: no number
// loses digits, and nothing is built that nobody looks at.
import { isJsonContainer, splitMember, splitMembers } from './body-fields.js'

/** What members can be found in: by name in an object, by place from 0 in a list. */
export type JsonContainer = JsonObject | JsonList

/** A value as JSON, one character for each byte, or taken apart. */
type Value = string | JsonContainer

/** Null for what is no JSON, or neither object nor list. */
export function parseJson(bytes: Buffer): JsonContainer | null {
  return isJsonContainer(bytes.toString('utf8')) ? opened(bytes.toString('latin1').trim()) : null
}

export class JsonObject {
  /** By name, as text. */
  readonly #members = new Map<string, Value>()

  /** Null for what is no JSON, or no object. Of several members with one name the last counts. */
  static parse(bytes: Buffer): JsonObject | null {
    const container = parseJson(bytes)
    return container instanceof JsonObject ? container : null
  }

  /** @param inside what stands between the braces of valid JSON */
  static of(inside: string): JsonObject {
    const object = new JsonObject()
    for (const member of splitMembers(inside)) {
      const { name, json } = splitMember(member)
      object.#members.set(name, json.trim())
    }
    return object
  }

  get keys(): readonly string[] {
    return [...this.#members.keys()]
  }

  /** Kong: a member that is `false` counts as absent, to all but `rename`. */
  hasValue(name: string): boolean {
    const value = this.#members.get(name)
    return value !== undefined && value !== 'false'
  }

  has(name: string): boolean {
    return this.#members.has(name)
  }

  /** Takes a member apart, for changes within it; null for what is neither object nor list. */
  open(name: string): JsonContainer | null {
    const container = containerOf(this.#members.get(name))
    if (container !== null) this.#members.set(name, container)
    return container
  }

  /** @param json as `jsonOf` makes it */
  set(name: string, json: string): void {
    this.#members.set(name, json)
  }

  remove(name: string): void {
    this.#members.delete(name)
  }

  /** The value goes over that of the new name. */
  rename(from: string, to: string): void {
    const value = this.#members.get(from)
    if (value === undefined || from === to) return
    this.#members.delete(from)
    this.#members.set(to, value)
  }

  /** Makes a text a list of both, and puts the value behind those of a list; in place of all else it becomes a list. */
  append(name: string, json: string): void {
    this.#members.set(name, appended(this.#members.get(name), json))
  }

  toString(): string {
    const members: string[] = []
    for (const [name, value] of this.#members) members.push(`${jsonOf(name)}:${String(value)}`)
    return `{${members.join()}}`
  }

  toBuffer(): Buffer {
    return Buffer.from(this.toString(), 'latin1')
  }
}

/** Keys are places in decimal, so that paths go through lists and objects alike. */
export class JsonList {
  readonly #items: Value[]

  private constructor(items: Value[]) {
    this.#items = items
  }

  /** @param inside what stands between the brackets of valid JSON */
  static of(inside: string): JsonList {
    return new JsonList(splitMembers(inside).map((item) => item.trim()))
  }

  get keys(): readonly string[] {
    return this.#items.map((_, i) => String(i))
  }

  hasValue(key: string): boolean {
    const value = this.#items[Number(key)]
    return value !== undefined && value !== 'false'
  }

  has(key: string): boolean {
    return Number(key) in this.#items
  }

  open(key: string): JsonContainer | null {
    const container = containerOf(this.#items[Number(key)])
    if (container !== null) this.#items[Number(key)] = container
    return container
  }

  set(key: string, json: string): void {
    this.#items[Number(key)] = json
  }

  /** Those behind it move up. */
  remove(key: string): void {
    this.#items.splice(Number(key), 1)
  }

  append(key: string, json: string): void {
    this.#items[Number(key)] = appended(this.#items[Number(key)], json)
  }

  toString(): string {
    return `[${this.#items.join()}]`
  }

  toBuffer(): Buffer {
    return Buffer.from(this.toString(), 'latin1')
  }
}

/** A value as JSON, one character for each byte. */
export function jsonOf(value: string | number | boolean): string {
  const json = JSON.stringify(value)
  return /[^\0-\x7f]/.test(json) ? Buffer.from(json, 'utf8').toString('latin1') : json
}

function containerOf(value: Value | undefined): JsonContainer | null {
  return typeof value === 'string' ? opened(value) : (value ?? null)
}

function opened(json: string): JsonContainer | null {
  switch (json[0]) {
    case '{':
      return JsonObject.of(json.slice(1, -1))
    case '[':
      return JsonList.of(json.slice(1, -1))
    default:
      return null
  }
}

function appended(value: Value | undefined, json: string): string {
  const current = value?.toString()
  const inside = current?.slice(1, -1).trim() ?? ''
  switch (current?.[0]) {
    case '"':
      return `[${current},${json}]`
    case '[':
      return inside === '' ? `[${json}]` : `[${inside},${json}]`
    case '{':
      // Lua has one kind of table for both: what is appended to an object gets a number for its name.
      return inside === '' ? `[${json}]` : `{${inside},"${nextNumber(inside)}":${json}}`
    default:
      return `[${json}]`
  }
}

function nextNumber(inside: string): number {
  const names = new Set(splitMembers(inside).map((member) => splitMember(member).name))
  let next = 1
  while (names.has(String(next))) next++
  return next
}
