// A JSON object whose members can be changed by name. The values of the others stay the text that they came as: no number
// loses digits, and nothing is built that nobody looks at.
import { isJsonObject, splitMember, splitMembers } from './body-fields.js'

export class JsonObject {
  /** By name, as text; values as JSON, one character for each byte. */
  readonly #members = new Map<string, string>()

  /** Null for what is no JSON, or no object. Of several members with one name the last counts. */
  static parse(bytes: Buffer): JsonObject | null {
    if (!isJsonObject(bytes.toString('utf8'))) return null
    const text = bytes.toString('latin1')
    const object = new JsonObject()
    for (const member of splitMembers(text.slice(text.indexOf('{') + 1, text.lastIndexOf('}')))) {
      const { name, json } = splitMember(member)
      object.#members.set(name, json.trim())
    }
    return object
  }

  /** Kong: a member that is `false` counts as absent, to all but `rename`. */
  hasValue(name: string): boolean {
    const json = this.#members.get(name)
    return json !== undefined && json !== 'false'
  }

  has(name: string): boolean {
    return this.#members.has(name)
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
    const json = this.#members.get(from)
    if (json === undefined || from === to) return
    this.#members.delete(from)
    this.#members.set(to, json)
  }

  /** Makes a text a list of both, and puts the value behind those of a list; in place of all else it becomes a list. */
  append(name: string, json: string): void {
    this.#members.set(name, appended(this.#members.get(name), json))
  }

  toBuffer(): Buffer {
    const members: string[] = []
    for (const [name, json] of this.#members) members.push(`${jsonOf(name)}:${json}`)
    return Buffer.from(`{${members.join()}}`, 'latin1')
  }
}

/** A value as JSON, one character for each byte. */
export function jsonOf(value: string | number | boolean): string {
  const json = JSON.stringify(value)
  return /[^\0-\x7f]/.test(json) ? Buffer.from(json, 'utf8').toString('latin1') : json
}

function appended(current: string | undefined, json: string): string {
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
