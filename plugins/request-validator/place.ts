// Where in the text of a schema something is wrong.
import { ConfigFault } from 'gw/plugin'
import { JsonFault, parseJson } from './json-text.js'

/** The text of a schema with its value, and where the parts of it stand. */
export class SchemaText {
  readonly value: unknown
  readonly #field: string
  readonly #text: string
  readonly #places = new Map<string, number>()

  /**
   * @param field path below `config`
   * @throws ConfigFault for what is no JSON
   */
  constructor(field: string, text: string) {
    this.#field = field
    this.#text = text
    try {
      this.value = parseJson(text, this.#places)
    } catch (error) {
      if (!(error instanceof JsonFault)) throw error
      throw this.#faultAt(error.offset, `is no JSON: ${error.message}`)
    }
  }

  /** @param pointer of the part at fault (RFC 6901); what the text does not hold stands at what is around it */
  fault(pointer: string, message: string, hint?: string): ConfigFault {
    let near = pointer
    while (near !== '' && !this.#places.has(near)) near = near.slice(0, near.lastIndexOf('/'))
    return this.#faultAt(this.#places.get(near) ?? 0, message, hint)
  }

  #faultAt(offset: number, message: string, hint?: string): ConfigFault {
    const before = this.#text.slice(0, offset).split('\n')
    const line = before.length
    const column = Array.from(before.at(-1) ?? '').length + 1
    return new ConfigFault(this.#field, `line ${line}, column ${column}: ${message}`, hint)
  }
}
